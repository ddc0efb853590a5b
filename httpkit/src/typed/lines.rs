//! Bodies whose lines are JSON.

use std::{fmt, iter::FusedIterator, marker::PhantomData};

use memchr::memchr;
use serde::de::DeserializeOwned;

use super::{from_response::FromResponse, named_body::NamedBody};
use crate::{
    client::Response,
    error::{Error, ErrorKind, Result},
    json::{self, Misfit},
    limits::Excess,
};

/// The values of a body that has one in each line, as JSON, read as they come: NDJSON, or JSON Lines.
///
/// As the return type of a method, it is an iterator that waits for the next line and decodes it. Lines end in
/// `\n` or `\r\n`, the last one also with the body; blank ones are passed over. Dropped before the end, it never
/// waits, and closes the connection unless the rest has come already.
///
/// A line that does not match `T` is [`ErrorKind::JsonLine`], with the line in [`Error::partial`]. The iterator then
/// continues with the next line. Other errors end it: [`ErrorKind::IncompleteRead`] if the body is truncated,
/// [`ErrorKind::Timeout`] if no byte arrives within [`Timeouts::between_bytes`](crate::Timeouts::between_bytes), and
/// [`ErrorKind::TooLarge`] for a line beyond the limit. A total timeout limits only the wait for the response head.
///
/// ```
/// use httpkit::{Lines, Result, http_client, testing::{Reply, Server}};
///
/// #[derive(serde::Deserialize)]
/// struct Entry {
///     level: String,
///     text: String,
/// }
///
/// #[http_client]
/// trait Logs {
///     #[get("/logs/{service}{?follow}")]
///     fn entries(&self, service: &str, follow: bool) -> Result<Lines<Entry>>;
/// }
///
/// let server = Server::start(|_| {
///     Reply::new(200).body("{\"level\":\"info\",\"text\":\"up\"}\n{\"level\":\"warn\",\"text\":\"hot\"}\n")
/// });
/// let logs = LogsClient::builder().base(server.url("")).build()?;
/// let mut warnings = Vec::new();
/// for entry in logs.entries("oven", true)? {
///     let entry = entry?;
///     if entry.level == "warn" {
///         warnings.push(entry.text);
///     }
/// }
/// assert_eq!(warnings, ["hot"]);
/// # Ok::<(), httpkit::Error>(())
/// ```
#[must_use = "lines are read when they are asked for"]
pub struct Lines<T> {
    reader: NamedBody,
    /// What has come of the line that is being read; else the last one.
    line: Vec<u8>,
    /// Which one that is, from 1.
    number: u64,
    max_line_bytes: usize,
    is_over: bool,
    makes: PhantomData<fn() -> T>,
}

impl<T> Lines<T> {
    /// How many bytes a line may have, without its `\n`. Defaults to
    /// [`Limits::max_collected_bytes`](crate::Limits) of the client, 64 MiB.
    pub fn max_line_bytes(mut self, limit: usize) -> Lines<T> {
        self.max_line_bytes = limit;
        self
    }

    /// Reads a line; `false` where the body has none any more.
    fn read_line(&mut self) -> Result<bool> {
        self.line.clear();
        self.number += 1;
        loop {
            let bytes = self.reader.fill()?;
            if bytes.is_empty() {
                return Ok(!self.line.is_empty());
            }
            let end = memchr(b'\n', bytes);
            let length = end.unwrap_or(bytes.len());
            if length > self.max_line_bytes - self.line.len() {
                let excess = Excess::bytes("line", self.max_line_bytes, "Lines::max_line_bytes");
                return Err(self.reader.blame(ErrorKind::from(excess).into()));
            }
            self.line.extend_from_slice(&bytes[..length]);
            self.reader.consume(length + usize::from(end.is_some()));
            if end.is_some() {
                return Ok(true);
            }
        }
    }
}

impl<T: DeserializeOwned> Lines<T> {
    fn decode_line(&self) -> Result<T> {
        let line = self.line.strip_suffix(b"\r").unwrap_or(&self.line);
        json::read(line).map_err(|Misfit { path, source }| {
            let (status, found) = (self.reader.status(), json::excerpt(line, &source));
            let error = Error::new(ErrorKind::JsonLine { line: self.number, path, status, found, source });
            self.reader.blame(error.with_partial(line.to_vec()))
        })
    }
}

impl<T: DeserializeOwned> Iterator for Lines<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        while !self.is_over {
            match self.read_line() {
                Ok(true) if self.line.trim_ascii().is_empty() => {}
                Ok(true) => return Some(self.decode_line()),
                Ok(false) => self.is_over = true,
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

impl<T: DeserializeOwned> FusedIterator for Lines<T> {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> FromResponse for Lines<T> {
    fn accept() -> Option<&'static str> {
        Some("application/x-ndjson, application/jsonl, */*;q=0.5")
    }

    fn from_response(response: Response) -> Result<Lines<T>> {
        let reader = NamedBody::new(response);
        Ok(Lines {
            max_line_bytes: reader.max_collected_bytes(),
            reader,
            line: Vec::new(),
            number: 0,
            is_over: false,
            makes: PhantomData,
        })
    }

    fn is_stream() -> bool {
        true
    }

    fn for_endpoint(mut self, name: &'static str) -> Lines<T> {
        self.reader.set_endpoint(name);
        self
    }
}

/// Nothing of the content.
impl<T> fmt::Debug for Lines<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines")
            .field("number", &self.number)
            .field("is_over", &self.is_over)
            .finish_non_exhaustive()
    }
}
