use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/pages")]
    fn next(&self, #[url] url: &str) -> Result<()>;
}

fn main() {}
