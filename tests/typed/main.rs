//! Typed clients, against a server on loopback: what arrives there, and what comes back.

mod base_url;
mod content;
mod errors;
mod generated;
mod headers;
mod path;
mod pedantic;
mod query;
mod return_types;
mod url;

use httpkit::testing::{Received, Reply, Server};

/// A server that has nothing to say.
fn silent() -> Server {
    Server::start(|_| Reply::new(204))
}

/// The one request that the server has received.
fn only_request(server: &Server) -> Received {
    let mut received = server.received();
    assert_eq!(received.len(), 1, "{received:?}");
    received.remove(0)
}
