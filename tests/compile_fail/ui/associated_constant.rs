use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    const LIMIT: u32;

    #[get("/users")]
    fn users(&self) -> Result<()>;
}

fn main() {}
