use httpkit::{Result, http_client};

#[http_client(base = "https://example.org:65536")]
pub trait Api {
    #[get("/users")]
    fn users(&self) -> Result<()>;
}

fn main() {}
