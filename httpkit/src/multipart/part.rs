//! One part of a form.

use std::{borrow::Cow, ffi::OsStr, fs::File, io::Read, path::Path};

use crate::{
    error::{ErrorKind, Result},
    request_body::{IntoBody, RequestBody},
};

/// The value of a field, or a file: content, and what is said of it.
#[derive(Debug, Default)]
pub struct Part<'a> {
    pub(super) body: RequestBody<'a>,
    pub(super) file_name: Option<String>,
    pub(super) content_type: Option<String>,
}

impl<'a> Part<'a> {
    /// Text, as the value of a field. It has no `Content-Type`, which means `text/plain` (RFC 7578, Section 4.4),
    /// in UTF-8.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Part<'a> {
        match text.into() {
            Cow::Borrowed(text) => Part::bytes(text.as_bytes()),
            Cow::Owned(text) => Part::bytes(text.into_bytes()),
        }
    }

    /// Bytes, owned or borrowed.
    pub fn bytes(bytes: impl Into<Cow<'a, [u8]>>) -> Part<'a> {
        Part { body: RequestBody::from_bytes(bytes), ..Part::default() }
    }

    /// Content as it stands. A form with a part of unknown length is sent chunked.
    pub fn body(body: impl IntoBody + 'a) -> Part<'a> {
        Part { body: body.into_body(), ..Part::default() }
    }

    /// What `source` reads; its length is not known. It can be sent once.
    pub fn reader(source: impl Read + Send + 'a) -> Part<'a> {
        Part::body(RequestBody::from_reader(source))
    }

    /// A file, under its name without the directory, with the type that its extension stands for
    /// (`application/octet-stream` where it stands for none). It is read when it is sent.
    ///
    /// # Errors
    /// `File`, with its path and what opening it says.
    pub fn file(path: impl AsRef<Path>) -> Result<Part<'a>> {
        let path = path.as_ref();
        let body = File::open(path).and_then(RequestBody::from_file);
        let body = body.map_err(|source| ErrorKind::File { path: path.to_owned(), source })?;
        let part = Part::body(body);
        let file_name = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
        let content_type = mime_guess::from_path(path).first_raw().unwrap_or("application/octet-stream");
        Ok(part.file_name(file_name).content_type(content_type))
    }

    /// Makes it a file of this name. Directories of this machine are better left out.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Part<'a> {
        self.file_name = Some(name.into());
        self
    }

    /// Sets its `Content-Type`.
    #[must_use]
    pub fn content_type(mut self, media_type: impl Into<String>) -> Part<'a> {
        self.content_type = Some(media_type.into());
        self
    }
}
