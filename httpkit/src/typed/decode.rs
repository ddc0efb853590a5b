//! What `()`, text, bytes, JSON, and optional ones of these are made of.
//!
//! Coherence allows one implementation for all that serde knows, so the types that are no JSON are told by
//! their identity, and an `Option` by what it does with a deserializer that holds nothing. Neither looks at
//! how a type is spelled.

use std::any::{Any, TypeId, type_name};

use httpkit_status::StatusCode;
use serde::de::DeserializeOwned;

use super::{from_response::FromResponse, none_probe::none};
use crate::{
    client::{Body, Response},
    error::{Error, ErrorKind, Result},
    json,
};

const ACCEPT_JSON: &str = "application/json";
const ACCEPT_TEXT: &str = "text/plain, */*;q=0.5";

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + 'static> FromResponse for T {
    fn accept() -> Option<&'static str> {
        let is = |types: &[TypeId]| types.contains(&TypeId::of::<T>());
        if is(&[TypeId::of::<String>(), TypeId::of::<Option<String>>()]) {
            Some(ACCEPT_TEXT)
        } else if is(&[
            TypeId::of::<()>(),
            TypeId::of::<Option<()>>(),
            TypeId::of::<Vec<u8>>(),
            TypeId::of::<Option<Vec<u8>>>(),
        ]) {
            None
        } else {
            Some(ACCEPT_JSON)
        }
    }

    fn accepts(status: StatusCode) -> bool {
        status.is_success() || (status == StatusCode::NotFound && none::<T>().is_some())
    }

    fn from_response(response: Response) -> Result<T> {
        if let Some(none) = none().filter(|_| response.status() == StatusCode::NotFound) {
            return Ok(none);
        }
        let mut value: Option<T> = None;
        match take_plain(&mut value, response)? {
            Some(response) => response.decode(decode_json),
            None => Ok(value.expect("it is filled where the response is taken")),
        }
    }
}

/// Fills an `Option` of `()`, text or bytes, or of optional ones; hands the response back for any other.
fn take_plain(slot: &mut dyn Any, response: Response) -> Result<Option<Response>> {
    if let Some(unit) = slot.downcast_mut::<Option<()>>() {
        *unit = Some(());
    } else if let Some(unit) = slot.downcast_mut::<Option<Option<()>>>() {
        *unit = Some(Some(()));
    } else if let Some(text) = slot.downcast_mut::<Option<String>>() {
        *text = Some(response.text()?);
    } else if let Some(text) = slot.downcast_mut::<Option<Option<String>>>() {
        *text = Some(Some(response.text()?).filter(|text| !text.is_empty()));
    } else if let Some(bytes) = slot.downcast_mut::<Option<Vec<u8>>>() {
        *bytes = Some(response.bytes()?);
    } else if let Some(bytes) = slot.downcast_mut::<Option<Option<Vec<u8>>>>() {
        *bytes = Some(Some(response.bytes()?).filter(|bytes| !bytes.is_empty()));
    } else {
        return Ok(Some(response));
    }
    Ok(None)
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
}
