use httpkit::http_client;

#[http_client(base = "https://example.org")]
pub trait Api {
    include!("methods.rs");
}

fn main() {}
