use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/users?sort=name{?page}")]
    fn users(&self, page: u32) -> Result<()>;
}

fn main() {}
