use httpkit::{Result, http_client};

#[http_client(bse = "https://example.org")]
pub trait Api {
    #[get("/users")]
    fn users(&self) -> Result<()>;
}

fn main() {}
