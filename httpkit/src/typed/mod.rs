//! The typed layer: what the code that `#[http_client]` generates stands on, and what its users name.
//!
//! A generated method is a [`Call`] that takes the parameters one by one, and an [`Output`] that sends it and
//! makes the return type of what comes back. All that a request needs to know at compile time is its
//! [`Endpoint`]; all that it needs at run time is its [`Service`].

mod api_error;
mod builder;
mod bytes;
mod call;
mod decode;
mod endpoint;
mod events;
mod from_response;
mod head;
mod lines;
mod named_body;
mod none_probe;
mod output;
mod pages;
mod parameters;
mod plain;
mod service;
mod settings;
mod text;

pub use self::{
    api_error::ApiError,
    builder::TypedClientBuilder,
    bytes::Bytes,
    call::{Call, FormParts},
    endpoint::Endpoint,
    events::ServerSentEvents,
    from_response::FromResponse,
    head::{FromHead, HeadOutput},
    lines::Lines,
    output::Output,
    pages::Pages,
    parameters::{
        BasicParameter, BodyParameter, FlagParameter, FormParameter, HeaderParameter, JsonParameter,
        PartParameter, PathParameter, QueryParameter, UrlParameter,
    },
    service::{Service, TypedClient},
    text::Text,
};
