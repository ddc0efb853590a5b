//! Bodies that are collected in memory.

use super::HttpConnection;
use crate::error::{ErrorKind, Result};

/// So much of a body is waited for without a claim to it.
const STEP: usize = 64 * 1024;

impl HttpConnection {
    /// Reads the rest of the body behind what is in `bytes` already, within the limit for collected bodies.
    pub(crate) fn collect_body(&mut self, bytes: Vec<u8>) -> Result<Vec<u8>> {
        let limit = self.bounds.limits.collected_bytes.value;
        let (bytes, result) = self.collect_up_to(bytes, limit);
        match result.and_then(|()| self.is_body_over()) {
            Ok(true) => Ok(bytes),
            Ok(false) => {
                let excess = self.bounds.limits.collected_excess();
                Err(self.fail_body(ErrorKind::from(excess)).with_partial(bytes))
            }
            Err(error) => Err(error.with_partial(bytes)),
        }
    }

    /// Reads until there are `limit` bytes, or the body has ended.
    pub(crate) fn collect_up_to(&mut self, mut bytes: Vec<u8>, limit: usize) -> (Vec<u8>, Result<()>) {
        let mut collected = Ok(());
        while collected.is_ok() && !self.is_body_read() && bytes.len() < limit {
            let room = limit - bytes.len();
            let left = self.body_left().map_or(0, |left| usize::try_from(left).unwrap_or(usize::MAX));
            collected = if left > STEP && self.content_at_hand() == 0 {
                self.read_into_space(&mut bytes, left.min(room))
            } else {
                self.append_content(&mut bytes, left, room)
            };
        }
        (bytes, collected)
    }

    /// Reads up to `limit` bytes, and says whether there was more or the rest could not be read.
    pub(crate) fn collect_start(&mut self, limit: usize) -> (Vec<u8>, bool) {
        let (bytes, result) = self.collect_up_to(Vec::new(), limit);
        let is_whole = result.and_then(|()| self.is_body_over()).unwrap_or(false);
        (bytes, !is_whole)
    }

    /// Whether the body has ended; waits for its next byte to know.
    pub(crate) fn is_body_over(&mut self) -> Result<bool> {
        Ok(self.is_body_read() || self.fill_body()?.is_empty())
    }

    /// Appends what is in the buffer, waiting for some if there is nothing.
    fn append_content(&mut self, bytes: &mut Vec<u8>, left: usize, room: usize) -> Result<()> {
        let content = self.fill_body()?;
        let count = content.len().min(room);
        if left > count && bytes.capacity() - bytes.len() < left {
            bytes.reserve_exact(claimed(bytes, left));
        }
        bytes.extend_from_slice(&content[..count]);
        self.consume_body(count);
        Ok(())
    }

    /// Reads past the buffer, into space that is zeroed before. It is filled before there is more of it, so that no
    /// byte is zeroed twice.
    fn read_into_space(&mut self, bytes: &mut Vec<u8>, left: usize) -> Result<()> {
        let mut length = bytes.len();
        bytes.resize(length + claimed(bytes, left), 0);
        while length < bytes.len() {
            match self.read_body(&mut bytes[length..]) {
                Ok(count) => length += count,
                Err(error) => {
                    bytes.truncate(length);
                    return Err(error);
                }
            }
        }
        Ok(())
    }
}

/// How much of the rest of a body there is space for behind its beginning. A length that was announced is a claim: no
/// more is reserved on its account than has come already.
fn claimed(bytes: &[u8], left: usize) -> usize {
    left.min(STEP.max(bytes.len()))
}
