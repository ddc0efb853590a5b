use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[put("/users/{id}")]
    fn replace(&self, #[json] id: u64) -> Result<()>;
}

fn main() {}
