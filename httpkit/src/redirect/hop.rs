//! What a request has been through.

use httpkit_status::StatusCode;

use crate::{method::Method, url::Url};

/// A request that was answered by a redirect, which was followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    method: Method,
    url: Url,
    status: StatusCode,
}

impl Hop {
    pub(super) fn new(method: Method, url: Url, status: StatusCode) -> Hop {
        Hop { method, url, status }
    }

    /// The method of the request.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The URL of the request.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The status of the response, one of 301, 302, 303, 307 and 308.
    pub fn status(&self) -> StatusCode {
        self.status
    }
}
