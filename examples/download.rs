//! A file whose connection breaks every 20,000 bytes: it comes whole all the same, and the second call continues
//! what the first one left.
//!
//! `cargo run --example download`

use std::path::Path;

use httpkit::{
    Client, HeaderValue, Result, RetryPolicy,
    testing::{Received, Reply, Server},
};

fn main() -> Result<()> {
    let server = Server::start(answer);
    let url = server.url("/poem.txt");
    let client = Client::new();
    let path = std::env::temp_dir().join(format!("httpkit-example-{}.txt", std::process::id()));

    println!("a call that gives up when the connection breaks:");
    match save(&client, &url, &path, 1) {
        Ok(length) => println!("  unexpectedly, there are {length} bytes"),
        Err(error) => println!("  {error}"),
    }

    println!("a call that does not:");
    let length = save(&client, &url, &path, 3)?;
    println!("  {length} bytes are in {}", path.display());

    println!("what the server was asked for:");
    for request in server.received() {
        let range = request.header("Range").and_then(HeaderValue::to_str).unwrap_or("all of it");
        println!("  GET {}, {range}", request.target());
    }
    let _ = std::fs::remove_file(path);
    Ok(())
}

fn save(client: &Client, url: &str, path: &Path, attempts: u32) -> Result<u64> {
    client
        .get(url)
        .download()
        .resume()
        .retry(RetryPolicy::new().attempts(attempts))
        .on_progress(|bytes, total| println!("  {bytes} of {} bytes", total.unwrap_or_default()))
        .save_to(path)
}

/// Of the rest of the file that is asked for, 20,000 bytes.
fn answer(request: &Received) -> Reply {
    let file = "Spam, eggs, bacon and spam.\n".repeat(2000);
    let range = request.header("Range").and_then(HeaderValue::to_str).unwrap_or_default();
    let start = range.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0);
    let (rest, last, length) = (&file[start..], file.len() - 1, file.len());
    let status = if start == 0 {
        "HTTP/1.1 200 OK".to_owned()
    } else {
        format!("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {start}-{last}/{length}")
    };
    let head = format!("{status}\r\nETag: \"1\"\r\nContent-Length: {}\r\n\r\n", rest.len());
    Reply::raw(head + &rest[..rest.len().min(20_000)]).close()
}
