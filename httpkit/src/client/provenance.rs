//! What is known of the way that a response came.

use std::{net::SocketAddr, sync::Arc, time::Instant};

#[cfg(feature = "__tls")]
use crate::net::TlsSession;
use crate::{
    connection::{HttpConnection, Link, Measured, Timings},
    net::now,
};

/// What a response keeps of its exchange when it no longer has the connection.
pub(super) struct Provenance {
    link: Option<Arc<Link>>,
    measured: Option<Box<Measured>>,
    began: Instant,
}

impl Provenance {
    #[inline]
    pub(super) fn of(connection: &mut HttpConnection, began: Instant) -> Provenance {
        Provenance { link: connection.link().cloned(), measured: connection.take_measured(), began }
    }

    /// That of a response that has come no way at all.
    pub(super) fn none(began: Instant) -> Provenance {
        Provenance { link: None, measured: None, began }
    }

    pub(super) fn timings(&self) -> Timings {
        match &self.measured {
            Some(measured) => measured.since(self.began),
            None => Timings { total: now().duration_since(self.began), ..Timings::default() },
        }
    }

    pub(super) fn remote_addr(&self) -> Option<SocketAddr> {
        self.link.as_ref()?.endpoints.remote
    }

    pub(super) fn local_addr(&self) -> Option<SocketAddr> {
        self.link.as_ref()?.endpoints.local
    }

    #[cfg(feature = "__tls")]
    pub(super) fn tls_session(&self) -> Option<&TlsSession> {
        self.link.as_ref()?.tls_session()
    }
}
