use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/repos/{owner}/{rep}")]
    fn repository(&self, owner: &str, repo: &str) -> Result<()>;
}

fn main() {}
