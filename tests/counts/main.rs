//! The cost of requests, counted: allocations, system calls, instructions. These figures are exact.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the finding")]

mod bodies;
mod instructions;
mod system_calls;

use std::time::Duration;

use httpkit::{
    Client,
    testing::{Reply, Server},
};

/// The number of requests in a workload of `counted`: what happens once per workload does not show.
const REQUESTS: u32 = 1000;

/// A small response with ten header fields, as an API sends it.
fn ten_headers() -> Reply {
    [
        ("Date", "Mon, 02 Nov 2026 10:00:00 GMT"),
        ("Server", "nginx"),
        ("Content-Type", "text/plain"),
        ("Connection", "keep-alive"),
        ("Cache-Control", "no-store"),
        ("ETag", "\"5f2c1a9e\""),
        ("Vary", "Accept"),
        ("X-Request-Id", "7b7d2f0e6f5c4f7e"),
        ("X-RateLimit-Remaining", "4999"),
    ]
    .into_iter()
    .fold(Reply::new(200), |reply, (name, value)| reply.header(name, value))
    .body("ok")
}

#[test]
fn pooled_get_allocates_twice_and_its_body() {
    let server = Server::start(|_| ten_headers());
    let client = Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
    let url = server.url("/some/path?query=1");
    let get = || client.get(&url).send().unwrap();
    get().bytes().unwrap();
    let mut response = None;
    let head = allocation_counter::measure(|| response = Some(get()));
    let body = allocation_counter::measure(|| assert_eq!(response.take().unwrap().bytes().unwrap(), b"ok"));
    println!("{} allocations for a pooled GET, {} for its body", head.count_total, body.count_total);
    assert!(head.count_total <= 2, "{head:?}");
    assert!(body.count_total <= 1, "{body:?}");
}
