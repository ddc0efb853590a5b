//! What content is read from.

use std::io::{self, Read};

/// Something that content is read from, once or over and over.
pub(crate) trait ContentSource: Read + Send {
    /// Whether it can be read from its beginning again.
    fn is_replayable(&self) -> bool;

    /// Goes back to the beginning, where that is possible.
    fn rewind(&mut self) -> io::Result<()>;
}

/// A reader, which can be read once.
pub(super) struct Once<R>(pub(super) R);

impl<R: Read> Read for Once<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        self.0.read(target)
    }
}

impl<R: Read + Send> ContentSource for Once<R> {
    fn is_replayable(&self) -> bool {
        false
    }

    fn rewind(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Reads the pieces of an iterator one after the other.
pub(super) struct Pieces<I: Iterator> {
    rest: I,
    current: Option<I::Item>,
    offset: usize,
}

impl<I: Iterator> Pieces<I> {
    pub(super) fn new(pieces: I) -> Pieces<I> {
        Pieces { rest: pieces, current: None, offset: 0 }
    }
}

impl<I: Iterator<Item: AsRef<[u8]>>> Read for Pieces<I> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(piece) = &self.current else {
                self.current = self.rest.next();
                self.offset = 0;
                if self.current.is_none() {
                    return Ok(0);
                }
                continue;
            };
            let count = (&piece.as_ref()[self.offset..]).read(buffer)?;
            self.offset += count;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            self.current = None;
        }
    }
}
