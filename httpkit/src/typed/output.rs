//! The return types of generated methods.

use super::{
    call::Call,
    from_response::{FromResponse, make},
};
use crate::error::Error;

/// What a generated method returns: a `Result` of what can be made of a response.
#[diagnostic::on_unimplemented(
    message = "a method of `#[http_client]` returns a `Result` of what a response can become, found `{Self}`",
    label = "not such a `Result`",
    note = "return `httpkit::Result<T>`, or `Result<T, E>` where `E: From<httpkit::Error>`",
    note = "in `Result<Pages<T>, E>`, each page is a `T`: derive `serde::Deserialize` for it"
)]
pub trait Output {
    /// Sends the call, and makes the return value of its response or of the error.
    fn finish(call: Call<'_>) -> Self;
}

impl<T: FromResponse, E: From<Error>> Output for Result<T, E> {
    fn finish(mut call: Call<'_>) -> Self {
        let name = call.endpoint().qualified_name();
        call.ask_for(T::accept());
        call.send(T::accepts)
            .and_then(make)
            .map(|value: T| value.for_endpoint(name))
            .map_err(|error| E::from(error.with_endpoint(name)))
    }
}
