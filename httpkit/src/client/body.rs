//! The body of a response, on its way.

use std::{
    fmt,
    io::{self, BufRead, Read},
};

use httpkit_status::StatusCode;

use super::{incoming::Incoming, provenance::Provenance};
#[cfg(feature = "macros")]
use crate::connection::HttpConnection;
#[cfg(feature = "__tls")]
use crate::net::TlsSession;
use crate::{
    coding::Decoder,
    connection::{BufferPool, Upgraded},
    error::{Error, ErrorKind, Result},
    headers::Headers,
    limits::Limits,
    wire::ResponseHead,
};

/// The body of a [`Response`](crate::Response): read through [`Read`] or [`BufRead`], as it comes. Content
/// codings that the client has asked for are undone on the way.
///
/// At its end the connection goes back to the pool. Dropped before, what has come already is passed over, and
/// the connection is closed if that was not all.
pub struct Body {
    incoming: Incoming,
    /// There where content codings are undone.
    decoder: Option<Box<Decoder>>,
}

impl Body {
    /// The body behind this head; `decode` says whether its content codings are to be undone.
    #[inline]
    pub(super) fn new(mut incoming: Incoming, head: &ResponseHead, decode: bool) -> Body {
        // Part of what is encoded cannot be decoded, nor need be what is not there.
        let can_be = head.is_coded && !incoming.is_read() && head.status != StatusCode::PARTIAL_CONTENT;
        let decoder =
            if decode && can_be { Decoder::for_response(&head.headers, incoming.limits()) } else { None };
        if decoder.is_some() {
            incoming.begin_decoding();
        }
        Body { incoming, decoder }
    }

    /// A body that is read as it is.
    pub(super) fn of(incoming: Incoming) -> Body {
        Body { incoming, decoder: None }
    }

    /// The trailers, once the body has been read (RFC 9112, Section 7.1.2).
    pub fn trailers(&self) -> &Headers {
        self.incoming.trailers()
    }

    /// Whether reading undoes content codings.
    pub fn is_decoded(&self) -> bool {
        self.decoder.is_some()
    }

    #[cfg(feature = "__tls")]
    pub(super) fn tls_session(&self) -> Option<&TlsSession> {
        self.incoming.tls_session()
    }

    /// Reads the rest, at most 64 MiB unless the limits of the client say otherwise.
    pub(super) fn collect(&mut self) -> Result<Vec<u8>> {
        let Some(decoder) = &mut self.decoder else {
            return self.incoming.collect();
        };
        let mut bytes = decode_all(decoder, &mut self.incoming, Vec::new())?;
        bytes.shrink_to_fit();
        Ok(bytes)
    }

    /// Shows the rest to `sink`, piece by piece where it lies, and returns how long it was.
    pub(super) fn pass_on(&mut self, mut sink: impl FnMut(&[u8]) -> Result<()>) -> Result<u64> {
        let mut total = 0;
        loop {
            let bytes = self.fill_buf()?;
            let count = bytes.len();
            if count == 0 {
                return Ok(total);
            }
            sink(bytes)?;
            self.consume(count);
            total += count as u64;
        }
    }

    /// Reads up to `limit` bytes, and says whether there was more or the rest could not be read.
    pub(super) fn collect_start(&mut self, limit: usize) -> (Vec<u8>, bool) {
        let Some(decoder) = &mut self.decoder else {
            return self.incoming.collect_start(limit);
        };
        let mut bytes = Vec::new();
        let collected = decoder.collect(&mut self.incoming, &mut bytes, limit);
        let is_whole = collected.and_then(|()| decoder.is_over(&mut self.incoming)).unwrap_or(false);
        (bytes, !is_whole)
    }

    /// Shows the whole of the body to `decode`.
    #[cfg(feature = "json")]
    pub(super) fn with_bytes<T>(&mut self, decode: impl FnOnce(&[u8]) -> T) -> Result<T> {
        let Some(decoder) = &mut self.decoder else {
            return self.incoming.with_bytes(decode);
        };
        let buffer = self.incoming.take_buffer();
        let bytes = decode_all(decoder, &mut self.incoming, buffer)?;
        let value = decode(&bytes);
        self.incoming.give_buffer_back(bytes);
        Ok(value)
    }

    /// Reads and drops the rest, if its length is known and short: the connection can serve again then.
    #[cfg(feature = "macros")]
    pub(super) fn pass_over_short_rest(&mut self) {
        self.incoming.pass_over_short_rest();
    }

    /// Reads and drops the rest, as far as that takes little.
    pub(super) fn drain(&mut self) {
        self.incoming.drain();
    }

    /// The stream, where the response switched protocols or opened a tunnel.
    pub(super) fn take_upgraded(&mut self) -> Option<Upgraded> {
        self.incoming.take_upgraded()
    }

    pub(super) fn provenance(&self) -> &Provenance {
        self.incoming.provenance()
    }

    pub(super) fn limits(&self) -> &Limits {
        self.incoming.limits()
    }

    /// Changes how the rest is read; nothing if it has been read.
    #[cfg(feature = "macros")]
    pub(super) fn change_connection(&mut self, change: fn(&mut HttpConnection)) {
        self.incoming.change_connection(change);
    }

    pub(super) fn buffers(&self) -> Option<&BufferPool> {
        self.incoming.buffers()
    }
}

/// Appends the whole of the decoded body to `bytes`, within the limit on collected bodies.
fn decode_all(decoder: &mut Decoder, incoming: &mut Incoming, mut bytes: Vec<u8>) -> Result<Vec<u8>> {
    let limit = incoming.limits().collected_bytes.value;
    let collected = decoder.collect(incoming, &mut bytes, limit);
    match collected.and_then(|()| decoder.is_over(incoming)) {
        Ok(true) => Ok(bytes),
        Ok(false) => {
            let error = Error::from(ErrorKind::from(incoming.limits().collected_excess()));
            Err(incoming.decoding_failed(error.with_partial(bytes)))
        }
        Err(error) => Err(incoming.decoding_failed(error.with_partial(bytes))),
    }
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.decoder {
            Some(decoder) => {
                let read = decoder.read(&mut self.incoming, buffer);
                Ok(read.map_err(|error| self.incoming.decoding_failed(error))?)
            }
            None => self.incoming.read(buffer),
        }
    }
}

impl BufRead for Body {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match &mut self.decoder {
            Some(decoder) => {
                let filled = decoder.fill(&mut self.incoming);
                Ok(filled.map_err(|error| self.incoming.decoding_failed(error))?)
            }
            None => self.incoming.fill_buf(),
        }
    }

    /// Drops bytes that `fill_buf` has returned.
    ///
    /// # Panics
    /// If `count` exceeds what is left of them.
    fn consume(&mut self, count: usize) {
        match &mut self.decoder {
            Some(decoder) => decoder.consume(count),
            None => self.incoming.consume(count),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("is_read", &self.incoming.is_read())
            .field("is_decoded", &self.is_decoded())
            .finish_non_exhaustive()
    }
}
