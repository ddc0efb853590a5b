//! The program whose system calls and instructions are counted: `counted serve` prints the port of a server
//! and serves until its input ends; `counted get PORT REQUESTS` sends pooled GET requests to it.

use std::{env, io, time::Duration};

use httpkit::{Client, Url, testing::Server};
use httpkit_tests::ten_headers;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => {
            let server = Server::start(|_| ten_headers());
            println!("{}", server.address().port());
            io::copy(&mut io::stdin(), &mut io::sink())?;
        }
        ["get", port, requests] => {
            let client = Client::builder().timeout(Duration::from_secs(30)).build()?;
            let url = Url::parse(&format!("http://127.0.0.1:{port}/some/path?query=1"))?;
            for _ in 0..requests.parse()? {
                let response = client.get(&url).send()?;
                assert_eq!(response.bytes()?, b"ok");
            }
        }
        _ => return Err("usage: counted serve | counted get PORT REQUESTS".into()),
    }
    Ok(())
}
