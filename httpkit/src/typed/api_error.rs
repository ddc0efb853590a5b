//! Errors whose body the API documents.

use std::fmt;

use httpkit_status::StatusCode;
use serde::de::DeserializeOwned;

use crate::error::{Error, StatusSnapshot};

/// An error of an API that says in JSON what is wrong: `B` is what it says.
///
/// As the error type of a method, `Result<Issue, ApiError<Problem>>`, it decodes the body of an error
/// response. Where that does not fit, and where there is no response at all, it is
/// [`Other`](ApiError::Other). The [`Error`] is there in either case, and with it the status, the headers and
/// the body as it came.
///
/// ```no_run
/// use httpkit::{ApiError, http_client};
///
/// #[derive(Debug, serde::Deserialize)]
/// struct Problem {
///     detail: String,
/// }
///
/// #[http_client(base = "https://shop.example/api")]
/// trait Shop {
///     #[delete("/orders/{id}")]
///     fn cancel(&self, id: u64) -> Result<(), ApiError<Problem>>;
/// }
///
/// # fn main() -> httpkit::Result<()> {
/// let shop = ShopClient::builder().build()?;
/// match shop.cancel(7) {
///     Ok(()) => println!("cancelled"),
///     Err(ApiError::Api { body, error }) => println!("{:?}: {}", error.status(), body.detail),
///     Err(ApiError::Other(error)) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub enum ApiError<B> {
    /// The server refused, and said why in a `B`.
    Api {
        /// The body of the response.
        body: B,
        /// The error, of the kind [`Status`](crate::ErrorKind::Status).
        error: Error,
    },
    /// Anything else, also a refusal whose body is no `B`.
    Other(Error),
}

impl<B> ApiError<B> {
    /// The status of the response, as [`Error::status`].
    pub fn status(&self) -> Option<StatusCode> {
        self.error().status()
    }

    /// What the server said, if it is a `B`.
    pub fn body(&self) -> Option<&B> {
        match self {
            ApiError::Api { body, .. } => Some(body),
            ApiError::Other(_) => None,
        }
    }

    /// The response, with its body as it came, decoded or not.
    pub fn response(&self) -> Option<&StatusSnapshot> {
        self.error().response()
    }

    /// The error itself.
    pub fn error(&self) -> &Error {
        match self {
            ApiError::Api { error, .. } | ApiError::Other(error) => error,
        }
    }

    /// The error itself; the decoded body is dropped.
    pub fn into_error(self) -> Error {
        match self {
            ApiError::Api { error, .. } | ApiError::Other(error) => error,
        }
    }
}

/// Decodes the body of an error response.
impl<B: DeserializeOwned> From<Error> for ApiError<B> {
    fn from(error: Error) -> ApiError<B> {
        let body = error.response().and_then(|response| response.json::<B>().ok());
        match body {
            Some(body) => ApiError::Api { body, error },
            None => ApiError::Other(error),
        }
    }
}

impl<B> From<ApiError<B>> for Error {
    fn from(error: ApiError<B>) -> Error {
        error.into_error()
    }
}

/// As the [`Error`].
impl<B> fmt::Display for ApiError<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.error(), f)
    }
}

impl<B: fmt::Debug> std::error::Error for ApiError<B> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(self.error())
    }
}
