//! The chunks of a body, put together where they lie.

use crate::{
    headers::Headers,
    limits::Limits,
    net::RecvBuffer,
    wire::{ChunkedDecoder, Strictness, WireError},
};

/// Data up to this size moves up to that of the chunk before. To show it by itself would cost more than to copy it.
const MOVED: usize = 1024;

/// What is left of a chunked body. What can be read of it at once may be of several chunks.
#[derive(Debug)]
pub(super) struct Chunks {
    decoder: ChunkedDecoder,
    /// So many bytes at the front of the buffer are data that the decoder has passed ...
    data: usize,
    /// ... and so many behind them are of no use.
    gap: usize,
}

impl Chunks {
    pub(super) fn new(limits: &Limits, strictness: Strictness) -> Chunks {
        Chunks { decoder: ChunkedDecoder::new(limits, strictness), data: 0, gap: 0 }
    }

    /// How much data of the current chunk has not come into the buffer.
    pub(super) fn announced(&self) -> u64 {
        self.decoder.data()
    }

    /// How many bytes at the front of the buffer are data. An error is about what stands behind them.
    pub(super) fn ready(&mut self, buffer: &mut RecvBuffer) -> (usize, Result<(), WireError>) {
        let mut result = Ok(());
        if self.data == 0 {
            buffer.consume(std::mem::take(&mut self.gap));
            result = self.pass_framing(buffer);
            if result.is_ok() {
                result = self.join(buffer.unread_mut());
            }
        }
        (self.data, result)
    }

    /// Whether there is data that was passed and not consumed.
    pub(super) fn has_data(&self) -> bool {
        self.data > 0
    }

    /// Drops the framing before the next data.
    fn pass_framing(&mut self, buffer: &mut RecvBuffer) -> Result<(), WireError> {
        loop {
            match self.decoder.advance(buffer.unread_mut())? {
                0 => return Ok(()),
                framing => buffer.consume(framing),
            }
        }
    }

    /// Puts the data of short chunks behind the data that `unread` begins with.
    fn join(&mut self, unread: &mut [u8]) -> Result<(), WireError> {
        self.data = self.take(unread);
        let mut passed = self.data;
        while self.data > 0 {
            let framing = self.decoder.advance(&mut unread[passed..])?;
            passed += framing;
            self.gap = passed - self.data;
            if self.data_in(&unread[passed..]) > MOVED {
                break;
            }
            let count = self.take(&unread[passed..]);
            if framing + count == 0 {
                break;
            }
            unread.copy_within(passed..passed + count, self.data);
            passed += count;
            self.data += count;
        }
        Ok(())
    }

    /// How many bytes of `unread` are data of the current chunk.
    fn data_in(&self, unread: &[u8]) -> usize {
        usize::try_from(self.decoder.data()).map_or(unread.len(), |data| data.min(unread.len()))
    }

    /// The same, passed.
    fn take(&mut self, unread: &[u8]) -> usize {
        let count = self.data_in(unread);
        if count > 0 {
            self.decoder.consume(count as u64);
        }
        count
    }

    /// Notes that data was read, from the buffer or directly from the stream.
    pub(super) fn consume(&mut self, count: usize) {
        if self.data > 0 {
            self.data -= count;
        } else if count > 0 {
            self.decoder.consume(count as u64);
        }
    }

    /// Whether the last chunk and the trailers have been passed, and all data read.
    pub(super) fn is_done(&self) -> bool {
        self.data == 0 && self.decoder.is_done()
    }

    /// Whether the connection may end here: `Compat` forgives a last chunk that is missing.
    pub(super) fn may_end_here(&self) -> bool {
        self.is_done() || self.decoder.may_end_here()
    }

    /// Whether anything was met that a sender must not send.
    pub(super) fn deviates(&self) -> bool {
        self.decoder.deviates()
    }

    pub(super) fn into_trailers(self) -> Headers {
        self.decoder.into_trailers()
    }
}
