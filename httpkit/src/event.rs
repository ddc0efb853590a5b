//! What happens to a request on its way, for who wants to measure.

use std::{
    fmt,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use httpkit_status::StatusCode;

use crate::{error::Error, method::Method, net::now, url::Url};

/// Something that happens to a request: shown to the functions of
/// [`ClientBuilder::on_event`](crate::ClientBuilder::on_event), on the thread that sends it.
///
/// `Debug` shows no secrets: a [`Url`] leaves its user info out.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Event<'a> {
    /// A number that all events of one request have in common, over its attempts and redirects, and no other
    /// request of this process has.
    pub exchange: u64,
    /// The method.
    pub method: &'a Method,
    /// The URL, at this time.
    pub url: &'a Url,
    /// The time since the request was to be sent.
    pub elapsed: Duration,
    /// What has happened.
    pub kind: EventKind<'a>,
}

/// What happens to a request. `Started` comes first; `Finished` or `Failed` comes last, and once.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum EventKind<'a> {
    /// It is about to be sent.
    Started,
    /// It takes a connection that was waiting.
    Reused,
    /// It has opened a connection.
    #[non_exhaustive]
    Connected {
        /// How long that took.
        took: Duration,
        /// How long it took to resolve the name of the host, or of the proxy; see [`Timings`](crate::Timings).
        dns: Option<Duration>,
        /// ... to connect,
        connect: Option<Duration>,
        /// ... until a proxy led on,
        proxy: Option<Duration>,
        /// ... and for the handshake of TLS.
        tls: Option<Duration>,
        /// The address of the server, or of the proxy in front of it.
        remote_addr: Option<SocketAddr>,
    },
    /// It has been sent, with its body.
    Sent,
    /// The response leads elsewhere, and the request goes there: what follows is about the new one.
    #[non_exhaustive]
    Redirected {
        /// The status of the redirect.
        status: StatusCode,
        /// Where it leads: `Location`, resolved. It shows no user info.
        location: &'a Url,
    },
    /// The head of a response is there: the final one, unless `Retried` follows, or a redirect.
    #[non_exhaustive]
    HeadReceived {
        /// Its status.
        status: StatusCode,
    },
    /// An attempt has failed, and another one follows behind a wait.
    #[non_exhaustive]
    Retried {
        /// How many attempts there have been.
        attempts: u32,
        /// The wait.
        wait: Duration,
        /// What went wrong, where no response came.
        error: Option<&'a Error>,
    },
    /// The body of the final response has been read, or given up.
    #[non_exhaustive]
    Finished {
        /// The status.
        status: StatusCode,
        /// How many bytes of the body were read, with their content codings;
        /// [`Response::drain`](crate::Response::drain) reads some, too.
        bytes: u64,
    },
    /// There is no response, or its body cannot be read to its end.
    #[non_exhaustive]
    Failed {
        /// Why.
        error: &'a Error,
    },
}

/// Receives the events of all requests of a client.
pub(crate) trait EventHook: Send + Sync {
    fn see(&self, event: &Event<'_>);

    /// Drops what is kept for a request. Called after its last event, and also if a panic kept that from coming.
    fn forget(&self, exchange: u64) {
        let _ = exchange;
    }
}

impl<F: Fn(&Event<'_>) + Send + Sync> EventHook for F {
    fn see(&self, event: &Event<'_>) {
        self(event);
    }
}

/// The hooks of a client. `None` if there are none, which costs nothing.
#[derive(Clone, Default)]
pub(crate) struct EventHooks(Option<Arc<Vec<Box<dyn EventHook>>>>);

impl EventHooks {
    pub(crate) fn new(hooks: Vec<Box<dyn EventHook>>) -> EventHooks {
        EventHooks((!hooks.is_empty()).then(|| Arc::new(hooks)))
    }

    /// Begins to observe a request, if there are hooks.
    #[inline]
    pub(crate) fn observe(&self) -> Option<Observation> {
        self.0.as_ref().map(observe)
    }
}

#[cold]
fn observe(hooks: &Arc<Vec<Box<dyn EventHook>>>) -> Observation {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let exchange = NEXT.fetch_add(1, Ordering::Relaxed);
    Observation(Some(Arc::new(Observed { hooks: hooks.clone(), exchange, began: now() })))
}

/// The observation of one request, shared by the request and its response. `None` if there are no hooks.
#[derive(Clone, Default)]
pub(crate) struct Observation(Option<Arc<Observed>>);

struct Observed {
    hooks: Arc<Vec<Box<dyn EventHook>>>,
    exchange: u64,
    began: Instant,
}

impl Observed {
    #[cold]
    fn tell(&self, method: &Method, url: &Url, kind: EventKind<'_>) {
        let event =
            Event { exchange: self.exchange, method, url, elapsed: now().duration_since(self.began), kind };
        self.hooks.iter().for_each(|hook| hook.see(&event));
    }
}

/// Runs when a request and its response are gone, in whatever way: a panic of a hook, a connector or a body source
/// unwinds past the event that would end the request.
impl Drop for Observed {
    fn drop(&mut self) {
        self.hooks.iter().for_each(|hook| hook.forget(self.exchange));
    }
}

impl Observation {
    pub(crate) fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Tells what has happened, if anybody looks on.
    #[inline]
    pub(crate) fn tell(&self, method: &Method, url: &Url, kind: EventKind<'_>) {
        if let Some(observed) = &self.0 {
            observed.tell(method, url, kind);
        }
    }
}

impl fmt::Debug for Observation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_on() { "Observation" } else { "None" })
    }
}
