use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[post("/repos")]
    fn create(&self, name: &str) -> Result<()>;
}

fn main() {}
