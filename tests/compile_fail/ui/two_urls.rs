use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get]
    fn next(&self, #[url] url: &str, #[url] other: &str) -> Result<()>;
}

fn main() {}
