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
        Err(source) => Err(Error::new(ErrorKind::SerializeJson(source)).unsent()),
    }
}

/// Decodes the body of a response.
pub(crate) fn decode<T: DeserializeOwned>(body: &[u8], status: StatusCode) -> Result<T> {
    read(body).map_err(|Misfit { path, source }| {
        let found = excerpt(body, &source);
        Error::new(ErrorKind::Json { path, status: Some(status), found, source }).with_partial(body.to_vec())
    })
}

/// How a document begins that is no JSON at all, such as an HTML page. A document that is JSON and does not match the type
/// may be a token response, so nothing of it is shown.
pub(crate) fn excerpt(document: &[u8], error: &serde_json::Error) -> Option<Excerpt> {
    (!error.is_data() && !document.is_empty()).then(|| Excerpt::of(document))
}

/// Where JSON does not fit, and why.
pub(crate) struct Misfit {
    /// The path into the document; `.` for the document itself.
    pub(crate) path: String,
    pub(crate) source: serde_json::Error,
}

/// Reads a document. Only where that fails is the path followed, at the price of a second run. A byte order mark,
/// which nobody should send, is passed over (RFC 8259, Section 8.1).
pub(crate) fn read<T: DeserializeOwned>(document: &[u8]) -> Result<T, Misfit> {
    let document = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document);
    serde_json::from_slice(document).map_err(|error| locate::<T>(error, document))
}

fn locate<T: DeserializeOwned>(error: serde_json::Error, document: &[u8]) -> Misfit {
    let mut document = serde_json::Deserializer::from_slice(document);
    match serde_path_to_error::deserialize::<_, T>(&mut document) {
        Ok(_) => Misfit { path: ".".to_owned(), source: error },
        Err(located) => Misfit { path: located.path().to_string(), source: located.into_inner() },
    }
}
