//! The receive buffer: what has come and is not read yet.

use std::io;

/// Space for a first read; a head is at most as long by default, so a buffer grows only where limits did.
const CAPACITY: usize = 64 * 1024;
/// An unread rest up to this size moves to the front before a read, which may then be longer.
const SHORT: usize = 256;

/// Checks the argument of a [`consume`](io::BufRead::consume). Going on with a wrong one would skip or repeat bytes of
/// the stream, and take the next response for a part of this one.
///
/// # Panics
/// If `count` exceeds what is left of the bytes that `fill_buf` has returned.
pub(crate) fn check_consumed(count: usize, shown: usize) {
    assert!(
        count <= shown,
        "`consume` must not exceed what `fill_buf` returned: {count} bytes, {shown} are left"
    );
}

/// Bytes between a socket and a reader.
#[derive(Debug, Default)]
pub(crate) struct RecvBuffer {
    /// Initialised as a whole; allocated at the first fill.
    bytes: Box<[u8]>,
    start: usize,
    end: usize,
}

impl RecvBuffer {
    /// What has come and is not consumed.
    pub(crate) fn unread(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// The same, to be changed in place.
    pub(crate) fn unread_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[self.start..self.end]
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Drops the first `count` unread bytes.
    ///
    /// # Panics
    /// If there are fewer.
    pub(crate) fn consume(&mut self, count: usize) {
        check_consumed(count, self.end - self.start);
        self.start += count;
        if self.start == self.end {
            self.clear();
        }
    }

    pub(crate) fn clear(&mut self) {
        (self.start, self.end) = (0, 0);
    }

    /// Adds what `read` puts into the free space, and returns how much that was.
    pub(crate) fn fill<E>(&mut self, read: impl FnOnce(&mut [u8]) -> Result<usize, E>) -> Result<usize, E> {
        self.make_space();
        let count = read(&mut self.bytes[self.end..])?;
        self.end += count;
        Ok(count)
    }

    /// Copies unread bytes into `target` and consumes them.
    pub(crate) fn read(&mut self, target: &mut [u8]) -> usize {
        let count = target.len().min(self.end - self.start);
        target[..count].copy_from_slice(&self.bytes[self.start..self.start + count]);
        self.consume(count);
        count
    }

    fn make_space(&mut self) {
        let is_short_rest = self.start > 0 && self.end - self.start <= SHORT;
        if self.bytes.is_empty() {
            self.bytes = vec![0; CAPACITY].into_boxed_slice();
        } else if self.end == self.bytes.len() || is_short_rest {
            if self.start > 0 {
                self.bytes.copy_within(self.start..self.end, 0);
            } else {
                let mut grown = std::mem::take(&mut self.bytes).into_vec();
                grown.resize(grown.len() * 2, 0);
                self.bytes = grown.into_boxed_slice();
            }
            self.end -= self.start;
            self.start = 0;
        }
    }
}

/// Reads from the front, as from a file.
impl io::Read for RecvBuffer {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        Ok(RecvBuffer::read(self, target))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(buffer: &mut RecvBuffer, byte: u8, count: usize) -> usize {
        buffer
            .fill(|space| {
                let count = count.min(space.len());
                space[..count].fill(byte);
                Ok::<_, ()>(count)
            })
            .unwrap()
    }

    #[test]
    fn unread_bytes_survive_moving_and_growing() {
        let mut buffer = RecvBuffer::default();
        assert_eq!(fill(&mut buffer, 1, CAPACITY), CAPACITY);
        buffer.consume(CAPACITY - 3);
        assert_eq!(fill(&mut buffer, 2, CAPACITY), CAPACITY - 3);
        assert_eq!(fill(&mut buffer, 3, 5), 5);
        let mut expected = vec![1; 3];
        expected.extend(vec![2; CAPACITY - 3]);
        expected.extend([3; 5]);
        assert_eq!(buffer.unread(), expected);
        assert_eq!(RecvBuffer::read(&mut buffer, &mut [0; 4]), 4);
        assert_eq!(buffer.unread(), &expected[4..]);
    }
}
