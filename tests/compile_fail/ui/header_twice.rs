use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/users")]
    #[headers("accept" = "a/b", "Accept" = "c/d")]
    fn users(&self) -> Result<()>;
}

fn main() {}
