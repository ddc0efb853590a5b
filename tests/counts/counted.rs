//! The program whose system calls and instructions are counted: `counted PORT REQUESTS`.
//!
//! It runs each workload once, with REQUESTS requests to a server on that port of 127.0.0.1. A workload is a function
//! that is not inlined, so that callgrind counts it by name. Before and after it, the program looks up a file of this
//! name, which does not exist, so that strace shows where the workload begins and ends.

use std::{env, error::Error, fs, time::Duration};

use httpkit::{
    CancelToken, Client, HttpConnection, Limits, LowSpeed, Method, Timeouts, Url,
    testing::{Act, Script, ScriptedConnector},
};

const LONG: Duration = Duration::from_secs(30);
const KIB: usize = 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().collect();
    let [_, port, requests] = &arguments[..] else { return Err("usage: counted PORT REQUESTS".into()) };
    let url = Url::parse(&format!("http://127.0.0.1:{port}/some/path?query=1"))?;
    let requests = requests.parse()?;

    let client = Client::builder().timeout(LONG).build()?;
    get(&client, &url, None)?;
    marked("pooled_gets", || pooled_gets(&client, &url, requests))?;

    let timeouts = Timeouts::new().send(LONG).low_speed(LowSpeed::new(1, LONG));
    let client = Client::builder().timeout(LONG).timeouts(timeouts).build()?;
    let token = CancelToken::new();
    get(&client, &url, Some(&token))?;
    marked("limited_gets", || limited_gets(&client, &url, &token, requests))?;

    let client = Client::builder().timeout(LONG).max_idle_per_host(0).build()?;
    for _ in 0..10 {
        get(&client, &url, None)?;
        get(&client, &url, Some(&token))?;
    }

    head_of_8_kib()?;
    head_of_16_kib()?;
    head_of_32_kib()?;
    Ok(())
}

fn marked<T>(workload: &str, run: impl FnOnce() -> T) -> T {
    let _ = fs::metadata(workload);
    let result = run();
    let _ = fs::metadata(workload);
    result
}

fn get(client: &Client, url: &Url, token: Option<&CancelToken>) -> httpkit::Result<()> {
    let request = client.get(url);
    let request = if let Some(token) = token { request.cancel_token(token) } else { request };
    assert_eq!(request.send()?.bytes()?, b"ok");
    Ok(())
}

/// Requests with a deadline.
#[inline(never)]
fn pooled_gets(client: &Client, url: &Url, requests: u32) -> httpkit::Result<()> {
    (0..requests).try_for_each(|_| get(client, url, None))
}

/// Requests with every setting that can end one.
#[inline(never)]
fn limited_gets(client: &Client, url: &Url, token: &CancelToken, requests: u32) -> httpkit::Result<()> {
    (0..requests).try_for_each(|_| get(client, url, Some(token)))
}

#[inline(never)]
fn head_of_8_kib() -> httpkit::Result<()> {
    read_dripping_head(8 * KIB)
}

#[inline(never)]
fn head_of_16_kib() -> httpkit::Result<()> {
    read_dripping_head(16 * KIB)
}

#[inline(never)]
fn head_of_32_kib() -> httpkit::Result<()> {
    read_dripping_head(32 * KIB)
}

/// Reads a head whose fields are 64 bytes long, byte by byte.
fn read_dripping_head(bytes: usize) -> httpkit::Result<()> {
    let field = format!("X-Dripping: {}\r\n", "x".repeat(50));
    let head = format!("HTTP/1.1 204 No Content\r\n{}\r\n", field.repeat(bytes / field.len()));
    let script = head.bytes().fold(Script::new(), |script, byte| script.then(Act::Send(vec![byte])));
    let limits = Limits::new().max_head_bytes(head.len()).max_fields(bytes);
    let builder = HttpConnection::builder("h").connector(ScriptedConnector::new([script])).limits(limits);
    let mut connection = builder.build()?;
    connection.request(Method::GET, "/", (), &[])?;
    let response = connection.get_response()?;
    assert_eq!(response.headers().len(), bytes / field.len());
    Ok(())
}
