//! The second session of Python's `httplib`: a form, sent by POST.
//!
//! `cargo run --example httplib_post [HOST:PORT]`

use httpkit::{HttpConnection, Method, Result, encode_form};
use httpkit_examples::host_or_pages;

fn main() -> Result<()> {
    let (host, _server) = host_or_pages();

    let form = encode_form(&[("spam", 1), ("eggs", 2), ("bacon", 0)])?;
    let headers = [("Content-type", "application/x-www-form-urlencoded"), ("Accept", "text/plain")];
    let mut connection = HttpConnection::new(&host)?;
    connection.request(Method::POST, "/cgi-bin/query", &form, &headers)?;
    let mut response = connection.get_response()?;
    println!("POST {form}: {} {}", response.status().code(), response.reason());
    let body = response.read_all()?;
    println!("{}", String::from_utf8_lossy(&body));
    drop(response);
    connection.close();
    Ok(())
}
