//! The content of a request.

mod into_body;
mod progress;
mod reader;
mod source;

use std::{
    borrow::Cow,
    fmt,
    fs::File,
    io::{self, Read, Seek, SeekFrom},
};

pub use self::into_body::IntoBody;
use self::source::{Once, Pieces};
pub(crate) use self::{progress::ProgressHook, reader::ContentReader, source::ContentSource};

/// The content of a request: bytes, a file, or anything that reads.
///
/// It borrows where it can: sending is blocking, so what is sent outlives the call anyway.
///
/// ```
/// use httpkit::RequestBody;
///
/// assert_eq!(RequestBody::from_bytes(b"abc").length(), Some(3));
/// assert_eq!(RequestBody::from_reader(std::io::empty()).length(), None);
/// ```
#[derive(Default)]
pub struct RequestBody<'a>(Content<'a>);

#[derive(Default)]
enum Content<'a> {
    #[default]
    None,
    Bytes(Cow<'a, [u8]>),
    File {
        file: File,
        start: u64,
        length: Option<u64>,
    },
    Reader {
        source: Box<dyn ContentSource + 'a>,
        length: Option<u64>,
        /// Whether somebody may have read of it.
        has_begun: bool,
    },
}

/// What the connection does with a body.
pub(crate) enum Source<'s> {
    None,
    Bytes(&'s [u8]),
    Reader(&'s mut dyn Read),
}

impl<'a> RequestBody<'a> {
    /// No content at all. A method that anticipates some says `Content-Length: 0`.
    pub const fn none() -> RequestBody<'a> {
        RequestBody(Content::None)
    }

    /// Bytes, owned or borrowed. No bytes are content too, of length 0.
    pub fn from_bytes(bytes: impl Into<Cow<'a, [u8]>>) -> RequestBody<'a> {
        RequestBody(Content::Bytes(bytes.into()))
    }

    /// What `source` reads, sent chunked: the length is not known. It can be sent once.
    pub fn from_reader(source: impl Read + Send + 'a) -> RequestBody<'a> {
        RequestBody::from_source(Once(source), None)
    }

    /// What `source` reads, whose length is known. A source that is shorter is an error;
    /// no more than `length` is read of a longer one.
    pub fn from_sized_reader(source: impl Read + Send + 'a, length: u64) -> RequestBody<'a> {
        RequestBody::from_source(Once(source), Some(length))
    }

    /// What `source` reads, over and over where it can.
    pub(crate) fn from_source(source: impl ContentSource + 'a, length: Option<u64>) -> RequestBody<'a> {
        RequestBody(Content::Reader { source: Box::new(source), length, has_begun: false })
    }

    /// The pieces of an iterator, sent chunked.
    pub fn from_pieces<I>(pieces: I) -> RequestBody<'a>
    where
        I: IntoIterator<IntoIter: Send + 'a, Item: AsRef<[u8]> + Send + 'a>,
    {
        RequestBody::from_reader(Pieces::new(pieces.into_iter()))
    }

    /// A file, from where it stands to its end. Its length is known if it is a regular file.
    ///
    /// # Errors
    /// What asking the file for its length and position says.
    pub fn from_file(mut file: File) -> io::Result<RequestBody<'a>> {
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Ok(RequestBody::from_reader(file));
        }
        let start = file.stream_position()?;
        let length = metadata.len().saturating_sub(start);
        Ok(RequestBody(Content::File { file, start, length: Some(length) }))
    }

    /// How many bytes there are, where that is known; no content has length 0.
    pub fn length(&self) -> Option<u64> {
        match &self.0 {
            Content::None => Some(0),
            Content::Bytes(bytes) => Some(bytes.len() as u64),
            Content::File { length, .. } | Content::Reader { length, .. } => *length,
        }
    }

    /// The bytes, where they are at hand: not of a file or a reader.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Content::None => Some(b""),
            Content::Bytes(bytes) => Some(bytes),
            Content::File { .. } | Content::Reader { .. } => None,
        }
    }

    /// Whether there is no content at all, not even an empty one.
    pub fn is_none(&self) -> bool {
        matches!(self.0, Content::None)
    }

    /// Whether reading the content waits for nobody: bytes and files.
    #[cfg(feature = "multipart")]
    fn is_at_hand(&self) -> bool {
        !matches!(self.0, Content::Reader { .. })
    }

    /// Whether it can be sent again, as after a redirect.
    pub fn is_replayable(&self) -> bool {
        match &self.0 {
            Content::Reader { source, .. } => source.is_replayable(),
            _ => true,
        }
    }

    /// The same content; clones of a file have one position. `None` of a reader.
    pub(crate) fn try_clone(&self) -> Option<RequestBody<'_>> {
        Some(RequestBody(match &self.0 {
            Content::None => Content::None,
            Content::Bytes(bytes) => Content::Bytes(Cow::Borrowed(bytes)),
            Content::File { file, start, length } => {
                Content::File { file: file.try_clone().ok()?, start: *start, length: *length }
            }
            Content::Reader { .. } => return None,
        }))
    }

    /// Whether it can be sent now: again, or for the first time.
    pub(crate) fn can_be_sent(&self) -> bool {
        match &self.0 {
            Content::Reader { source, has_begun, .. } => !has_begun || source.is_replayable(),
            _ => true,
        }
    }

    /// Starts from the beginning.
    pub(crate) fn rewind(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Content::File { file, start, .. } => file.seek(SeekFrom::Start(*start)).map(drop),
            Content::Reader { source, has_begun: true, .. } => source.rewind(),
            _ => Ok(()),
        }
    }

    pub(crate) fn source(&mut self) -> Source<'_> {
        match &mut self.0 {
            Content::None => Source::None,
            Content::Bytes(bytes) => Source::Bytes(bytes),
            Content::File { file, .. } => Source::Reader(file),
            Content::Reader { source, has_begun, .. } => {
                *has_begun = true;
                Source::Reader(source)
            }
        }
    }

    /// Takes owned bytes back, to use their space again.
    pub(crate) fn into_buffer(self) -> Vec<u8> {
        match self.0 {
            Content::Bytes(Cow::Owned(bytes)) => bytes,
            _ => Vec::new(),
        }
    }
}

impl fmt::Debug for RequestBody<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.0 {
            Content::None => "None",
            Content::Bytes(_) => "Bytes",
            Content::File { .. } => "File",
            Content::Reader { .. } => "Reader",
        };
        f.debug_struct("RequestBody").field("kind", &kind).field("length", &self.length()).finish()
    }
}
