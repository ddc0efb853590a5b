//! Typed clients, against a server on loopback: what arrives there, and what comes back.

mod base_url;
mod content;
mod errors;
mod events;
mod generated;
mod headers;
mod keys;
mod lines;
mod middleware;
mod mocks;
mod pages;
mod path;
mod pedantic;
mod pieces;
mod query;
mod renamed;
mod return_types;
#[rustfmt::skip] // One row a line.
mod rfc6570;
mod settings;
mod streams;
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
