//! Spans of the crate `tracing`, as a subscriber of the test's own records them.

use std::{
    collections::BTreeMap,
    fmt::{self, Write},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use httpkit::{
    Client, RetryPolicy,
    testing::{Reply, Server},
};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

/// The fields of a span, and of the events in it.
type Recorded = (String, Vec<String>);

/// Records all spans.
#[derive(Clone, Default)]
struct Recorder {
    spans: Arc<Mutex<BTreeMap<u64, Recorded>>>,
    next: Arc<AtomicU64>,
}

struct Fields<'s>(&'s mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.0, "{field}={value:?} ").unwrap();
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("httpkit")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let id = self.next.fetch_add(1, Ordering::Relaxed) + 1;
        let mut fields = format!("{} {} ", span.metadata().name(), span.metadata().level());
        span.record(&mut Fields(&mut fields));
        self.spans.lock().unwrap().insert(id, (fields, Vec::new()));
        Id::from_u64(id)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        values.record(&mut Fields(&mut self.spans.lock().unwrap().get_mut(&span.into_u64()).unwrap().0));
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = String::new();
        event.record(&mut Fields(&mut fields));
        let span = event.parent().unwrap().into_u64();
        self.spans.lock().unwrap().get_mut(&span).unwrap().1.push(fields);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn each_request_has_one_span_with_what_happened_in_it() {
    let recorder = Recorder::default();
    let server = Server::start(|request| match (request.target(), request.connection()) {
        ("/fails", _) => Reply::raw("nonsense\r\n\r\n"),
        (_, 0) => Reply::new(503),
        _ => Reply::text(200, "hello"),
    });
    let url = server.url("/a?b").replace("http://", "http://me:hidden@");
    tracing::subscriber::with_default(recorder.clone(), || {
        let policy = RetryPolicy::new().attempts(2).backoff(Duration::ZERO, Duration::ZERO);
        let client = Client::builder().tracing().retry(policy).build().unwrap();
        let response = client.get(&url).bearer("hidden").send().unwrap();
        assert_eq!(response.status().code(), 503);
        response.bytes().unwrap();
        client.get(server.url("/fails")).send().unwrap_err();
    });
    let spans = recorder.spans.lock().unwrap();
    let [(answered, events), (failed, _)] = &spans.values().collect::<Vec<_>>()[..] else {
        panic!("{spans:?}");
    };
    assert_eq!(
        *answered,
        format!("http_exchange DEBUG method=\"GET\" url=\"{}\" status=503 bytes=0 ", server.url("/a?..."))
    );
    let retried = events.iter().filter(|event| event.contains("message=another attempt follows")).count();
    assert_eq!((retried, events.len()), (1, 7), "{events:?}");
    assert!(
        failed.contains("url=") && failed.contains("error=") && failed.contains("bad status line"),
        "{failed}"
    );
    assert!(!format!("{spans:?}").contains("hidden"), "{spans:?}");
}
