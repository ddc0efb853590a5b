use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[post("/users")]
    fn create(&self, #[json("user")] user: &str) -> Result<()>;
}

fn main() {}
