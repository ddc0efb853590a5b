//! What a method of a typed client can return.

use httpkit_status::StatusCode;

use crate::{client::Response, error::Result};

/// What can be made of a response, and so stand as `T` in the `Result<T, E>` that a method of an
/// `#[http_client]` trait returns.
///
/// | type | what it is made of | accepted | `Accept` |
/// |---|---|---|---|
/// | `()` | nothing; a short body is passed over, a longer one left | 2xx | |
/// | `String` | the body, which is text in its charset | 2xx | `text/plain, */*;q=0.5` |
/// | `Vec<u8>`, [`Bytes`](crate::Bytes) | the body | 2xx | |
/// | [`Text<T: FromStr>`](crate::Text) | as `String`, parsed | 2xx | as `String` |
/// | `T: DeserializeOwned` | the body, which is JSON | 2xx | `application/json` |
/// | `Option<T>` of these but `Text` | `None` for 404 and for an empty body | 2xx, 404 | as `T` |
/// | `Option<()>` | `None` for 404 | 2xx, 404 | |
/// | [`Body`](crate::Body) | the body, to be read | 2xx | |
/// | [`Lines<T: DeserializeOwned>`](crate::Lines) | the lines of the body, each of which is JSON, as they come | 2xx | `application/x-ndjson, application/jsonl, */*;q=0.5` |
/// | [`ServerSentEvents`](crate::ServerSentEvents) | the events of the body, which is `text/event-stream`, as they come | 2xx | `text/event-stream` |
/// | [`Response<T>`](Response) | status, headers, and a `T` | as `T` | as `T` |
/// | [`Response`] | status, headers, and the body to be read | all | |
///
/// [`Pages<T>`](crate::Pages) is made of several responses: pages that are linked with each other, each a `T`.
///
/// Any other status is [`ErrorKind::Status`](crate::ErrorKind::Status), with headers and body. The type
/// decides, not its spelling: an alias or a generic parameter means what stands behind it. The trait, a
/// method or a parameter may set another `Accept`. Of a response to HEAD, only what is made without content can be
/// returned: what is [`FromHead`](crate::FromHead).
///
/// Other formats have a type of their own, which is not `Deserialize`:
///
/// ```
/// use httpkit::{ErrorKind, FromResponse, Response, Result, http_client};
///
/// struct Count(u64);
///
/// impl FromResponse for Count {
///     fn from_response(response: Response) -> Result<Count> {
///         let status = response.status();
///         let text = response.text()?;
///         let count = text.trim().parse().map_err(|source| ErrorKind::Decode {
///             status,
///             source: Box::new(source),
///         })?;
///         Ok(Count(count))
///     }
/// }
///
/// #[http_client(base = "https://counter.example")]
/// trait Counter {
///     #[get("/visits")]
///     fn visits(&self) -> Result<Count>;
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be produced from an HTTP response",
    label = "not decodable from a response",
    note = "derive `serde::Deserialize` for a JSON body, or return `()`, `String`, `Vec<u8>`, `httpkit::Text`, `httpkit::Body`, or an `Option<T>` or `httpkit::Response<T>` of these",
    note = "what borrows, or is not `'static`, cannot outlive the response"
)]
pub trait FromResponse: Sized {
    /// The `Accept` header to send, where neither the trait nor the method or a parameter sets it. Defaults to
    /// that of the client, `*/*`.
    fn accept() -> Option<&'static str> {
        None
    }

    /// Whether a response of this status is given to [`from_response`](FromResponse::from_response). Defaults
    /// to 2xx.
    fn accepts(status: StatusCode) -> bool {
        status.is_success()
    }

    /// Makes the value of a response whose status is accepted.
    ///
    /// # Errors
    /// What reading and decoding the body meet; [`ErrorKind::Decode`](crate::ErrorKind::Decode) is for
    /// formats of the caller's.
    fn from_response(response: Response) -> Result<Self>;

    /// Returns whether the value reads the body after the method has returned. A total timeout of the typed client or
    /// its [`Client`](crate::Client) then ends with the response head, because a stream may last for hours. Defaults to
    /// `false`.
    fn is_stream() -> bool {
        false
    }

    /// Notes the method of a typed client that it was made for, where it goes on reading and can still fail.
    #[doc(hidden)]
    #[must_use]
    fn for_endpoint(self, _name: &'static str) -> Self {
        self
    }

    /// As [`accepts`](FromResponse::accepts), where the caller sees the status beside the value.
    #[doc(hidden)]
    fn accepts_beside_status(status: StatusCode) -> bool {
        Self::accepts(status)
    }
}

/// Makes the value of a response. The total timeout of a stream ends here.
pub(super) fn make<T: FromResponse>(response: Response) -> Result<T> {
    T::from_response(if T::is_stream() { response.without_total() } else { response })
}
