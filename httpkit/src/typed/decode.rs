//! What `()`, text, bytes, JSON, and optional ones of these are made of.
//!
//! Coherence allows one implementation for all that serde knows, so the types that are no JSON are told by
//! their identity, and an `Option` by what it does with a deserializer that holds nothing. Neither looks at
//! how a type is spelled.

use std::any::{TypeId, type_name};

use httpkit_status::StatusCode;
use serde::de::DeserializeOwned;

use super::{from_response::FromResponse, none_probe::none, plain};
use crate::{
    client::{Body, Response},
    error::{Error, ErrorKind, Result},
    json,
};

const ACCEPT_JSON: &str = "application/json";

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + 'static> FromResponse for T {
    fn accept() -> Option<&'static str> {
        plain::accept_or(ACCEPT_JSON, TypeId::of::<T>())
    }

    fn accepts(status: StatusCode) -> bool {
        status.is_success() || (status == StatusCode::NotFound && none::<T>().is_some())
    }

    fn from_response(response: Response) -> Result<T> {
        if let Some(none) = none().filter(|_| response.status() == StatusCode::NotFound) {
            return Ok(none);
        }
        let mut value: Option<T> = None;
        match plain::take(&mut value, response)? {
            Some(response) => response.decode(decode_json),
            None => Ok(value.expect("it is filled where the response is taken")),
        }
    }
}

/// Decodes JSON; where there is none, the value has to do without.
fn decode_json<T: DeserializeOwned>(body: &[u8], status: StatusCode) -> Result<T> {
    if !body.is_empty() {
        return json::decode(body, status);
    }
    none().ok_or_else(|| {
        let target = type_name::<T>();
        Error::new(ErrorKind::EmptyBody { status, target })
    })
}

#[diagnostic::do_not_recommend]
impl FromResponse for Body {
    fn from_response(response: Response) -> Result<Body> {
        Ok(response.into_value())
    }

    fn is_stream() -> bool {
        true
    }

    fn accepts_beside_status(_: StatusCode) -> bool {
        true
    }
}

#[diagnostic::do_not_recommend]
impl<T: FromResponse> FromResponse for Response<T> {
    fn accept() -> Option<&'static str> {
        T::accept()
    }

    fn accepts(status: StatusCode) -> bool {
        T::accepts_beside_status(status)
    }

    fn from_response(response: Response) -> Result<Response<T>> {
        response.try_map(T::from_response)
    }

    fn is_stream() -> bool {
        T::is_stream()
    }

    fn for_endpoint(self, name: &'static str) -> Response<T> {
        self.map(|value| value.for_endpoint(name))
    }
}
