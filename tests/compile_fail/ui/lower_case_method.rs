use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[http("delete", "/users")]
    fn clear(&self) -> Result<()>;
}

fn main() {}
