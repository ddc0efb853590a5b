use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get]
    fn users(&self) -> Result<()>;
}

fn main() {}
