use httpkit::http_client;

#[http_client(base = "https://example.org")]
pub struct Api {
    pub name: String,
}

fn main() {}
