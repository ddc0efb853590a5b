use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/users")]
    pub fn users(&self) -> Result<()>;
}

fn main() {}
