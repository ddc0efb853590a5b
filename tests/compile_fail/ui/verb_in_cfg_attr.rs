use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[cfg_attr(unix, get("/users"))]
    fn users(&self) -> Result<()>;
}

fn main() {}
