//! Requests that are led elsewhere, and which of a client's headers go there.

use std::{borrow::Cow, fmt};

use super::{Answer, Engine, Total};
use crate::{
    connection::say_nothing_of_the_head,
    error::Result,
    event::EventKind,
    headers::Headers,
    net::now,
    proxy::AUTHORIZATION,
    redirect::{Answered, Hop, RedirectPolicy, Step},
    request::Request,
    retry::Retries,
};

/// The headers of a client. They are for the origin of its base URL; where there is none, for whatever URL the
/// user names. Any other origin is sent those that hold no secret.
#[derive(Clone)]
pub(crate) struct DefaultHeaders {
    pub(super) headers: Headers,
    /// Whether `Host` is one of them.
    pub(super) name_host: bool,
    are_safe: bool,
    /// Whether they say nothing of the head as a whole, and are sent to servers and through proxies alike.
    pub(super) are_plain: bool,
}

impl From<Headers> for DefaultHeaders {
    fn from(headers: Headers) -> DefaultHeaders {
        DefaultHeaders {
            name_host: headers.contains("host"),
            are_safe: headers.are_for_any_origin(),
            are_plain: say_nothing_of_the_head(&headers) && !headers.contains(AUTHORIZATION),
            headers,
        }
    }
}

/// As `Headers` shows itself: without secrets.
impl fmt::Debug for DefaultHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.headers.fmt(f)
    }
}

impl Engine {
    /// Follows a redirect, and those behind it, to the final response.
    #[cold]
    pub(super) fn follow(
        &self,
        request: &mut Request<'_>,
        mut answer: Answer,
        mut retries: Option<Retries<'_>>,
        total: Total,
        history: &mut Vec<Hop>,
    ) -> Result<Answer> {
        while answer.head.status.is_redirection()
            && let Some(step) = self.next_step(request, &answer, history)?
        {
            request.tell(EventKind::Redirected { status: answer.head.status, location: &step.url });
            self.set_aside(answer);
            request.redirect(step)?;
            let now = now();
            answer = if self.is_identified(request) {
                self.answer_identified(request, &mut retries, now, total)?
            } else {
                self.answer_by_policy(request, &mut retries, now, total)?
            };
        }
        Ok(answer)
    }

    /// Where a redirect leads; `None` where it is the response.
    fn next_step(
        &self,
        request: &Request<'_>,
        answer: &Answer,
        history: &mut Vec<Hop>,
    ) -> Result<Option<Step>> {
        let answered = Answered {
            method: &request.method,
            url: &request.url,
            headers: &request.headers,
            body_can_be_sent: request.body.can_be_sent(),
            status: answer.head.status,
            response_headers: &answer.head.headers,
        };
        self.redirects_of(request).next(&answered, history)
    }

    fn redirects_of<'r>(&'r self, request: &'r Request<'_>) -> &'r RedirectPolicy {
        request.options.redirects.as_ref().unwrap_or(&self.redirects)
    }

    /// The headers of the client that go along with a request.
    #[inline]
    pub(super) fn default_headers_for(&self, request: &Request<'_>) -> Cow<'_, DefaultHeaders> {
        if self.default_headers.are_safe {
            return Cow::Borrowed(&self.default_headers);
        }
        self.judged_headers_for(request)
    }

    #[inline(never)]
    fn judged_headers_for(&self, request: &Request<'_>) -> Cow<'_, DefaultHeaders> {
        if self.is_for_service(request) {
            return Cow::Borrowed(&self.default_headers);
        }
        let mut headers = self.default_headers.headers.clone();
        headers.keep_for_any_origin(self.redirects_of(request).safe_headers());
        Cow::Owned(headers.into())
    }

    /// Whether a request leads where the client's headers are for.
    fn is_for_service(&self, request: &Request<'_>) -> bool {
        !request.options.is_foreign
            && self.base_url.as_ref().is_none_or(|base| base.is_same_origin(&request.url))
    }
}
