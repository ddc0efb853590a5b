use httpkit::{Result, http_client};

#[http_client(base = "https://example.org/{tenant}")]
pub trait Api {
    #[get("/users")]
    fn users(&self) -> Result<()>;
}

fn main() {}
