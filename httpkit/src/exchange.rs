//! One request, one final response.
//!
//! This is the whole way of a request through the client, from top to bottom: follow redirects, and for each
//! request take a connection that waits or open one, send, get the response, and try once more where a waiting
//! connection turned out dead.

mod identity;
mod redirects;
mod retries;

use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};

pub(crate) use self::{identity::Identity, redirects::DefaultHeaders};
use crate::{
    authorization::basic_of_user_info,
    coding::AcceptEncoding,
    config::{Bounds, ConnectionConfig},
    connection::{Automatic, BufferPool, HttpConnection, Timings},
    error::{Error, ErrorKind, Phase, Result, TimeoutLimit},
    event::{EventHooks, EventKind},
    limits::Limits,
    net::{CancelTokens, Deadline, now},
    peer::Peer,
    pool::{Lease, NotAdmitted, Pool},
    proxy::{AUTHORIZATION, Proxies, Proxy},
    redirect::{Hop, RedirectPolicy},
    request::Request,
    retry::{Budget, RetryPolicy, may_be_repeated},
    setting::Setting,
    url::{HostPort, Url},
    wire::ResponseHead,
};

/// What all clones of a client share.
pub(crate) struct Engine {
    /// What relative URLs are appended to.
    pub(crate) base_url: Option<Url>,
    /// The total time of a request that has none of its own.
    pub(crate) timeout: Option<Duration>,
    pub(crate) connections: Arc<ConnectionConfig>,
    /// What leads to which URL.
    pub(crate) proxies: Proxies,
    /// When a request that says nothing of its own is sent again.
    pub(crate) retry: Option<Arc<RetryPolicy>>,
    pub(crate) retry_budget: Budget,
    /// Who sees what happens to requests.
    pub(crate) events: EventHooks,
    pub(crate) pool: Pool,
    pub(crate) buffers: Arc<BufferPool>,
    /// Which content codings are asked for, and undone.
    pub(crate) accept_encoding: AcceptEncoding,
    /// Which redirects are followed, unless a request says otherwise.
    pub(crate) redirects: RedirectPolicy,
    /// Whose cookies and credentials are sent.
    pub(crate) identity: Identity,
    /// Sent with each request that has no field of the same name.
    pub(crate) default_headers: DefaultHeaders,
}

/// The head of the final response, and the connection that its body comes over.
pub(crate) struct Answer {
    pub(crate) head: ResponseHead,
    pub(crate) connection: Lease,
    /// How many attempts it took.
    pub(crate) attempts: u32,
}

impl Engine {
    /// Sends the request, and what redirects make of it, until there is a final response. The requests before
    /// are noted in `history`. The time runs from when it `began`.
    pub(crate) fn exchange(
        &self,
        request: &mut Request<'_>,
        history: &mut Vec<Hop>,
        began: Instant,
    ) -> Result<Answer> {
        let total = self.total_of(request);
        let total =
            Total { deadline: Deadline::since(request.options.began.unwrap_or(began), total), limit: total };
        request.options.resolved = self.resolve_bounds(request);
        authorize(request)?;
        if let Some(observation) = self.events.observe() {
            request.options.observation = observation;
            request.tell(EventKind::Started);
        }
        let mut retries = self.retries(request);
        let answered = if self.is_identified(request) {
            self.answer_identified(request, &mut retries, began, total)
        } else {
            self.answer_by_policy(request, &mut retries, began, total)
        };
        let answered = match answered {
            Ok(answer) if answer.head.status.is_redirection() => {
                self.follow(request, answer, retries, total, history)
            }
            answered => answered,
        };
        answered.map_err(|error| {
            let error = error.with_request(&request.method, &request.url);
            request.tell(EventKind::Failed { error: &error });
            error
        })
    }

    /// Sends the request over a connection that waits or, where none does or it was stale, over a new one.
    fn answer(&self, request: &mut Request<'_>, now: Instant, total: Total) -> Result<Answer> {
        let proxies = request.options.proxies.as_ref().unwrap_or(&self.proxies);
        let proxy = proxies.choose(&request.url)?;
        if let Some(idle) = self.pool.check_out(self.peer(&request.url, proxy.as_ref()), now) {
            match self.attempt(idle, request, total) {
                Err(error) if was_stale(&error) && may_be_sent_again(request, &error) => {
                    request.body.rewind().map_err(ErrorKind::BodySource)?;
                }
                answered => return answered,
            }
        }
        let fresh = self.new_connection(&request.url, proxy);
        let connection = self.admit(fresh, request, total)?;
        self.attempt(connection, request, total)
    }

    /// Waits until the new connection may be opened, or another one to the same peer is idle.
    fn admit(&self, fresh: Box<HttpConnection>, request: &Request<'_>, total: Total) -> Result<Lease> {
        let timeout = self.bounds_of(request).timeouts.pool.value;
        let deadline = total.deadline.min(Deadline::after_optional(timeout));
        self.pool.admit(fresh, deadline, self.cancel_tokens(request)).map_err(|refused| match refused {
            NotAdmitted::TimedOut => {
                let limit = total.expired().or(timeout.map(TimeoutLimit::Pool));
                let limit = limit.unwrap_or(TimeoutLimit::System);
                Error::new(ErrorKind::Timeout { phase: Phase::Pool, limit }).unsent()
            }
            NotAdmitted::Cancelled => Error::new(ErrorKind::Cancelled).unsent(),
        })
    }

    /// Returns the total timeout of a request, if it has one.
    pub(crate) fn total_of(&self, request: &Request<'_>) -> Option<Duration> {
        request.options.timeout.or(Setting::default_of(self.timeout)).value
    }

    /// Returns the timeouts and limits of a request. Returns `None` if they are the client's.
    fn resolve_bounds(&self, request: &Request<'_>) -> Option<Arc<Bounds>> {
        let own = request.options.bounds.as_deref()?;
        Some(Arc::new(own.over(&self.connections.bounds)))
    }

    /// Returns the limits of a request that is not being executed.
    pub(crate) fn limits_of(&self, request: &Request<'_>) -> Limits {
        self.resolve_bounds(request).as_ref().unwrap_or(&self.connections.bounds).limits
    }

    fn bounds_of<'a>(&'a self, request: &'a Request<'_>) -> &'a Arc<Bounds> {
        request.options.resolved.as_ref().unwrap_or(&self.connections.bounds)
    }

    /// Who may end what a request waits for.
    pub(crate) fn cancel_tokens<'t>(&'t self, request: &'t Request<'_>) -> CancelTokens<'t> {
        let (exchange, shutdown) = (&request.options.cancel, &self.connections.shutdown);
        CancelTokens { exchange: exchange.as_ref(), shutdown: shutdown.as_ref() }
    }

    /// Who has to answer requests to this URL.
    fn peer<'a>(&'a self, url: &'a Url, proxy: Option<&'a Proxy>) -> Peer<'a> {
        let route = &self.connections.route;
        Peer { scheme: url.scheme(), host: url.host(), port: url.port(), route, proxy }
    }

    fn new_connection(&self, url: &Url, proxy: Option<Proxy>) -> Box<HttpConnection> {
        let server = HostPort { host: url.host().to_owned(), port: url.port() };
        let (config, buffers) = (self.connections.clone(), self.buffers.clone());
        let mut connection = HttpConnection::to(url.scheme(), server, config, Some(buffers));
        connection.set_proxy(proxy);
        Box::new(connection)
    }

    fn attempt(&self, mut connection: Lease, request: &mut Request<'_>, total: Total) -> Result<Answer> {
        connection.set_bounds(self.bounds_of(request));
        connection.set_deadline(total.deadline, total.limit);
        connection.set_cancel_token(request.options.cancel.clone());
        connection.set_interim_hook(request.options.interim.clone());
        if request.options.observation.is_on() {
            open_observed(&mut connection, request)?;
        }
        self.put_head(&mut connection, request)?;
        connection.send_request(&mut request.body)?;
        request.tell(EventKind::Sent);
        let head = connection.begin_response()?;
        request.tell(EventKind::HeadReceived { status: head.status });
        Ok(Answer { head, connection, attempts: 1 })
    }

    fn put_head(&self, connection: &mut HttpConnection, request: &Request<'_>) -> Result<()> {
        let defaults = self.default_headers_for(request);
        let names_host = defaults.name_host || request.headers.contains("host");
        let automatic = if names_host { Automatic::NONE } else { Automatic::HOST };
        if let Some(proxy) = connection.proxy() {
            return self.put_head_through(&proxy.clone(), connection, request, automatic);
        }
        connection.begin_request(request.method.clone(), request.url.target(), automatic)?;
        if defaults.are_plain && request.headers.is_empty() {
            connection.put_plain_headers(&defaults.headers);
        } else if defaults.headers.contains(AUTHORIZATION) || request.headers.contains(AUTHORIZATION) {
            // Without a proxy, there is nobody whom credentials for one are for (RFC 9110 §11.7.2).
            let mut headers = defaults.headers.clone();
            headers.replace_by(&request.headers);
            headers.remove(AUTHORIZATION);
            connection.put_headers(&headers)?;
        } else {
            connection.put_headers_unless(&defaults.headers, &request.headers)?;
            connection.put_headers(&request.headers)?;
        }
        request.options.looked_up.as_ref().map_or(Ok(()), |headers| connection.put_headers(headers))
    }

    /// As [`put_head`](Self::put_head), on a connection through a proxy: it alone sees what is for it.
    fn put_head_through(
        &self,
        proxy: &Proxy,
        connection: &mut HttpConnection,
        request: &Request<'_>,
        automatic: Automatic,
    ) -> Result<()> {
        let mut headers = self.default_headers_for(request).into_owned().headers;
        headers.replace_by(&request.headers);
        if let Some(looked_up) = &request.options.looked_up {
            headers.replace_by(looked_up);
        }
        if connection.is_forwarded() {
            connection.begin_request(request.method.clone(), request.url.absolute_target(), automatic)?;
            connection.put_headers_unless(proxy.headers(), &headers)?;
        } else {
            headers.remove(AUTHORIZATION);
            connection.begin_request(request.method.clone(), request.url.target(), automatic)?;
        }
        connection.put_headers(&headers)
    }
}

/// The deadline of an exchange, and the total timeout that it comes from.
#[derive(Clone, Copy)]
pub(crate) struct Total {
    deadline: Deadline,
    limit: Option<Duration>,
}

impl Total {
    /// Returns the total timeout if it has expired.
    fn expired(self) -> Option<TimeoutLimit> {
        self.limit.filter(|_| self.deadline.has_passed()).map(TimeoutLimit::Total)
    }
}

/// Opens a connection that is not open, and tells how long that took.
#[cold]
fn open_observed(connection: &mut HttpConnection, request: &Request<'_>) -> Result<()> {
    if connection.is_open() {
        connection.measure();
        request.tell(EventKind::Reused);
        return Ok(());
    }
    let began = now();
    connection.connect()?;
    let Timings { dns, connect, proxy, tls, total: took, .. } = connection.timings_since(began);
    let remote_addr = connection.remote_addr();
    request.tell(EventKind::Connected { took, dns, connect, proxy, tls, remote_addr });
    Ok(())
}

/// Turns the user info of the URL into credentials, unless the request brings its own.
fn authorize(request: &mut Request<'_>) -> Result<()> {
    // Out of the URL, so that a response and its history do not have the password.
    let Some(user_info) = request.url.take_user_info() else { return Ok(()) };
    if !request.headers.contains("authorization") {
        request.headers.set("Authorization", basic_of_user_info(&user_info)?)?;
    }
    Ok(())
}

/// Whether the server had closed the connection while it waited: it ended before a byte of the response.
fn was_stale(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::RemoteDisconnected => true,
        ErrorKind::Io(source) => {
            matches!(
                source.kind(),
                io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted
            )
        }
        _ => false,
    }
}

/// Whether sending the request again does no harm and is possible.
fn may_be_sent_again(request: &Request<'_>, error: &Error) -> bool {
    let harmless = may_be_repeated(&request.method, &request.headers) || !error.may_have_been_processed();
    harmless && request.body.can_be_sent()
}
