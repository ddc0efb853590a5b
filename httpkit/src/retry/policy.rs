//! What a user wants to have retried.

use std::time::Duration;

use httpkit_status::StatusCode;

use super::{backoff::Backoff, budget::Share};
use crate::{
    error::{Error, PASSING_STATUSES},
    headers::Headers,
    method::Method,
};

/// When a request that failed is sent again by itself: see [`ClientBuilder::retry`] and
/// [`RequestBuilder::retry`]. Without a policy nothing is.
///
/// | | default |
/// |---|---|
/// | attempts | 3 in all, over all redirects |
/// | waits | exponential with full jitter: up to 100 ms, 200 ms … 10 s |
/// | `Retry-After` | waited for, up to 60 s; where it asks for more, the response is returned |
/// | statuses | 408, 425, 429, 502, 503, 504 |
/// | errors | those of the moment: no connection, one that broke, a timeout |
/// | methods | idempotent ones (RFC 9110, Section 9.2.2), and any with an `Idempotency-Key` |
/// | budget | 20 retries for 100 requests of the client, and a reserve of 10 |
///
/// A request of which nothing was sent, as when no connection came about, is retried whatever its method. A
/// body that can be sent only once forbids a retry as soon as some of it has been read. Attempts and waits
/// together stay within the request's total time: a wait that would exceed it is not begun. The last
/// answer or error is what the caller gets; [`Response::attempts`] and [`Error::attempts`] count.
///
/// 500 is not among the statuses: it speaks of no passing condition (RFC 9110, Section 15.6.1), and most
/// often comes again.
///
/// ```
/// use std::time::Duration;
/// use httpkit::{Client, RetryPolicy, testing::{Reply, Server}};
///
/// let server = Server::start(|request| match request.connection() {
///     0 => Reply::new(503).close(),
///     _ => Reply::text(200, "back"),
/// });
/// let policy = RetryPolicy::new().backoff(Duration::from_millis(1), Duration::from_secs(1));
/// let client = Client::builder().retry(policy).build()?;
/// let response = client.get(server.url("/")).send()?;
/// assert_eq!((response.attempts(), response.text()?.as_str()), (2, "back"));
/// # Ok::<(), httpkit::Error>(())
/// ```
///
/// [`ClientBuilder::retry`]: crate::ClientBuilder::retry
/// [`RequestBuilder::retry`]: crate::RequestBuilder::retry
/// [`Response::attempts`]: crate::Response::attempts
/// [`Error::attempts`]: crate::Error::attempts
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    pub(super) max_attempts: u32,
    pub(super) backoff: Backoff,
    pub(super) max_retry_after: Duration,
    statuses: Vec<StatusCode>,
    any_method: bool,
    /// `None` for as many retries as attempts allow.
    pub(super) share: Option<Share>,
}

impl RetryPolicy {
    /// The policy of the table above.
    pub fn new() -> RetryPolicy {
        RetryPolicy {
            max_attempts: 3,
            backoff: Backoff { base: Duration::from_millis(100), cap: Duration::from_secs(10) },
            max_retry_after: Duration::from_secs(60),
            statuses: PASSING_STATUSES.to_vec(),
            any_method: false,
            share: Some(Share { percent: 20, reserve: 10 }),
        }
    }

    /// How many attempts there are in all; 1 means none beside the first. Defaults to 3.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> RetryPolicy {
        self.max_attempts = attempts;
        self
    }

    /// The longest wait before the second attempt, which doubles with each further one, up to `cap`. The
    /// wait is any time between none and that. Defaults to 100 ms and 10 s.
    #[must_use]
    pub fn backoff(mut self, base: Duration, cap: Duration) -> RetryPolicy {
        self.backoff = Backoff { base, cap };
        self
    }

    /// How long a wait a server may ask for by `Retry-After` (RFC 9110, Section 10.2.3). Defaults to 60 s.
    /// Where it asks for more, there is no further attempt, and its response is returned.
    #[must_use]
    pub fn max_retry_after(mut self, wait: Duration) -> RetryPolicy {
        self.max_retry_after = wait;
        self
    }

    /// The statuses that are retried, in place of the defaults.
    #[must_use]
    pub fn statuses(mut self, statuses: impl IntoIterator<Item = StatusCode>) -> RetryPolicy {
        self.statuses = statuses.into_iter().collect();
        self
    }

    /// Retries requests of any method, also where the server may have acted on the one before.
    #[must_use]
    pub fn any_method(mut self) -> RetryPolicy {
        self.any_method = true;
        self
    }

    /// Bounds the retries of all requests of a client together: so many for 100 requests, beside a reserve
    /// that is there at the start and saved up to at most. So a server that is down for everybody gets no
    /// multiple of the usual load. Defaults to 20 and 10.
    #[must_use]
    pub fn budget(mut self, percent: u32, reserve: u32) -> RetryPolicy {
        self.share = Some(Share { percent, reserve });
        self
    }

    /// Bounds the retries of all requests together by nothing.
    #[must_use]
    pub fn without_budget(mut self) -> RetryPolicy {
        self.share = None;
        self
    }

    pub(super) fn has_status(&self, status: StatusCode) -> bool {
        self.statuses.contains(&status)
    }

    /// Whether a request that a server may have acted on is sent again.
    pub(super) fn repeats(&self, method: &Method, headers: &Headers) -> bool {
        self.any_method || may_be_repeated(method, headers)
    }

    /// Whether a request that failed so is sent again.
    pub(super) fn has_error(&self, error: &Error, method: &Method, headers: &Headers) -> bool {
        error.is_of_the_moment() && (!error.may_have_been_processed() || self.repeats(method, headers))
    }
}

impl Default for RetryPolicy {
    fn default() -> RetryPolicy {
        RetryPolicy::new()
    }
}

/// Whether sending a request twice does the same as sending it once: its method says so (RFC 9110, Section
/// 9.2.2), or a key by which the server tells that it has seen it.
pub(crate) fn may_be_repeated(method: &Method, headers: &Headers) -> bool {
    method.is_idempotent() || headers.contains("idempotency-key")
}
