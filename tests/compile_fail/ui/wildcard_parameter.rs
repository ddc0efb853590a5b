use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/users/{id}")]
    fn user(&self, _: u64) -> Result<()>;
}

fn main() {}
