use httpkit::{Result, http_client};

#[http_client(bse = "https://example.org")]
pub trait Api {
    #[get("users")]
    fn users(&self, page: u32) -> Result<()>;

    #[post("/users/{id}")]
    async fn create(&self, name: &str, #[headr("etag")] tag: &str) -> Result<()>;

    fn forgotten(&self) -> Result<()>;
}

fn main() {}
