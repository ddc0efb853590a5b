use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/users?page=1")]
    fn users(&self, #[query] page: u32) -> Result<()>;
}

fn main() {}
