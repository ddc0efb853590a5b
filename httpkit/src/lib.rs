//! HTTP for Rust programs without an async runtime.

#![forbid(unsafe_code)]

mod client;
mod config;
mod connection;
mod error;
mod exchange;
#[cfg(feature = "json")]
mod form;
mod grammar;
mod headers;
mod interim;
#[cfg(feature = "json")]
mod json;
mod limits;
mod method;
mod net;
mod pool;
#[cfg(feature = "json")]
mod query;
mod request_body;
#[cfg(feature = "json")]
mod shape;
mod target;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "macros")]
mod typed;
mod url;
mod version;
mod violation;
mod wire;

pub use httpkit_status::{self as status, StatusClass, StatusCode};

#[cfg(feature = "json")]
pub use self::form::encode_form;
#[cfg(feature = "tls")]
pub use self::net::{TlsConfig, TlsError};
pub use self::{
    client::{Body, Client, ClientBuilder, IntoUrl, RequestBuilder, Response},
    config::Timeouts,
    connection::{Automatic, HttpConnection, HttpConnectionBuilder, HttpResponse, Upgraded},
    error::{Error, ErrorKind, Phase, Result, StateError, StatusSnapshot},
    headers::{HeaderValue, Headers},
    interim::InterimResponse,
    limits::Limits,
    method::Method,
    net::{CancelToken, Connector, Deadline, Destination, Probe, Transport},
    request_body::{IntoBody, RequestBody},
    url::{Origin, Scheme, Url},
    version::Version,
    violation::{Excerpt, InvalidRequest, InvalidUrl, Violation},
    wire::Strictness,
};

#[cfg(feature = "macros")]
pub use self::typed::{ApiError, Endpoint, FromResponse, TypedClientBuilder};
#[cfg(feature = "macros")]
pub use httpkit_macros::http_client;

/// What the code that `#[http_client]` generates names. It changes with any version.
#[cfg(feature = "macros")]
#[doc(hidden)]
pub mod __private {
    pub use crate::typed::{
        BasicParameter, BodyParameter, Call, Endpoint, FlagParameter, FormParameter, HeaderParameter,
        JsonParameter, Output, PathParameter, QueryParameter, Service, TypedClient,
        TypedClientBuilder as ClientBuilder,
    };
}

/// Sends a GET request, on a connection of its own that is closed behind it.
///
/// # Errors
/// As [`RequestBuilder::send`].
pub fn get(url: impl IntoUrl) -> Result<Response> {
    Client::new().get(url).send()
}
