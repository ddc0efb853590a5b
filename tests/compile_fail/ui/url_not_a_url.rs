use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get]
    fn next(&self, #[url] url: u32) -> Result<()>;
}

fn main() {}
