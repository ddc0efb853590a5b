//! How long the parts of an exchange took.

use std::time::{Duration, Instant};

use super::HttpConnection;
use crate::{
    net::{Dialled, Stream, now},
    url::Scheme,
};

/// How long the parts of an exchange took.
///
/// What concerns the connection is `None` where it was not opened for the final response, but had served before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timings {
    /// Resolving the name of the host, or of the proxy in front of it. `None` for Unix domain sockets and for
    /// [`Connector`](crate::Connector)s.
    pub dns: Option<Duration>,
    /// Connecting to one of the addresses; whatever a [`Connector`](crate::Connector) does.
    pub connect: Option<Duration>,
    /// What a proxy took from then on: its own TLS, and the tunnel or SOCKS. `None` without a proxy.
    pub proxy: Option<Duration>,
    /// The handshake of TLS with the server. `None` for `http`.
    pub tls: Option<Duration>,
    /// From the start to the whole head of the final response: what others call the time to the first byte. On a
    /// connection that had served before, it is measured where a function of
    /// [`ClientBuilder::on_event`](crate::ClientBuilder::on_event) looks on.
    pub head: Option<Duration>,
    /// From the start to the call that asks, over redirects, attempts and waits.
    pub total: Duration,
}

/// What is measured of the first exchange on a connection, and of any that somebody looks at.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    dns: Option<Duration>,
    connect: Option<Duration>,
    proxy: Option<Duration>,
    tls: Option<Duration>,
    head: Option<Instant>,
}

impl Measured {
    /// As seen from the start of the exchange.
    pub(crate) fn since(&self, began: Instant) -> Timings {
        let Measured { dns, connect, proxy, tls, head } = *self;
        let head = head.map(|head| head.duration_since(began));
        Timings { dns, connect, proxy, tls, head, total: now().duration_since(began) }
    }
}

impl HttpConnection {
    /// What has been measured, once.
    #[inline]
    pub(crate) fn take_measured(&mut self) -> Option<Box<Measured>> {
        self.measured.take()
    }

    /// What has been measured so far of an exchange that began at this time.
    pub(crate) fn timings_since(&self, began: Instant) -> Timings {
        self.measured.as_ref().map_or_else(Timings::default, |measured| measured.since(began))
    }

    /// Measures the next exchange, also on a connection that is open.
    pub(crate) fn measure(&mut self) {
        self.measured = Some(Box::default());
    }

    pub(super) fn note_dialled(&mut self, dialled: &Dialled) {
        let (dns, connect) = (dialled.resolving, Some(dialled.connecting));
        self.measured = Some(Box::new(Measured { dns, connect, ..Measured::default() }));
    }

    /// Takes over what is known of the way to a proxy. What did not go into reaching it, it took itself.
    pub(super) fn note_proxy(&mut self, to_proxy: &mut HttpConnection, began: Instant) {
        let Measured { dns, connect, .. } = to_proxy.take_measured().map_or_else(Measured::default, |of| *of);
        let reached = dns.unwrap_or_default() + connect.unwrap_or_default();
        let proxy = Some(now().duration_since(began).saturating_sub(reached));
        self.measured = Some(Box::new(Measured { dns, connect, proxy, ..Measured::default() }));
    }

    /// Notes how long the handshake with the server took that has just been completed.
    pub(super) fn note_handshake(&mut self) {
        let took = self.stream.as_ref().and_then(Stream::handshake_took);
        if let Some(measured) = &mut self.measured {
            measured.tls = took.filter(|_| self.scheme == Scheme::Https);
        }
    }

    /// Notes that the final head is there.
    #[cold]
    pub(super) fn note_head(&mut self) {
        if self.exchanges == 1 {
            self.note_handshake();
            self.link.iter().for_each(|link| link.note_agreed(self.agreed()));
        }
        if let Some(measured) = &mut self.measured {
            measured.head = Some(now());
        }
    }
}
