//! A client as a daemon sets it up: bounded in every way, patient with a server that is not, and observed.
//!
//! `cargo run --example daemon`

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use httpkit::{
    Client, Event, EventKind, Limits, Next, Request, Response, Result, RetryPolicy, StatusCode, Timeouts,
    testing::{Received, Reply, Server},
};

fn main() -> Result<()> {
    let server = moody_server();
    let tokens = Tokens(Mutex::new("token-0".to_owned()));
    let client = Client::builder()
        .base_url(server.url("/v1"))
        .user_agent("stock-daemon/1.0")
        .timeout(Duration::from_secs(60))
        .timeouts(Timeouts::new().response(Duration::from_secs(10)))
        .limits(Limits::new().max_collected_bytes(1024 * 1024))
        .max_open_per_host(2)
        .max_lifetime(Duration::from_secs(600))
        .retry(RetryPolicy::new().attempts(4))
        .middleware(move |request, next| tokens.authorize(request, next))
        .on_event(log)
        .build()?;

    thread::scope(|scope| {
        for item in ["spam", "eggs", "bacon", "ham"] {
            let client = &client;
            scope.spawn(move || match stock(client, item) {
                Ok(stock) => println!("{item}: {stock}"),
                Err(error) => println!("{item}: {error}"),
            });
        }
    });
    println!("{} requests went over {} connections", server.received().len(), server.connections());

    // What a signal handler would do; requests that wait meanwhile end at once.
    client.shut_down();
    match stock(&client, "spam") {
        Ok(stock) => println!("unexpectedly, there is {stock}"),
        Err(error) => println!("after the end: {error}"),
    }
    Ok(())
}

fn stock(client: &Client, item: &str) -> Result<String> {
    client.get(format!("/stock/{item}")).send()?.error_for_status()?.text()
}

/// A token that is renewed when the server takes it no longer.
struct Tokens(Mutex<String>);

impl Tokens {
    fn authorize(&self, mut request: Request<'_>, next: Next<'_>) -> Result<Response> {
        let token = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        request.headers_mut().set("Authorization", format!("Bearer {token}"))?;
        let Some(first) = request.try_clone() else { return next.run(request) };
        let response = next.run(first)?;
        if response.status() != StatusCode::Unauthorized {
            return Ok(response);
        }
        response.drain();
        let token = self.renew(&token);
        request.headers_mut().set("Authorization", format!("Bearer {token}"))?;
        next.run(request)
    }

    /// The token after `old`, which another thread may have got already.
    fn renew(&self, old: &str) -> String {
        let mut token = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *token == old {
            // A daemon would ask its server for one.
            "token-1".clone_into(&mut token);
        }
        token.clone()
    }
}

/// What a daemon would count.
fn log(event: &Event<'_>) {
    let Event { exchange, method, url, kind, .. } = event;
    match kind {
        EventKind::Retried { attempts, .. } => {
            println!("  #{exchange} {method} {url}: attempt {attempts} failed");
        }
        EventKind::Finished { status, bytes, .. } => {
            println!("  #{exchange} {method} {url}: {status}, {bytes} bytes");
        }
        EventKind::Failed { error, .. } => println!("  #{exchange} {error}"),
        _ => {}
    }
}

/// A server that refuses the first token, and has no time for every third request.
fn moody_server() -> Server {
    let count = AtomicUsize::new(0);
    Server::start(move |request: &Received| {
        let is_authorized = request.header("Authorization").is_some_and(|value| value == "Bearer token-1");
        match count.fetch_add(1, Ordering::Relaxed) % 3 {
            2 => Reply::new(503).header("Retry-After", "0"),
            _ if is_authorized => Reply::text(200, "12 left"),
            _ => Reply::text(401, "an old token"),
        }
    })
}
