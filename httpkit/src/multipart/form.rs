//! A form.

use std::{borrow::Cow, path::Path};

use super::{boundary, disposition, part::Part, reader::FormReader};
use crate::{
    error::{ErrorKind, Result},
    request_body::RequestBody,
};

/// Fields and files to be sent as `multipart/form-data` (RFC 7578), in their order. A name may stand several
/// times.
///
/// Files are read while they are sent. The length is announced if that of each part is known, and the form can
/// be sent again if each part can. See [the module](crate::multipart) for an example.
#[derive(Debug, Default)]
pub struct Form<'a> {
    parts: Vec<(String, Part<'a>)>,
}

impl<'a> Form<'a> {
    /// A form without fields.
    pub fn new() -> Form<'a> {
        Form::default()
    }

    /// Adds a field with a text.
    #[must_use]
    pub fn text(self, name: impl Into<String>, text: impl Into<Cow<'a, str>>) -> Form<'a> {
        self.part(name, Part::text(text))
    }

    /// Adds a file; see [`Part::file`].
    ///
    /// # Errors
    /// `File`, with its path and what opening it says.
    pub fn file(self, name: impl Into<String>, path: impl AsRef<Path>) -> Result<Form<'a>> {
        Ok(self.part(name, Part::file(path)?))
    }

    /// Adds a part.
    #[must_use]
    pub fn part(mut self, name: impl Into<String>, part: Part<'a>) -> Form<'a> {
        self.parts.push((name.into(), part));
        self
    }

    /// The form as content, and its `Content-Type`, which names the boundary: for requests that
    /// [`RequestBuilder::multipart`](crate::RequestBuilder::multipart) does not put together.
    ///
    /// # Errors
    /// `InvalidRequest` for a name with control characters other than CR and LF, which are encoded, and for a
    /// content type with any; `BodySource` when the system has no random bits.
    pub fn encode(self) -> Result<(RequestBody<'a>, String)> {
        let boundary = boundary::random().map_err(ErrorKind::BodySource)?;
        let mut pieces = Vec::with_capacity(self.parts.len() * 2 + 1);
        let mut line_end: &[u8] = b"";
        for (name, part) in self.parts {
            let (file_name, content_type) = (part.file_name.as_deref(), part.content_type.as_deref());
            let head = disposition::head(&boundary, &name, file_name, content_type)?;
            pieces.push(RequestBody::from_bytes([line_end, &head].concat()));
            pieces.push(part.body);
            line_end = b"\r\n";
        }
        let end = format!("--{boundary}--\r\n");
        pieces.push(RequestBody::from_bytes([line_end, end.as_bytes()].concat()));
        Ok((FormReader::into_body(pieces), format!("multipart/form-data; boundary={boundary}")))
    }
}
