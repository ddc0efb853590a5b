use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[http("PURGE ALL", "/users")]
    fn purge(&self) -> Result<()>;
}

fn main() {}
