//! Servers that close connections when it suits them.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use httpkit::{
    Client, ClientBuilder, Error, ErrorKind, Method, Response, RetryPolicy,
    testing::{Received, Reply, Server},
};

use crate::{
    chance::choose,
    resources::{Resources, assert_all_gone},
};

const THREADS: u64 = 8;
const REQUESTS: u64 = 1_000;

/// How often requests have come, by their number.
type Deliveries = Arc<Mutex<HashMap<u64, u32>>>;

/// Each request has a number, as its target.
fn number(request: &Received) -> u64 {
    request.target()[1..].parse().unwrap()
}

fn deliver(deliveries: &Deliveries, number: u64) -> u32 {
    let mut deliveries = deliveries.lock().unwrap();
    let count = deliveries.entry(number).or_default();
    *count += 1;
    *count
}

fn close_without_answer() -> Reply {
    Reply::raw("").close()
}

/// One in eight is the last of its connection, without a word; one in eight is read and not answered, unless it is
/// the first of its connection.
fn server_that_closes(deliveries: &Deliveries) -> Server {
    let deliveries = deliveries.clone();
    let used = Mutex::new(HashSet::new());
    Server::start(move |request| {
        let is_first = used.lock().unwrap().insert(request.connection());
        let number = number(request);
        deliver(&deliveries, number);
        match choose(number, 8) {
            0 => Reply::text(200, request.target()).close(),
            1 if !is_first => close_without_answer(),
            _ => Reply::text(200, request.target()),
        }
    })
}

/// Also that no POST is delivered twice, and that an error which says that it was not processed is right.
pub(crate) fn idempotent_requests_outlive_connections_that_close() {
    let before = Resources::now();
    let deliveries = Deliveries::default();
    let server = server_that_closes(&deliveries);
    let client = Client::builder().base_url(server.url("")).max_idle_per_host(8).build().unwrap();
    let lost = AtomicUsize::new(0);
    thread::scope(|scope| {
        for worker in 0..THREADS {
            let (client, deliveries, lost) = (&client, &deliveries, &lost);
            scope.spawn(move || {
                for number in worker * REQUESTS..(worker + 1) * REQUESTS {
                    if let Err(error) = one_of_four_posts(client, deliveries, number) {
                        assert!(
                            matches!(error.kind(), ErrorKind::RemoteDisconnected | ErrorKind::Io(_)),
                            "{error}"
                        );
                        lost.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let repeated = deliveries.lock().unwrap().values().filter(|count| **count > 1).count();
    println!(
        "{} connections, {repeated} requests sent again, {} POST without an answer",
        server.connections(),
        lost.load(Ordering::Relaxed)
    );
    assert!(repeated > 0 && lost.into_inner() > 0, "the server has closed nothing that mattered");
    drop((client, server));
    assert_all_gone(before);
}

/// Sends a request. All but POST succeed; the error is that of a POST.
fn one_of_four_posts(client: &Client, deliveries: &Deliveries, number: u64) -> Result<(), Error> {
    let method = [Method::GET, Method::PUT, Method::DELETE, Method::POST]
        [usize::try_from(number % 4).unwrap()]
    .clone();
    let is_post = method == Method::POST;
    let target = format!("/{number}");
    let request = client.request(method, &target);
    let request = if number % 2 == 1 { request.body("content") } else { request };
    let answered = request.send().and_then(Response::text);
    let delivered = deliveries.lock().unwrap().get(&number).copied().unwrap_or_default();
    match answered {
        Ok(text) => {
            assert_eq!(text, target);
            assert!(if is_post { delivered == 1 } else { delivered >= 1 }, "{target} came {delivered} times");
            Ok(())
        }
        Err(error) => {
            assert!(is_post, "{target}: {error}");
            let may_have_come = u32::from(error.may_have_been_processed());
            assert!(delivered <= may_have_come, "{target} came {delivered} times: {error}");
            Err(error)
        }
    }
}

/// How often a server reads this request without answering it.
fn refusals(number: u64) -> u32 {
    u32::try_from(choose(number, 8).saturating_sub(5)).unwrap()
}

fn server_that_refuses(deliveries: &Deliveries) -> Server {
    let deliveries = deliveries.clone();
    Server::start(move |request| {
        let number = number(request);
        if deliver(&deliveries, number) <= refusals(number) {
            return close_without_answer();
        }
        Reply::text(200, request.target())
    })
}

/// On a connection that served no request before, an end without an answer is the server's answer: nobody but the
/// user knows that it is worth another attempt.
pub(crate) fn a_first_request_takes_a_policy() {
    let policy = RetryPolicy::new()
        .attempts(3)
        .backoff(Duration::from_micros(1), Duration::from_micros(1))
        .without_budget();
    let rows: [(ClientBuilder, u32); 2] = [(Client::builder(), 1), (Client::builder().retry(policy), 3)];
    for (builder, attempts) in rows {
        let deliveries = Deliveries::default();
        let server = server_that_refuses(&deliveries);
        let client = builder.base_url(server.url("")).max_idle_per_host(0).build().unwrap();
        thread::scope(|scope| {
            for worker in 0..THREADS {
                let (client, deliveries) = (&client, &deliveries);
                scope.spawn(move || {
                    for number in worker * 50..(worker + 1) * 50 {
                        let answered = client.get(format!("/{number}")).send();
                        let needed = refusals(number) + 1;
                        assert_eq!(answered.is_ok(), needed <= attempts, "{number}: {answered:?}");
                        assert_eq!(deliveries.lock().unwrap()[&number], needed.min(attempts), "{number}");
                    }
                });
            }
        });
    }
}
