//! A client that counts its connections.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use httpkit::{Client, ClientBuilder, EventKind, Response};

/// A client, and how many connections it has opened.
pub(crate) struct Counted {
    pub(crate) client: Client,
    opened: Arc<AtomicUsize>,
}

impl Counted {
    pub(crate) fn new() -> Counted {
        Counted::with(Client::builder())
    }

    pub(crate) fn with(builder: ClientBuilder) -> Counted {
        let opened: Arc<AtomicUsize> = Arc::default();
        let counter = opened.clone();
        let client = builder.on_event(move |event| {
            if let EventKind::Connected { .. } = event.kind {
                counter.fetch_add(1, Ordering::SeqCst);
            }
        });
        Counted { client: client.build().unwrap(), opened }
    }

    pub(crate) fn opened(&self) -> usize {
        self.opened.load(Ordering::SeqCst)
    }

    /// The response to a GET, which must not fail.
    pub(crate) fn get(&self, url: &str) -> Response {
        self.client.get(url).send().unwrap_or_else(|error| panic!("{error:?}"))
    }

    /// The text of a response with status 200 to a GET.
    pub(crate) fn text(&self, url: &str) -> String {
        let response = self.get(url);
        assert_eq!(response.status(), 200, "{url}");
        response.text().unwrap()
    }
}
