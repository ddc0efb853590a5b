use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[trace("/users")]
    fn users(&self, #[json] filter: &str) -> Result<()>;
}

fn main() {}
