use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/search{?query,pag}")]
    fn search(&self, query: &str, page: u32) -> Result<()>;
}

fn main() {}
