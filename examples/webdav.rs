//! A typed client of WebDAV: verbs of its own, and XML decoded by a type of its own.
//!
//! `cargo run --example webdav`, which starts a small server; or `cargo run --example webdav -- URL`, which makes
//! a collection `httpkit-example` there and deletes it again.

#[path = "webdav/client.rs"]
mod client;
#[path = "webdav/server.rs"]
mod server;

use client::{Multistatus, WebDav, WebDavClient};
use httpkit::{Result, StatusCode};

fn main() -> Result<()> {
    match std::env::args().nth(1) {
        Some(url) => tour(&url),
        None => tour(&server::start().url("")),
    }
}

fn tour(url: &str) -> Result<()> {
    let dav = WebDavClient::builder().base(url).build()?;
    let url = url.trim_end_matches('/');

    println!("MKCOL:  {}", dav.make_collection("httpkit-example")?.status());
    println!("PUT:    {}", dav.write("httpkit-example/a.txt", "spam and eggs\n", None)?.status());

    let Multistatus(resources) = dav.list("httpkit-example", 1)?;
    println!("PROPFIND, as a list:");
    for resource in resources {
        let kind = if resource.is_collection { "collection" } else { "file" };
        println!("  {kind} {}, length {:?}", resource.href, resource.length);
    }

    let token = dav.lock_exclusively("httpkit-example/a.txt")?;
    println!("LOCK:   {}", token.coded_url());
    match dav.lock_exclusively("httpkit-example/a.txt") {
        Err(error) if error.status() == Some(StatusCode::Locked) => println!("again:  {error}"),
        other => println!("unexpectedly, {other:?}"),
    }
    println!(
        "PUT:    {} with the token",
        dav.write("httpkit-example/a.txt", "ham\n", Some(&token))?.status()
    );
    dav.unlock("httpkit-example/a.txt", &token.coded_url())?;

    let destination = format!("{url}/httpkit-example/b.txt");
    println!("MOVE:   {}", dav.rename("httpkit-example/a.txt", &destination)?.status());
    println!("GET:    {:?}", dav.read("httpkit-example/b.txt")?);
    println!("DELETE: {}", dav.delete("httpkit-example")?.status());
    println!("GET:    {:?}", dav.read("httpkit-example/b.txt")?);
    Ok(())
}
