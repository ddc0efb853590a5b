use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/search?q=user:{name}")]
    fn search(&self, name: &str) -> Result<()>;
}

fn main() {}
