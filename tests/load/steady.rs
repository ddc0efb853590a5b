//! A server that does as it should.

use std::thread;

use httpkit::{
    Client,
    testing::{Reply, Server},
};

use crate::resources::{Resources, assert_all_gone};

const THREADS: usize = 8;
const REQUESTS: usize = 10_000;
/// A connection is one descriptor of the client and three of the test server.
const DESCRIPTORS: usize = 4 * THREADS;

/// Also that threads and descriptors do not grow with the requests, and that nothing is left.
pub(crate) fn many_requests_take_few_connections() {
    let before = Resources::now();
    let server = Server::start(|request| Reply::text(200, request.target()));
    let client = Client::builder().base_url(server.url("")).max_idle_per_host(THREADS).build().unwrap();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|worker| {
                let client = &client;
                scope.spawn(move || work(client, worker))
            })
            .collect();
        while let Some(before) = before.filter(|_| workers.iter().any(|worker| !worker.is_finished())) {
            let now = Resources::now().unwrap();
            // A thread of the server for each connection, and one that accepts them; it has a descriptor too, and
            // so has the folder that is just being counted.
            assert!(now.is_within(before, 2 * THREADS + 1, DESCRIPTORS + 2), "{now:?}, at first {before:?}");
            thread::sleep(std::time::Duration::from_millis(20));
        }
    });
    let connections = server.connections();
    println!("{} requests over {connections} connections", THREADS * REQUESTS);
    assert!(connections <= THREADS, "{connections} connections");
    drop((client, server));
    assert_all_gone(before);
}

fn work(client: &Client, worker: usize) {
    for number in 0..REQUESTS {
        let target = format!("/{worker}/{number}");
        assert_eq!(client.get(&target).send().unwrap().text().unwrap(), target);
    }
}
