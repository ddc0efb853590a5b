//! The body of a response as it comes: free of its framing, with its content codings.

use std::{
    io::{self, BufRead, Cursor, Read},
    sync::Arc,
    time::Instant,
};

use super::{onlookers::Onlookers, provenance::Provenance};
#[cfg(feature = "__tls")]
use crate::net::TlsSession;
use crate::{
    coding::Source,
    config::Bounds,
    connection::{BufferPool, Expiry, HttpConnection, Upgraded},
    error::{Error, ErrorKind, Result},
    exchange::Engine,
    headers::Headers,
    limits::Limits,
    net::check_consumed,
    pool::Lease,
};

/// A rest of a body up to so many bytes is worth reading, for the connection to serve again.
#[cfg(feature = "macros")]
const SHORT_REST: u64 = 64 * 1024;

/// A body, and the connection that it comes on until it has been read.
pub(super) struct Incoming {
    /// Gone when the body has been read.
    connection: Option<Lease>,
    /// What no connection brings.
    made: Option<Box<Cursor<Vec<u8>>>>,
    /// What the connection goes back to, and who it is that reads.
    engine: Option<Arc<Engine>>,
    /// The bounds of the request, if they are not those of the client.
    bounds: Option<Arc<Bounds>>,
    trailers: Headers,
    onlookers: Option<Box<Onlookers>>,
    provenance: Provenance,
    /// Whether the body is decoded. Then some of it may be left to decode when the connection has been returned.
    is_decoded: bool,
    /// The deadline and the tokens of the exchange, kept for that time.
    expiry: Option<Box<Expiry>>,
}

impl Incoming {
    #[inline]
    pub(super) fn new(
        connection: Lease,
        engine: Arc<Engine>,
        bounds: Option<Arc<Bounds>>,
        provenance: Provenance,
        onlookers: Option<Box<Onlookers>>,
    ) -> Incoming {
        let connection = Some(connection);
        let (engine, trailers) = (Some(engine), Headers::new());
        let mut incoming = Incoming {
            connection,
            made: None,
            engine,
            bounds,
            trailers,
            onlookers,
            provenance,
            is_decoded: false,
            expiry: None,
        };
        incoming.release_at_end();
        incoming
    }

    /// Content that no connection brings.
    pub(super) fn made(content: Vec<u8>, began: Instant) -> Incoming {
        Incoming {
            connection: None,
            made: Some(Box::new(Cursor::new(content))),
            engine: None,
            bounds: None,
            trailers: Headers::new(),
            onlookers: None,
            provenance: Provenance::none(began),
            is_decoded: false,
            expiry: None,
        }
    }

    /// The rest of what no connection brings.
    fn take_made(&mut self) -> Vec<u8> {
        let Some(made) = self.made.take() else { return Vec::new() };
        let read = read_of(&made);
        let mut bytes = made.into_inner();
        bytes.drain(..read);
        bytes
    }

    pub(super) fn trailers(&self) -> &Headers {
        &self.trailers
    }

    #[cfg(feature = "__tls")]
    pub(super) fn tls_session(&self) -> Option<&TlsSession> {
        self.provenance.tls_session()
    }

    pub(super) fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The limits of the request; the defaults if no client has sent one.
    pub(super) fn limits(&self) -> &Limits {
        static DEFAULTS: Limits = Limits::new();
        match (&self.bounds, &self.engine) {
            (Some(bounds), _) => &bounds.limits,
            (None, Some(engine)) => &engine.connections.bounds.limits,
            (None, None) => &DEFAULTS,
        }
    }

    /// Prepares for a decoder, which applies the limit on the body to its output.
    pub(super) fn begin_decoding(&mut self) {
        self.is_decoded = true;
        self.change_connection(HttpConnection::lift_body_limit);
    }

    /// Changes how the rest is read; nothing if it has been read.
    pub(super) fn change_connection(&mut self, change: fn(&mut HttpConnection)) {
        if let Some(connection) = &mut self.connection {
            change(connection);
        }
    }

    /// Where buffers come from and go to.
    pub(super) fn buffers(&self) -> Option<&BufferPool> {
        Some(&self.engine.as_ref()?.buffers)
    }

    /// A buffer to collect the body in.
    #[cfg(feature = "json")]
    pub(super) fn take_buffer(&self) -> Vec<u8> {
        self.buffers().map(BufferPool::take_body).unwrap_or_default()
    }

    /// Takes the buffer back.
    #[cfg(feature = "json")]
    pub(super) fn give_buffer_back(&self, buffer: Vec<u8>) {
        if let Some(buffers) = self.buffers() {
            buffers.give_body_back(buffer);
        }
    }

    /// Whether the body has been read to its end, or there is none.
    pub(super) fn is_read(&self) -> bool {
        let is_made_read = |made: &Cursor<Vec<u8>>| made.position() == made.get_ref().len() as u64;
        self.connection.is_none() && self.made.as_deref().is_none_or(is_made_read)
    }

    /// Reads the rest, within the limit on collected bodies.
    pub(super) fn collect(&mut self) -> Result<Vec<u8>> {
        if self.is_followed() {
            return self.collect_followed(Vec::new());
        }
        let Some(connection) = &mut self.connection else { return Ok(self.take_made()) };
        let collected = connection.collect_body(Vec::new());
        let bytes = collected.map_err(|error| self.failed(error))?;
        self.count(bytes.len());
        self.release_at_end();
        Ok(bytes)
    }

    /// Reads up to `limit` bytes, and says whether there was more or the rest could not be read.
    pub(super) fn collect_start(&mut self, limit: usize) -> (Vec<u8>, bool) {
        let Some(connection) = &mut self.connection else {
            let mut bytes = self.take_made();
            let is_more = bytes.len() > limit;
            bytes.truncate(limit);
            return (bytes, is_more);
        };
        let start = connection.collect_start(limit);
        self.count(start.0.len());
        self.release_at_end();
        start
    }

    /// Whether somebody wants to know of each piece that comes.
    fn is_followed(&self) -> bool {
        self.onlookers.as_ref().is_some_and(|onlookers| onlookers.follow())
    }

    /// As [`collect`](Incoming::collect), piece by piece, behind what is in `bytes` already.
    #[cold]
    fn collect_followed(&mut self, mut bytes: Vec<u8>) -> Result<Vec<u8>> {
        let limit = self.limits().collected_bytes.value;
        loop {
            let piece = match self.fill_buf() {
                Ok(piece) => piece,
                Err(error) => return Err(Error::from(error).with_partial(bytes)),
            };
            let count = piece.len().min(limit - bytes.len());
            if piece.is_empty() {
                return Ok(bytes);
            }
            bytes.extend_from_slice(&piece[..count]);
            self.consume(count);
            if count == 0 {
                let error =
                    Error::from(ErrorKind::from(self.limits().collected_excess())).with_partial(bytes);
                return Err(self.failed(error));
            }
        }
    }

    /// Shows the whole of the body to `decode`: in the receive buffer, where it has come whole, without a
    /// copy.
    #[cfg(feature = "json")]
    pub(super) fn with_bytes<T>(&mut self, decode: impl FnOnce(&[u8]) -> T) -> Result<T> {
        if self.is_followed() {
            let bytes = self.collect_followed(self.take_buffer())?;
            let decoded = decode(&bytes);
            self.give_buffer_back(bytes);
            return Ok(decoded);
        }
        let limit = self.limits().collected_bytes.value;
        let Some(connection) = &mut self.connection else {
            return Ok(decode(&self.take_made()));
        };
        let left = connection.body_left();
        if let Err(error) = connection.fill_body() {
            return Err(self.failed(error));
        }
        let at_hand = connection.fill_body()?;
        if left == Some(at_hand.len() as u64) && at_hand.len() <= limit {
            let decoded = decode(at_hand);
            let count = at_hand.len();
            connection.consume_body(count);
            self.count(count);
            self.release_at_end();
            return Ok(decoded);
        }
        let buffer = self.engine.as_ref().map_or_else(Vec::new, |engine| engine.buffers.take_body());
        let collected = connection.collect_body(buffer);
        let bytes = collected.map_err(|error| self.failed(error))?;
        self.count(bytes.len());
        self.release_at_end();
        let decoded = decode(&bytes);
        self.give_buffer_back(bytes);
        Ok(decoded)
    }

    /// Reads and drops the rest, if its length is known and short: the connection can serve again then.
    #[cfg(feature = "macros")]
    pub(super) fn pass_over_short_rest(&mut self) {
        let left = self.connection.as_ref().and_then(|connection| connection.body_left());
        if left.is_some_and(|left| left <= SHORT_REST) {
            self.drain();
        }
    }

    /// Reads and drops the rest, as far as that takes little.
    pub(super) fn drain(&mut self) {
        self.made = None;
        if let Some(mut connection) = self.connection.take() {
            let bytes = connection.drain_body();
            self.count(bytes);
            self.release(connection);
        }
    }

    /// The stream, where the response switched protocols or opened a tunnel.
    pub(super) fn take_upgraded(&mut self) -> Option<Upgraded> {
        self.connection.as_mut().and_then(|connection| connection.take_upgraded())
    }

    fn release_at_end(&mut self) {
        if let Some(connection) =
            self.connection.take_if(|connection| connection.is_body_read() && !connection.is_upgraded())
        {
            self.release(connection);
        }
    }

    fn release(&mut self, mut connection: Lease) {
        if self.is_decoded {
            self.expiry = Some(Box::new(connection.expiry()));
        }
        self.trailers = connection.take_trailers();
        if let Some(engine) = &self.engine {
            engine.pool.check_in(connection);
        }
        if let Some(onlookers) = self.onlookers.take() {
            onlookers.finish();
        }
    }

    /// Tells that the body cannot be read to its end, where somebody looks on.
    #[cold]
    pub(super) fn failed(&mut self, error: Error) -> Error {
        if let Some(onlookers) = self.onlookers.take() {
            onlookers.fail(&error);
        }
        error
    }

    /// Closes the connection unless it has been returned, because the body cannot be decoded.
    #[cold]
    pub(super) fn decoding_failed(&mut self, error: Error) -> Error {
        let error = match &mut self.connection {
            Some(connection) => connection.fail_body(error),
            None => error,
        };
        self.failed(error)
    }

    /// Notes that bytes have been read, where somebody looks on.
    fn count(&mut self, bytes: usize) {
        if let Some(onlookers) = &mut self.onlookers {
            onlookers.count(bytes);
        }
    }
}

/// How much of a body in memory has been read.
fn read_of(made: &Cursor<Vec<u8>>) -> usize {
    usize::try_from(made.position()).expect("no more is read than there is in memory")
}

impl Read for Incoming {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(connection) = &mut self.connection else {
            return self.made.as_mut().map_or(Ok(0), |made| made.read(buffer));
        };
        let count = connection.read_body(buffer).map_err(|error| self.failed(error))?;
        self.count(count);
        self.release_at_end();
        Ok(count)
    }
}

impl BufRead for Incoming {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let filled = self.connection.as_mut().map(|connection| connection.fill_body().map(drop));
        if let Some(Err(error)) = filled {
            return Err(self.failed(error).into());
        }
        self.release_at_end();
        match &mut self.connection {
            Some(connection) => Ok(connection.fill_body()?),
            None => self.made.as_mut().map_or(Ok(&[]), |made| made.fill_buf()),
        }
    }

    fn consume(&mut self, count: usize) {
        match (&mut self.connection, &mut self.made) {
            (Some(connection), _) => connection.consume_body(count),
            (None, Some(made)) => {
                check_consumed(count, made.get_ref().len() - read_of(made));
                made.consume(count);
            }
            (None, None) => check_consumed(count, 0),
        }
        self.count(count);
        self.release_at_end();
    }
}

impl Source for Incoming {
    fn check(&mut self) -> Result<()> {
        match (&mut self.connection, &self.expiry) {
            (Some(connection), _) => connection.check_body(),
            (None, Some(expiry)) => expiry.check(),
            (None, None) => Ok(()),
        }
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            connection.leave_body();
            self.release(connection);
        }
    }
}
