//! JSON out, and JSON in with errors that say where.

use httpkit_status::StatusCode;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    error::{Error, ErrorKind, Result},
    violation::Excerpt,
};

/// Writes the body of a request into `buffer`.
pub(crate) fn encode<T: Serialize + ?Sized>(value: &T, mut buffer: Vec<u8>) -> Result<Vec<u8>> {
    match serde_json::to_writer(&mut buffer, value) {
        Ok(()) => Ok(buffer),
        Err(source) => Err(Error::new(ErrorKind::Json {
            path: ".".into(),
            status: None,
            body: Excerpt::of(&buffer),
            source,
        })
        .unsent()),
    }
}

/// Decodes the body of a response. Only where that fails is the path followed, at the price of a second run.
/// A byte order mark, which nobody should send, is passed over (RFC 8259, Section 8.1).
pub(crate) fn decode<T: DeserializeOwned>(body: &[u8], status: StatusCode) -> Result<T> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    serde_json::from_slice(body).map_err(|error| explain::<T>(error, body, status))
}

fn explain<T: DeserializeOwned>(error: serde_json::Error, body: &[u8], status: StatusCode) -> Error {
    let mut document = serde_json::Deserializer::from_slice(body);
    let (path, source) = match serde_path_to_error::deserialize::<_, T>(&mut document) {
        Ok(_) => (".".to_owned(), error),
        Err(located) => (located.path().to_string(), located.into_inner()),
    };
    Error::new(ErrorKind::Json { path, status: Some(status), body: Excerpt::of(body), source })
        .with_partial(body.to_vec())
}
