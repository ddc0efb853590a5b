use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/users/{name:3}")]
    fn user(&self, name: &str) -> Result<()>;
}

fn main() {}
