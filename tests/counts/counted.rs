//! The program whose system calls and instructions are counted: `counted serve` prints the port of a server
//! and serves until its input ends; `counted get PORT REQUESTS` sends pooled GET requests to it, and `counted get-minded` does
//! so with all that a request can be ended by; `counted dial PORT REQUESTS` opens a connection for each; `counted
//! drip BYTES` reads a head of so many bytes that come one by one.

use std::{env, io, time::Duration};

use httpkit::{
    CancelToken, Client, ClientBuilder, HttpConnection, Limits, LowSpeed, Method, Timeouts, Url,
    testing::{Act, Script, ScriptedConnector, Server},
};
use httpkit_tests::ten_headers;

const LONG: Duration = Duration::from_secs(30);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => {
            let server = Server::start(|_| ten_headers());
            println!("{}", server.address().port());
            io::copy(&mut io::stdin(), &mut io::sink())?;
        }
        ["get", port, requests] => get(Client::builder(), None, port, requests.parse()?)?,
        ["get-minded", port, requests] => {
            let low_speed = Some(LowSpeed::new(1, LONG));
            let timeouts = Timeouts::new().send(LONG).low_speed(low_speed);
            let token = CancelToken::new();
            get(Client::builder().timeouts(timeouts), Some(&token), port, requests.parse()?)?;
        }
        ["dial", port, requests] => {
            let token = CancelToken::new();
            for token in [None, Some(&token)] {
                get(Client::builder().max_idle_per_host(0), token, port, requests.parse()?)?;
            }
        }
        ["drip", bytes] => read_dripping_head(bytes.parse()?)?,
        _ => {
            return Err(
                "usage: counted serve | counted get|get-minded|dial PORT REQUESTS | counted drip BYTES"
                    .into(),
            );
        }
    }
    Ok(())
}

/// Sends requests with a deadline, one after the other.
fn get(
    builder: ClientBuilder,
    token: Option<&CancelToken>,
    port: &str,
    requests: u32,
) -> httpkit::Result<()> {
    let client = builder.timeout(LONG).build()?;
    let url = Url::parse(&format!("http://127.0.0.1:{port}/some/path?query=1"))?;
    for _ in 0..requests {
        let request = client.get(&url);
        let request = if let Some(token) = token { request.cancel_token(token) } else { request };
        assert_eq!(request.send()?.bytes()?, b"ok");
    }
    Ok(())
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
