//! The examples of httpkit; run one with `cargo run --example NAME`.
//!
//! They need no network: each starts a small server on loopback, unless it is given a host to ask.

use httpkit::testing::{Received, Reply, Server};

/// A server with two pages, as in the sessions of Python's `httplib`: `/index.html` and a query form.
pub fn pages() -> Server {
    Server::start(|request| match (request.method(), request.target()) {
        ("GET", "/index.html") => Reply::new(200)
            .header("Content-Type", "text/html")
            .body("<!doctype html><title>Spam</title><p>Spam, eggs and bacon.\n"),
        ("POST", "/cgi-bin/query") => {
            let form = String::from_utf8_lossy(request.body());
            Reply::text(200, &format!("ordered: {}\n", form.replace('&', ", ")))
        }
        _ => Reply::text(404, "nothing here\n"),
    })
}

/// A small book shop that speaks JSON.
pub fn book_shop() -> Server {
    Server::start(answer)
}

fn answer(request: &Received) -> Reply {
    let (path, query) = request.target().split_once('?').unwrap_or((request.target(), ""));
    match (request.method(), path) {
        ("GET", "/v1/books/7") => Reply::json(200, &book(7, "The Left Hand of Darkness", query)),
        ("GET", "/v1/books") => Reply::json(
            200,
            &format!("[{}, {}]", book(7, "The Left Hand of Darkness", ""), book(8, "Kindred", "")),
        ),
        ("POST", "/v1/books") if request.body().len() > 52 => {
            Reply::json(422, r#"{"title": "too long", "detail": "a title has up to 40 letters"}"#)
        }
        ("POST", "/v1/books") => {
            let sent = String::from_utf8_lossy(request.body());
            Reply::json(201, &sent.replacen('{', r#"{"id": 9, "#, 1)).header("Location", "/v1/books/9")
        }
        _ => Reply::json(404, r#"{"title": "no such book"}"#),
    }
}

fn book(id: u32, title: &str, query: &str) -> String {
    format!(r#"{{"id": {id}, "title": "{title}", "note": "{query}"}}"#)
}

/// The host that the first argument names; without one, a server of [`pages`], which lives as long as the second
/// value.
pub fn host_or_pages() -> (String, Option<Server>) {
    std::env::args().nth(1).map_or_else(
        || {
            let server = pages();
            (server.address().to_string(), Some(server))
        },
        |host| (host, None),
    )
}
