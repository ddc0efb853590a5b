//! Events as spans of the crate `tracing`.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use tracing::{Span, debug, debug_span, field::Empty};

use crate::event::{Event, EventHook, EventKind};

/// The spans of the requests in flight, by exchange number.
#[derive(Default)]
pub(crate) struct Spans(Mutex<HashMap<u64, Span>>);

impl EventHook for Spans {
    /// Opens, fills and closes the span of a request.
    fn see(&self, event: &Event<'_>) {
        if let EventKind::Started = event.kind {
            let (method, url) = (event.method.as_str(), event.url.redacted().to_string());
            let span =
                debug_span!("http_exchange", method, url, status = Empty, bytes = Empty, error = Empty);
            self.lock(|spans| spans.insert(event.exchange, span));
            return;
        }
        let is_over = matches!(event.kind, EventKind::Finished { .. } | EventKind::Failed { .. });
        let span = self.lock(|spans| {
            if is_over { spans.remove(&event.exchange) } else { spans.get(&event.exchange).cloned() }
        });
        if let Some(span) = span {
            tell(&span, &event.kind);
        }
    }

    fn forget(&self, exchange: u64) {
        // Dropped outside the lock: closing a span calls the subscriber.
        drop(self.lock(|spans| spans.remove(&exchange)));
    }
}

impl Spans {
    fn lock<T>(&self, act: impl FnOnce(&mut HashMap<u64, Span>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn tell(span: &Span, kind: &EventKind<'_>) {
    match kind {
        EventKind::Started => {}
        EventKind::Reused => debug!(parent: span, "a waiting connection is reused"),
        EventKind::Connected { took, dns, connect, proxy, tls, remote_addr } => {
            debug!(parent: span, ?took, ?dns, ?connect, ?proxy, ?tls, ?remote_addr, "connected");
        }
        EventKind::Sent => debug!(parent: span, "the request has been sent"),
        EventKind::HeadReceived { status } => {
            debug!(parent: span, status = status.code(), "the head of a response is there");
        }
        EventKind::Redirected { status, location } => {
            debug!(parent: span, status = status.code(), location = %location.redacted(), "it goes elsewhere");
        }
        EventKind::Retried { attempts, wait, error } => {
            let error = error.map(ToString::to_string);
            debug!(parent: span, attempts, ?wait, error, "another attempt follows");
        }
        EventKind::Finished { status, bytes } => {
            span.record("status", status.code());
            span.record("bytes", bytes);
        }
        EventKind::Failed { error } => {
            span.record("error", error.to_string());
        }
    }
}
