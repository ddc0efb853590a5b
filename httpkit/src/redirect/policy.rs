//! Which redirects are followed.

use std::{fmt, sync::Arc};

use super::{
    hop::Hop,
    next::{Answered, NextRequest, Step, chain, refused},
};
use crate::{
    error::{Error, ErrorKind, Result},
    violation::Violation,
};

/// Which redirects are followed, and what goes along.
///
/// Those with status 301, 302, 303, 307 and 308 are, up to 10 in a row. POST becomes GET at 301 and 302, and any
/// method but HEAD at 303; then the body and the headers that describe it are left out. Another origin (scheme,
/// host or port) is sent only the headers that hold no secret (`Accept`, `User-Agent`, `Range`, preconditions,
/// those of a body), and what was left out once does not come back. No redirect leads from `https` to `http`.
///
/// A response without a `Location` is returned as it is. What cannot be followed is an error:
/// [`TooManyRedirects`](crate::ErrorKind::TooManyRedirects), or
/// [`RedirectRefused`](crate::ErrorKind::RedirectRefused) for a `Location` that is no URL of a server, or
/// contradicts another, for a step to `http`, and where a body is asked for once more that can be sent once only.
///
/// ```
/// use httpkit::{Client, RedirectAction, RedirectPolicy};
///
/// let policy = RedirectPolicy::limited(3).keep_header("traceparent").on_redirect(|next| {
///     if next.url().host().ends_with(".example") { RedirectAction::Follow } else { RedirectAction::Stop }
/// });
/// let client = Client::builder().redirects(policy).build()?;
/// # Ok::<(), httpkit::Error>(())
/// ```
#[derive(Clone)]
pub struct RedirectPolicy(Arc<Rules>);

#[derive(Clone)]
struct Rules {
    /// How many are followed; `None` means that a redirect is returned as it is.
    limit: Option<usize>,
    allows_downgrade: bool,
    /// Names of headers that go to every origin.
    safe_headers: Vec<Box<str>>,
    hook: Option<Arc<Hook>>,
}

type Hook = dyn Fn(&mut NextRequest<'_>) -> RedirectAction + Send + Sync;

/// What is done about a redirect.
#[derive(Debug)]
#[non_exhaustive]
pub enum RedirectAction {
    /// The next request is sent.
    Follow,
    /// The redirect is the response.
    Stop,
    /// The request fails with [`RedirectRefused`](crate::ErrorKind::RedirectRefused), for this reason.
    Fail(Box<dyn std::error::Error + Send + Sync>),
}

impl Default for RedirectPolicy {
    fn default() -> RedirectPolicy {
        RedirectPolicy::limited(10)
    }
}

impl RedirectPolicy {
    /// Follows up to `limit` redirects in a row; one more is an error. The default is 10.
    pub fn limited(limit: usize) -> RedirectPolicy {
        RedirectPolicy::with_limit(Some(limit))
    }

    /// Follows none: each is a response as any other.
    pub fn none() -> RedirectPolicy {
        RedirectPolicy::with_limit(None)
    }

    fn with_limit(limit: Option<usize>) -> RedirectPolicy {
        let rules = Rules { limit, allows_downgrade: false, safe_headers: Vec::new(), hook: None };
        RedirectPolicy(Arc::new(rules))
    }

    fn rules_mut(&mut self) -> &mut Rules {
        Arc::make_mut(&mut self.0)
    }

    /// Follows redirects from `https` to `http` too, where anybody on the way can read and change the request.
    #[must_use]
    pub fn allow_downgrade(mut self) -> RedirectPolicy {
        self.rules_mut().allows_downgrade = true;
        self
    }

    /// Sends a header to other origins too. Name none that holds a secret.
    #[must_use]
    pub fn keep_header(mut self, name: &str) -> RedirectPolicy {
        self.rules_mut().safe_headers.push(name.into());
        self
    }

    /// Asks `hook` about each redirect that would be followed. It sees the requests so far and the next one,
    /// which it may change.
    #[must_use]
    pub fn on_redirect(
        mut self,
        hook: impl Fn(&mut NextRequest<'_>) -> RedirectAction + Send + Sync + 'static,
    ) -> RedirectPolicy {
        self.rules_mut().hook = Some(Arc::new(hook));
        self
    }

    /// The names of headers that go to every origin, beyond those that do by themselves.
    pub(crate) fn safe_headers(&self) -> &[Box<str>] {
        &self.0.safe_headers
    }

    /// The next request; `None` where the response is to be returned. `history` has the requests before; the
    /// one that was answered is added where it is followed.
    pub(crate) fn next(&self, answered: &Answered<'_>, history: &mut Vec<Hop>) -> Result<Option<Step>> {
        let Some(limit) = self.0.limit else { return Ok(None) };
        history.push(Hop::new(answered.method.clone(), answered.url.clone(), answered.status));
        let step = self.judge(answered, history, limit)?;
        if step.is_none() {
            history.pop();
        }
        Ok(step)
    }

    fn judge(&self, answered: &Answered<'_>, history: &[Hop], limit: usize) -> Result<Option<Step>> {
        let Rules { allows_downgrade, safe_headers, hook, .. } = &*self.0;
        let Some(mut next) = NextRequest::after(answered, history, safe_headers)? else {
            return Ok(None);
        };
        if history.len() > limit {
            return Err(Error::new(ErrorKind::TooManyRedirects { limit, chain: chain(history) }));
        }
        next.judge(answered, *allows_downgrade)?;
        match hook.as_ref().map_or(RedirectAction::Follow, |hook| hook(&mut next)) {
            RedirectAction::Follow => Ok(Some(next.into_step())),
            RedirectAction::Stop => Ok(None),
            RedirectAction::Fail(reason) => {
                let rule = Violation::new(
                    "the redirect policy refuses this URL",
                    next.url().redacted().to_string().as_bytes(),
                );
                Err(refused(rule, history, Some(reason)))
            }
        }
    }
}

impl fmt::Debug for RedirectPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedirectPolicy")
            .field("limit", &self.0.limit)
            .field("allows_downgrade", &self.0.allows_downgrade)
            .field("safe_headers", &self.0.safe_headers)
            .field("has_hook", &self.0.hook.is_some())
            .finish()
    }
}
