use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[post("/users")]
    #[json]
    fn create(&self, #[body] user: &str) -> Result<()>;
}

fn main() {}
