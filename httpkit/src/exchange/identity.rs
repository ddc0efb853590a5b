//! Who a request comes from: the cookies and credentials that are looked up for where it leads.
//!
//! Rule of this file: they are chosen anew for each request of an exchange, redirected ones included, and never
//! become part of the request itself.

use std::time::Instant;

use httpkit_status::StatusCode;

use super::{Answer, Engine, Total};
#[cfg(feature = "digest")]
use crate::auth::DigestSessions;
#[cfg(feature = "cookies")]
use crate::cookies::CookieJar;
use crate::{
    auth::{Netrc, Visit},
    error::{ErrorKind, Result},
    headers::Headers,
    net,
    request::Request,
    retry::Retries,
};

/// What a client knows of its user.
#[derive(Default)]
pub(crate) struct Identity {
    pub(crate) netrc: Option<Netrc>,
    #[cfg(feature = "cookies")]
    pub(crate) cookies: Option<CookieJar>,
    #[cfg(feature = "digest")]
    pub(crate) digest_sessions: DigestSessions,
}

impl Engine {
    /// Whether anything is to be looked up for a request.
    #[inline]
    pub(super) fn is_identified(&self, request: &Request<'_>) -> bool {
        self.identity.netrc.is_some() || self.identity.has_cookies() || has_digest(request)
    }

    /// Sends the request with what is looked up for its URL, and again where the server challenges it.
    #[cold]
    pub(super) fn answer_identified(
        &self,
        request: &mut Request<'_>,
        retries: &mut Option<Retries<'_>>,
        mut now: Instant,
        total: Total,
    ) -> Result<Answer> {
        let mut answers = 0;
        loop {
            let looked_up = self.identity.fields_for(request)?;
            request.options.looked_up = Some(Box::new(looked_up));
            let answer = self.answer_by_policy(request, retries, now, total)?;
            self.identity.take_cookies(request, &answer.head.headers);
            let is_challenged = answer.head.status == StatusCode::Unauthorized && request.body.can_be_sent();
            if !is_challenged || !self.identity.may_answer(request, &answer.head.headers, answers)? {
                return Ok(answer);
            }
            self.set_aside(answer);
            request.body.rewind().map_err(ErrorKind::BodySource)?;
            (answers, now) = (answers + 1, net::now());
        }
    }
}

impl Identity {
    /// The fields that go along with a request, as far as it does not bring its own.
    fn fields_for(&self, request: &Request<'_>) -> Result<Headers> {
        let mut fields = Headers::new();
        if !request.headers.contains("cookie")
            && let Some(cookies) = self.cookies_for(request)
        {
            fields.append("Cookie", cookies)?;
        }
        if !request.headers.contains("authorization")
            && let Some(credentials) = self.authorization_for(request)?
        {
            fields.append("Authorization", credentials)?;
        }
        Ok(fields)
    }

    /// A user who asks for `Digest` does not want to be known by `Basic`.
    fn authorization_for(&self, request: &Request<'_>) -> Result<Option<Vec<u8>>> {
        if has_digest(request) {
            return Ok(self.digest_for(request));
        }
        let Some(netrc) = &self.netrc else { return Ok(None) };
        let visit = if request.options.has_left_origin { Visit::ByRedirect } else { Visit::ByCaller };
        Ok(netrc.authorization(request.url.host(), visit)?.map(String::into_bytes))
    }
}

#[cfg(feature = "cookies")]
impl Identity {
    fn has_cookies(&self) -> bool {
        self.cookies.is_some()
    }

    fn cookies_for(&self, request: &Request<'_>) -> Option<Vec<u8>> {
        self.cookies.as_ref()?.field(&request.url)
    }

    fn take_cookies(&self, request: &Request<'_>, response: &Headers) {
        if let Some(cookies) = &self.cookies {
            cookies.take(&request.url, response);
        }
    }
}

#[cfg(not(feature = "cookies"))]
#[expect(clippy::unused_self, reason = "as with the feature `cookies`")]
impl Identity {
    fn has_cookies(&self) -> bool {
        false
    }

    fn cookies_for(&self, _: &Request<'_>) -> Option<Vec<u8>> {
        None
    }

    fn take_cookies(&self, _: &Request<'_>, _: &Headers) {}
}

#[cfg(feature = "digest")]
fn has_digest(request: &Request<'_>) -> bool {
    request.options.digest.is_some()
}

#[cfg(feature = "digest")]
impl Identity {
    fn digest_for(&self, request: &Request<'_>) -> Option<Vec<u8>> {
        let credentials = request.options.digest.as_ref()?;
        self.digest_sessions.authorization(credentials, &request.method, &request.url)
    }

    /// Whether an answer to the challenge of this response may help, `answers` having been given.
    fn may_answer(&self, request: &Request<'_>, response: &Headers, answers: u32) -> Result<bool> {
        let credentials = request.options.digest.as_ref();
        let Some(credentials) = credentials.filter(|_| !request.headers.contains("authorization")) else {
            return Ok(false);
        };
        Ok(self
            .digest_sessions
            .challenged(credentials, &request.url, response, answers)
            .map_err(ErrorKind::Io)?)
    }
}

#[cfg(not(feature = "digest"))]
fn has_digest(_: &Request<'_>) -> bool {
    false
}

#[cfg(not(feature = "digest"))]
#[expect(clippy::unused_self, reason = "as with the feature `digest`")]
impl Identity {
    fn digest_for(&self, _: &Request<'_>) -> Option<Vec<u8>> {
        None
    }

    fn may_answer(&self, _: &Request<'_>, _: &Headers, _: u32) -> Result<bool> {
        Ok(false)
    }
}
