//! Bytes that a response had.

use std::{fmt, ops::Deref, sync::Arc};

use serde::{Deserialize, Deserializer};

use crate::{
    request_body::{IntoBody, RequestBody},
    violation::Excerpt,
};

/// The body of a response, as bytes that clones share.
///
/// It is read as `Vec<u8>` is; the difference is that a clone costs a counter, and that `Debug` shows the
/// start of the content as text, not all of it as numbers. It derefs to `[u8]`.
///
/// ```
/// use httpkit::Bytes;
///
/// let image = Bytes::from(vec![0x89, b'P', b'N', b'G']);
/// let shared = image.clone();
/// assert_eq!(&shared[1..], b"PNG");
/// assert_eq!(format!("{image:?}"), r#""\x89PNG""#);
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Bytes(Arc<Vec<u8>>);

impl Bytes {
    /// Takes the bytes out; copies them where a clone is left.
    pub fn into_vec(self) -> Vec<u8> {
        Arc::unwrap_or_clone(self.0)
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Bytes {
        Bytes(Arc::new(bytes))
    }
}

impl From<Bytes> for Vec<u8> {
    fn from(bytes: Bytes) -> Vec<u8> {
        bytes.into_vec()
    }
}

/// As `Vec<u8>`: within JSON, a list of numbers.
impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
        Vec::deserialize(deserializer).map(Bytes::from)
    }
}

/// Content as it is.
impl IntoBody for Bytes {
    fn into_body<'a>(self) -> RequestBody<'a>
    where
        Self: 'a,
    {
        self.into_vec().into_body()
    }
}

/// The start of the content, escaped.
impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&Excerpt::of(self), f)
    }
}
