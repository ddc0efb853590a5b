//! The first session of Python's `httplib`: two GET requests on one connection.
//!
//! `cargo run --example httplib_get [HOST[:PORT]]`

use httpkit::{HttpConnection, Method, Result};
use httpkit_examples::host_or_pages;

fn main() -> Result<()> {
    let (host, _server) = host_or_pages();

    let mut connection = HttpConnection::new(&host)?;
    for target in ["/index.html", "/parrot.spam"] {
        connection.request(Method::GET, target, (), &[])?;
        let mut response = connection.get_response()?;
        println!("GET {target}: {} {}", response.status().code(), response.reason());
        let body = response.read_all()?;
        println!("{}", String::from_utf8_lossy(&body));
    }
    connection.close();
    Ok(())
}
