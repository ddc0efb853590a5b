use httpkit::{Result, http_client};

#[http_client(base = "ftp://example.org")]
pub trait Api {
    #[get("/users")]
    fn users(&self) -> Result<()>;
}

fn main() {}
