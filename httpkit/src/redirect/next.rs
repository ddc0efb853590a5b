//! The request that follows a redirect.

use httpkit_status::StatusCode;

use super::{
    fields::drop_content,
    hop::Hop,
    location::location,
    rewrite::{Rewrite, rewrite},
};
use crate::{
    error::{Error, ErrorKind, Result},
    headers::Headers,
    method::Method,
    url::{Scheme, Url},
    violation::{InvalidUrl, Violation},
};

/// The request that a redirect leads to, before it is sent: what a hook of a
/// [`RedirectPolicy`](crate::RedirectPolicy) judges and may change.
#[derive(Debug)]
pub struct NextRequest<'h> {
    method: Method,
    url: Url,
    headers: Headers,
    history: &'h [Hop],
    keeps_body: bool,
    /// Whether it leads to another origin than the request before.
    is_foreign: bool,
    safe_headers: &'h [Box<str>],
}

/// A request, and the response that it was given.
pub(crate) struct Answered<'a> {
    pub(crate) method: &'a Method,
    pub(crate) url: &'a Url,
    pub(crate) headers: &'a Headers,
    pub(crate) body_can_be_sent: bool,
    pub(crate) status: StatusCode,
    pub(crate) response_headers: &'a Headers,
}

/// The next request, taken apart to be sent.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: Headers,
    pub(crate) keeps_body: bool,
    pub(crate) is_foreign: bool,
}

impl<'h> NextRequest<'h> {
    /// Where the response leads; `None` where it is no redirect that can be followed. `history` has the hops
    /// up to and with this one.
    pub(super) fn after(
        answered: &Answered<'_>,
        history: &'h [Hop],
        safe_headers: &'h [Box<str>],
    ) -> Result<Option<NextRequest<'h>>> {
        let Some(rewrite) = rewrite(answered.status, answered.method) else {
            return Ok(None);
        };
        let refuse = |error: InvalidUrl| refused(error.0, history, None);
        let Some(url) = location(answered.response_headers, answered.url).map_err(refuse)? else {
            return Ok(None);
        };
        let keeps_body = rewrite == Rewrite::Same;
        let mut next = NextRequest {
            method: if keeps_body { answered.method.clone() } else { Method::GET },
            url: answered.url.clone(),
            headers: answered.headers.clone(),
            history,
            keeps_body,
            is_foreign: false,
            safe_headers,
        };
        if !keeps_body {
            drop_content(&mut next.headers);
        }
        next.set_url(url);
        Ok(Some(next))
    }

    /// What may not be followed, whatever the hook says.
    pub(super) fn judge(&self, answered: &Answered<'_>, allows_downgrade: bool) -> Result<()> {
        let rule = if is_downgrade(answered.url, &self.url) && !allows_downgrade {
            "a redirect from https to http is not followed, unless the policy allows it"
        } else if self.keeps_body && !answered.body_can_be_sent {
            "a redirect asks for the body once more (RFC 9110, Section 15.4), and it can be sent once only"
        } else {
            return Ok(());
        };
        Err(refused(Violation::new(rule, self.url.redacted().to_string().as_bytes()), self.history, None))
    }

    pub(super) fn into_step(self) -> Step {
        let NextRequest { method, url, headers, keeps_body, is_foreign, .. } = self;
        Step { method, url, headers, keeps_body, is_foreign }
    }

    /// The requests so far, in order; the last was answered by the redirect in question.
    pub fn history(&self) -> &[Hop] {
        self.history
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The URL, free of user info.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The headers that the user has set and that go along. Those of the client, cookies, and credentials that
    /// are looked up for an origin are added when the request is sent.
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The headers, to be changed. What is added goes wherever the URL leads.
    pub fn headers_mut(&mut self) -> &mut Headers {
        &mut self.headers
    }

    /// Whether the body is sent again.
    pub fn keeps_body(&self) -> bool {
        self.keeps_body
    }

    /// Leads elsewhere. To another origin, only the headers go along that are safe for every one; so set the
    /// URL before you add any.
    pub fn set_url(&mut self, url: Url) {
        if !url.is_same_origin(&self.url) {
            self.is_foreign = true;
            self.headers.keep_for_any_origin(self.safe_headers);
        }
        self.url = url;
    }
}

/// A redirect that is not followed, with the URLs that led to it.
pub(super) fn refused(
    reason: Violation,
    history: &[Hop],
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
) -> Error {
    Error::new(ErrorKind::RedirectRefused { reason, chain: chain(history), source })
}

pub(super) fn chain(history: &[Hop]) -> Vec<Url> {
    history.iter().map(|hop| hop.url().clone()).collect()
}

/// Whether a step leads from `https` to `http`.
pub(crate) fn is_downgrade(from: &Url, to: &Url) -> bool {
    from.scheme() == Scheme::Https && to.scheme() == Scheme::Http
}
