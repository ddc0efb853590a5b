//! Many requests of many threads through one client: what it uses is bounded, and what it promises holds when
//! connections die at any moment.
//!
//! The threads and descriptors of this process are counted, so there is no harness, which has threads of its
//! own: the tests run one after the other. An argument picks those whose names contain it.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the finding")]

mod async_contexts;
mod chance;
mod closing_servers;
mod resources;
mod shutting_down;
mod steady;

use std::env;

type Test = (&'static str, fn());

const TESTS: [Test; 6] = [
    ("many_requests_take_few_connections", steady::many_requests_take_few_connections),
    (
        "idempotent_requests_outlive_connections_that_close",
        closing_servers::idempotent_requests_outlive_connections_that_close,
    ),
    ("a_first_request_takes_a_policy", closing_servers::a_first_request_takes_a_policy),
    ("a_client_lives_and_dies_on_one_async_thread", async_contexts::on_one_thread),
    ("a_client_lives_and_dies_on_several_async_threads", async_contexts::on_several_threads),
    ("a_shut_down_ends_what_is_under_way", shutting_down::a_shut_down_ends_what_is_under_way),
];

fn main() {
    let filter = env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    for (name, test) in TESTS.iter().filter(|(name, _)| name.contains(&filter)) {
        println!("test {name} ...");
        test();
        println!("test {name} ... ok");
    }
}
