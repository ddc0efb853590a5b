//! Spans of the crate `tracing`, as a subscriber of the test's own records them.

use std::{
    collections::BTreeMap,
    fmt::{self, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use httpkit::{
    Client, ClientBuilder, EventKind, RetryPolicy,
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
    /// The handles of spans that are not closed yet.
    handles: Arc<AtomicI64>,
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
        self.handles.fetch_add(1, Ordering::SeqCst);
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

    fn clone_span(&self, id: &Id) -> Id {
        self.handles.fetch_add(1, Ordering::SeqCst);
        id.clone()
    }

    fn try_close(&self, _: Id) -> bool {
        self.handles.fetch_sub(1, Ordering::SeqCst);
        true
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
    assert_eq!(recorder.handles.load(Ordering::SeqCst), 0);
}

/// Adds a hook that panics at each event of this name.
fn panicking(builder: ClientBuilder, at: &'static str) -> ClientBuilder {
    builder.on_event(move |event| assert!(name(&event.kind) != at, "the hook's own panic"))
}

fn name(kind: &EventKind<'_>) -> &'static str {
    match kind {
        EventKind::Started => "Started",
        EventKind::Connected { .. } => "Connected",
        EventKind::Sent => "Sent",
        EventKind::HeadReceived { .. } => "HeadReceived",
        EventKind::Redirected { .. } => "Redirected",
        EventKind::Retried { .. } => "Retried",
        EventKind::Finished { .. } => "Finished",
        EventKind::Failed { .. } => "Failed",
        _ => "other",
    }
}

#[test]
fn closes_span_after_panic_of_hook() {
    let server = Server::start(|request| match request.target() {
        "/redirect" => Reply::new(302).header("Location", "/fails"),
        "/again" => Reply::new(503),
        "/fails" => Reply::raw("nonsense\r\n\r\n"),
        _ => Reply::text(200, "hello"),
    });
    let recorder = Recorder::default();
    tracing::subscriber::with_default(recorder.clone(), || {
        for (at, target) in [
            ("Started", "/"),
            ("Connected", "/"),
            ("Sent", "/"),
            ("HeadReceived", "/"),
            ("Redirected", "/redirect"),
            ("Retried", "/again"),
            ("Finished", "/"),
            ("Failed", "/fails"),
        ] {
            for is_first in [true, false] {
                let policy = RetryPolicy::new().attempts(2).backoff(Duration::ZERO, Duration::ZERO);
                let builder = Client::builder().retry(policy);
                let builder = if is_first {
                    panicking(builder, at).tracing()
                } else {
                    panicking(builder.tracing(), at)
                };
                let client = builder.build().unwrap();
                let sent = || client.get(server.url(target)).send().and_then(httpkit::Response::text);
                catch_unwind(AssertUnwindSafe(sent)).expect_err(at);
                // The client is still there, so nothing but the request has closed its span.
                assert_eq!(recorder.handles.load(Ordering::SeqCst), 0, "{at}, first: {is_first}");
                drop(client);
            }
        }
    });
}

#[test]
fn closes_span_after_panic_of_body_source() {
    struct Source;

    impl std::io::Read for Source {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            panic!("the source's own panic")
        }
    }

    let server = Server::start(|_| Reply::new(204));
    let recorder = Recorder::default();
    tracing::subscriber::with_default(recorder.clone(), || {
        let client = Client::builder().tracing().build().unwrap();
        let sent = || client.post(server.url("/")).body(httpkit::RequestBody::from_reader(Source)).send();
        catch_unwind(AssertUnwindSafe(sent)).unwrap_err();
        assert_eq!(recorder.spans.lock().unwrap().len(), 1);
        assert_eq!(recorder.handles.load(Ordering::SeqCst), 0);
    });
}
