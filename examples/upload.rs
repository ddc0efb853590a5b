//! A form with a file, and a file as a body: both are read while they are sent, and tell how far they have come.
//!
//! `cargo run --example upload`

use std::{fs, fs::File, io};

use httpkit::{
    Client, HeaderValue, RequestBody,
    multipart::Form,
    testing::{Reply, Server},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::start(|request| {
        let content_type = request.header("Content-Type").and_then(HeaderValue::to_str);
        let content_type = content_type.and_then(|value| value.split(';').next()).unwrap_or("no type");
        Reply::text(201, &format!("{} bytes, {content_type}", request.body().len()))
    });
    let client = Client::new();
    let path = std::env::temp_dir().join(format!("httpkit-example-{}.txt", std::process::id()));
    fs::write(&path, "Spam, eggs, bacon and spam.\n".repeat(8000))?;

    println!("a form with a file:");
    let form = Form::new().text("dish", "spam").file("recipe", &path)?;
    let response = client.post(server.url("/dishes")).multipart(form).on_upload_progress(show).send()?;
    println!("  the server has got {}", response.error_for_status()?.text()?);

    println!("the file alone:");
    let request = client.put(server.url("/dishes/1/recipe")).header("Content-Type", "text/plain");
    let response = request.body(File::open(&path)?).on_upload_progress(show).send()?;
    println!("  the server has got {}", response.error_for_status()?.text()?);

    println!("a reader, whose length nobody knows, in chunks:");
    let reader = io::Read::chain(&b"to be read: "[..], File::open(&path)?);
    let body = RequestBody::from_reader(reader);
    let response = client.put(server.url("/dishes/1/recipe")).body(body).on_upload_progress(show).send()?;
    println!("  the server has got {}", response.error_for_status()?.text()?);

    Ok(fs::remove_file(path)?)
}

fn show(sent: u64, total: Option<u64>) {
    match total {
        Some(total) => println!("  {sent} of {total} bytes"),
        None => println!("  {sent} bytes"),
    }
}
