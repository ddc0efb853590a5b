//! The way over linked pages.
//!
//! Rule of this file: what a call brings along is for the origin that it was sent to. Once the way has led
//! elsewhere, also by a redirect, nothing of it comes back.

use httpkit_status::StatusCode;

use crate::{
    authorization::basic_of_user_info,
    client::Response,
    error::{Error, Result},
    headers::Headers,
    method::Method,
    redirect::drop_content,
    typed::{
        call::Call,
        endpoint::Endpoint,
        from_response::{FromResponse, make},
        service::Service,
    },
    url::Url,
};

/// What it takes to ask for further pages as for the first one.
pub(super) struct Walk {
    service: Service,
    endpoint: &'static Endpoint,
    /// The URL of the call.
    start: Url,
    /// The headers of the call, as far as they go along.
    headers: Headers,
    /// Whether the client's headers stay behind, as far as they may be secret.
    is_foreign: bool,
}

impl Walk {
    /// Sends the call, and keeps what further requests need.
    pub(super) fn begin(mut call: Call<'_>, accepts: fn(StatusCode) -> bool) -> Result<(Walk, Response)> {
        let (service, endpoint, is_foreign) = (call.service().clone(), call.endpoint(), call.is_foreign());
        call.drop_foreign_secrets();
        let mut headers = call.headers().clone();
        if let Some(user_info) = call.user_info().filter(|_| !headers.contains("authorization")) {
            headers.set("Authorization", basic_of_user_info(user_info)?)?;
        }
        let response = call.send(accepts)?;
        let start = response.history().first().map_or(response.url(), |hop| hop.url()).clone();
        drop_content(&mut headers);
        Ok((Walk { service, endpoint, start, headers, is_foreign }, response))
    }

    pub(super) fn start(&self) -> &Url {
        &self.start
    }

    /// Notes that the way leads over this URL.
    pub(super) fn pass(&mut self, url: &Url) {
        if !url.is_same_origin(&self.start) {
            self.is_foreign = true;
            self.headers.keep_for_any_origin(self.service.client().engine().redirects.safe_headers());
        }
    }

    /// Asks for a page.
    pub(super) fn ask<T: FromResponse>(&self, url: Url) -> Result<Response<T>> {
        let request = self.service.client().request(Method::GET, url);
        let request = request.with_headers(self.headers.clone()).foreign(self.is_foreign);
        let response = self.service.send(request).map_err(|error| self.blame(error))?;
        if T::accepts(response.status()) {
            self.read(response)
        } else {
            Err(self.blame(response.into_status_error()))
        }
    }

    /// Makes a page of a response.
    pub(super) fn read<T: FromResponse>(&self, response: Response) -> Result<Response<T>> {
        let page: Response<T> = make(response).map_err(|error| self.blame(error))?;
        Ok(page.for_endpoint(self.endpoint.qualified_name()))
    }

    /// Says which method of the typed client an error is about.
    pub(super) fn blame(&self, error: Error) -> Error {
        error.with_endpoint(self.endpoint.qualified_name())
    }
}
