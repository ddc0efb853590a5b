//! What can be sent as it stands.

use std::{borrow::Cow, fs::File};

use super::RequestBody;

/// What can be sent as the content of a request as it stands: text, bytes, `()` for none, [`RequestBody`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the raw content of a request",
    label = "neither text nor bytes",
    note = "send a value as JSON with `json`, as a form with `form`; wrap a reader in `RequestBody::from_reader`"
)]
pub trait IntoBody {
    /// Makes the content.
    fn into_body<'a>(self) -> RequestBody<'a>
    where
        Self: 'a;
}

impl IntoBody for RequestBody<'_> {
    fn into_body<'a>(self) -> RequestBody<'a>
    where
        Self: 'a,
    {
        self
    }
}

/// From where the file stands to its end, as [`RequestBody::from_file`] has it; chunked where it does not tell
/// its length.
impl IntoBody for File {
    fn into_body<'a>(self) -> RequestBody<'a> {
        match self.try_clone().and_then(RequestBody::from_file) {
            Ok(body) => body,
            Err(_) => RequestBody::from_reader(self),
        }
    }
}

impl IntoBody for () {
    fn into_body<'a>(self) -> RequestBody<'a> {
        RequestBody::none()
    }
}

macro_rules! bytes_into_body {
    ($($type:ty, $self:ident => $bytes:expr;)*) => {$(
        impl IntoBody for $type {
            fn into_body<'a>($self) -> RequestBody<'a>
            where
                Self: 'a,
            {
                RequestBody::from_bytes($bytes)
            }
        }
    )*};
}

bytes_into_body! {
    &str, self => self.as_bytes();
    &String, self => self.as_bytes();
    String, self => self.into_bytes();
    &[u8], self => self;
    &Vec<u8>, self => self.as_slice();
    Vec<u8>, self => self;
    Cow<'_, str>, self => self.into_owned().into_bytes();
    Cow<'_, [u8]>, self => self.into_owned();
}

impl<const N: usize> IntoBody for &[u8; N] {
    fn into_body<'a>(self) -> RequestBody<'a>
    where
        Self: 'a,
    {
        RequestBody::from_bytes(self.as_slice())
    }
}
