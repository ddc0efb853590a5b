//! A call of a generated method, on its way to become a request.
//!
//! Rules of this file and its children: what puts a parameter into the call returns nothing, and the first
//! thing that is wrong is kept until the call is sent, when it is reported in place of sending. The target is
//! written behind the base URL in one text, which becomes the URL as it is.

mod address;
mod content;
#[cfg(feature = "multipart")]
mod form_parts;
mod header;
#[cfg(not(feature = "multipart"))]
mod no_form_parts;
#[cfg(feature = "multipart")]
mod parts;
mod path;
mod query;

use std::slice;

use httpkit_status::StatusCode;

#[cfg(feature = "multipart")]
pub use self::form_parts::FormParts;
#[cfg(not(feature = "multipart"))]
pub use self::no_form_parts::FormParts;
use super::{endpoint::Endpoint, service::Service};
use crate::{
    client::Response,
    error::{Error, Result},
    headers::Headers,
    request_body::RequestBody,
    url::Url,
};

/// So many bytes are kept ready for what takes the places of a template.
const ROOM_FOR_VALUES: usize = 64;

/// A call of a generated method: it takes the parameters in wire order.
pub struct Call<'a> {
    service: &'a Service,
    endpoint: &'static Endpoint,
    /// The base URL and, behind it, the target.
    url: String,
    target: Target,
    /// That of the URL, if a parameter is the URL.
    user_info: Option<Box<str>>,
    /// The literal parts of the path that are still to come.
    parts: slice::Iter<'static, &'static str>,
    headers: Headers,
    body: RequestBody<'a>,
    /// The first thing that is wrong.
    error: Option<Error>,
}

/// Where the request goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    /// To the service: the target stands behind the base URL.
    Appended,
    /// To the service: a parameter is the URL.
    Whole,
    /// To another origin, which a parameter names; it is sent no credentials.
    Foreign,
}

impl<'a> Call<'a> {
    /// Begins a call: with the base URL, the path up to its first variable, and the constant headers.
    #[must_use]
    pub fn new(service: &'a Service, endpoint: &'static Endpoint) -> Call<'a> {
        let mut call = Call {
            service,
            endpoint,
            url: String::new(),
            target: Target::Appended,
            user_info: None,
            parts: endpoint.parts().iter(),
            headers: service.headers().clone(),
            body: RequestBody::none(),
            error: None,
        };
        if let Ok(Some(base)) = service.base() {
            let prefix = base.prefix();
            let room = prefix.len() + endpoint.template().len() + ROOM_FOR_VALUES;
            call.url.reserve(room);
            call.url.push_str(prefix);
        }
        call.push_part();
        for (name, value) in endpoint.constant_headers() {
            let set = call.headers.set(name, value);
            call.park(set);
        }
        call
    }

    pub(super) fn endpoint(&self) -> &'static Endpoint {
        self.endpoint
    }

    pub(super) fn service(&self) -> &'a Service {
        self.service
    }

    pub(super) fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The user info of the URL that it is sent to.
    pub(super) fn user_info(&self) -> Option<&str> {
        match self.target {
            Target::Appended => self.service.base().ok().flatten().and_then(Url::user_info),
            Target::Whole | Target::Foreign => self.user_info.as_deref(),
        }
    }

    /// Whether it leads to another origin than that of the service.
    pub(super) fn is_foreign(&self) -> bool {
        self.target == Target::Foreign
    }

    /// Asks for what `Accept` names, where nothing else has been asked for.
    pub(super) fn ask_for(&mut self, accept: Option<&'static str>) {
        if let Some(accept) = accept.filter(|_| !self.headers.contains("accept")) {
            let set = self.headers.append("Accept", accept);
            self.park(set);
        }
    }

    /// Sends the call. A response whose status is not accepted becomes an error.
    pub(super) fn send(mut self, accepts: fn(StatusCode) -> bool) -> Result<Response> {
        self.drop_foreign_secrets();
        let response = self.dispatch()?;
        if accepts(response.status()) { Ok(response) } else { Err(response.into_status_error()) }
    }

    fn dispatch(self) -> Result<Response> {
        let method = self.endpoint.method();
        let base = match self.target {
            Target::Appended => Some(self.service.needed_base()?),
            Target::Whole | Target::Foreign => self.service.base()?,
        };
        let blame = |error: Error| match base {
            Some(base) => error.with_request(&method, base),
            None => error,
        };
        if let Some(error) = self.error {
            return Err(blame(error));
        }
        let url = match base.filter(|_| self.target == Target::Appended) {
            Some(base) => base.of_target(self.url),
            None => Url::parse(&self.url),
        };
        let mut url = url.map_err(|error| blame(error.into()))?;
        if self.target != Target::Appended {
            url.set_user_info(self.user_info);
        }
        let request = self.service.client().request(method, url);
        let request = request.with_headers(self.headers).body(self.body);
        self.service.send(request.foreign(self.target == Target::Foreign))
    }

    /// Writes the literal part of the path that is next.
    fn push_part(&mut self) {
        if let Some(part) = self.parts.next() {
            self.url.push_str(part);
        }
    }

    /// Keeps the first thing that is wrong.
    fn park<E: Into<Error>>(&mut self, result: Result<(), E>) {
        if let (Err(error), None) = (result, &self.error) {
            self.error = Some(error.into());
        }
    }
}
