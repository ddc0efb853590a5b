//! Content, read as from one source.

use std::io::{self, Read};

use super::{ContentSource, RequestBody, Source};

/// Reads the content of a body; exactly as much as it has announced.
pub(crate) struct ContentReader<'a> {
    body: RequestBody<'a>,
    taken: u64,
}

impl<'a> ContentReader<'a> {
    pub(crate) fn new(body: RequestBody<'a>) -> ContentReader<'a> {
        ContentReader { body, taken: 0 }
    }

    /// How many bytes have been read.
    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    /// How many bytes there are, where that is known.
    pub(crate) fn length(&self) -> Option<u64> {
        self.body.length()
    }

    /// Whether reading the content waits for nobody.
    #[cfg(feature = "multipart")]
    pub(crate) fn is_at_hand(&self) -> bool {
        self.body.is_at_hand()
    }
}

impl Read for ContentReader<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let left = self.body.length().map_or(u64::MAX, |length| length - self.taken);
        let room = usize::try_from(left).map_or(target.len(), |left| left.min(target.len()));
        if room == 0 {
            return Ok(0);
        }
        let count = match self.body.source() {
            Source::None => 0,
            Source::Bytes(bytes) => {
                let start = usize::try_from(self.taken).expect("no more is taken than the bytes in memory");
                (&bytes[start..]).read(&mut target[..room])?
            }
            Source::Reader(source) => source.read(&mut target[..room])?,
        };
        if count == 0 && left != u64::MAX {
            let message = format!("the source ends {left} bytes before the length that it announced");
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, message));
        }
        self.taken += count as u64;
        Ok(count)
    }
}

impl ContentSource for ContentReader<'_> {
    fn is_replayable(&self) -> bool {
        self.body.is_replayable()
    }

    fn rewind(&mut self) -> io::Result<()> {
        self.body.rewind()?;
        self.taken = 0;
        Ok(())
    }
}
