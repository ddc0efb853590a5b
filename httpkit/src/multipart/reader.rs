//! Reading a form, part by part.

use std::io::{self, Read};

use crate::request_body::{ContentReader, ContentSource, RequestBody};

/// What stands between the parts, and the parts.
pub(super) struct FormReader<'a> {
    pieces: Vec<ContentReader<'a>>,
    /// The piece that is read.
    current: usize,
}

impl<'a> FormReader<'a> {
    /// All pieces as one body.
    pub(super) fn into_body(pieces: Vec<RequestBody<'a>>) -> RequestBody<'a> {
        let length = pieces.iter().map(RequestBody::length).sum();
        let pieces = pieces.into_iter().map(ContentReader::new).collect();
        RequestBody::from_source(FormReader { pieces, current: 0 }, length)
    }
}

impl Read for FormReader<'_> {
    /// Fills the target with what is at hand; waits for one source at most.
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < target.len()
            && let Some(piece) = self.pieces.get_mut(self.current)
        {
            let is_at_hand = piece.is_at_hand();
            if !is_at_hand && filled > 0 {
                break;
            }
            let count = piece.read(&mut target[filled..])?;
            filled += count;
            if count == 0 {
                self.current += 1;
            } else if !is_at_hand {
                break;
            }
        }
        Ok(filled)
    }
}

impl ContentSource for FormReader<'_> {
    fn is_replayable(&self) -> bool {
        self.pieces.iter().all(ContentSource::is_replayable)
    }

    fn rewind(&mut self) -> io::Result<()> {
        self.current = 0;
        self.pieces.iter_mut().try_for_each(ContentSource::rewind)
    }
}
