//! Text that is parsed.

use std::{error::Error as StdError, fmt, ops::Deref, str::FromStr};

use super::from_response::FromResponse;
use crate::{
    client::Response,
    error::{Error, ErrorKind, Result},
};

/// A value that a response has as text: a number, a date, an address.
///
/// As the return type of a method, the body is read as [`Response::text`] reads it, in its charset, and parsed
/// without the blanks around it. It derefs to the value. For the text itself, return `String`.
///
/// ```
/// use httpkit::{Result, Text, http_client, testing::{Reply, Server}};
///
/// #[http_client]
/// trait Counter {
///     #[get("/visits")]
///     fn visits(&self) -> Result<Text<u64>>;
/// }
///
/// let server = Server::start(|_| Reply::text(200, "1729\n"));
/// let counter = CounterClient::builder().base(server.url("")).build()?;
/// assert_eq!(*counter.visits()?, 1729);
/// # Ok::<(), httpkit::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<T>(pub T);

impl<T> Text<T> {
    /// The value.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Text<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: fmt::Display> fmt::Display for Text<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[diagnostic::do_not_recommend]
impl<T> FromResponse for Text<T>
where
    T: FromStr,
    T::Err: Into<Box<dyn StdError + Send + Sync>>,
{
    fn accept() -> Option<&'static str> {
        String::accept()
    }

    fn from_response(response: Response) -> Result<Text<T>> {
        response.decode_text(|text, status| match text.trim().parse() {
            Ok(value) => Ok(Text(value)),
            Err(source) => {
                let error = Error::new(ErrorKind::Decode { status, source: T::Err::into(source) });
                Err(error.with_partial(text.into_bytes()))
            }
        })
    }
}
