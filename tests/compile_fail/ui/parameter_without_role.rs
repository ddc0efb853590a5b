use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/repos")]
    fn repositories(&self, state: Option<&str>) -> Result<()>;
}

fn main() {}
