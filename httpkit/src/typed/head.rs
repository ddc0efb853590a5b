//! What a method of a typed client with the verb HEAD can return.

use super::{call::Call, from_response::FromResponse, output::Output};
use crate::{
    client::{Body, Response},
    error::Error,
};

/// What can be made of a response without its content: all that a response to HEAD has (RFC 9110, Section
/// 9.3.2).
///
/// A method with the verb HEAD returns `()`, `Option<()>`, which is `None` for 404, [`Response<T>`](Response) of
/// these, or [`Response`]. A type that is made of headers alone can be returned as well, if it says so:
///
/// ```
/// use httpkit::{FromHead, FromResponse, Response, Result, http_client, testing::{Reply, Server}};
///
/// /// How long a file is.
/// struct Length(Option<u64>);
///
/// impl FromHead for Length {}
///
/// impl FromResponse for Length {
///     fn from_response(response: Response) -> Result<Length> {
///         Ok(Length(response.content_length()))
///     }
/// }
///
/// #[http_client]
/// trait Files {
///     #[head("/files/{+path}")]
///     fn length(&self, path: &str) -> Result<Length>;
/// }
///
/// let server = Server::start(|_| Reply::new(200).header("content-length", "1729"));
/// let files = FilesClient::builder().base(server.url("")).build()?;
/// assert_eq!(files.length("a/b.txt")?.0, Some(1729));
/// # Ok::<(), httpkit::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "a response to HEAD has no content, and `{Self}` is made of content",
    label = "not made of the head alone",
    note = "return `()`, `Option<()>`, or `httpkit::Response<()>` for status and headers; or send a GET",
    note = "a type of yours that is made of headers implements `httpkit::FromHead`"
)]
pub trait FromHead: FromResponse {}

#[diagnostic::do_not_recommend]
impl FromHead for () {}

#[diagnostic::do_not_recommend]
impl FromHead for Option<()> {}

/// The raw response.
#[diagnostic::do_not_recommend]
impl FromHead for Body {}

#[diagnostic::do_not_recommend]
impl<T: FromHead> FromHead for Response<T> {}

/// What a generated method with the verb HEAD returns.
#[diagnostic::on_unimplemented(
    message = "a method of `#[http_client]` returns a `Result`, found `{Self}`",
    label = "not a `Result`",
    note = "return `httpkit::Result<T>`, or `Result<T, E>` where `E: From<httpkit::Error>`"
)]
pub trait HeadOutput {
    /// As [`Output::finish`].
    fn finish(call: Call<'_>) -> Self;
}

impl<T: FromHead, E: From<Error>> HeadOutput for Result<T, E> {
    fn finish(call: Call<'_>) -> Self {
        Output::finish(call)
    }
}
