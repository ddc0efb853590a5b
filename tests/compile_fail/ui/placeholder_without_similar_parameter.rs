use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/repos/{owner}/{repo}")]
    fn repository(&self, owner: &str) -> Result<()>;
}

fn main() {}
