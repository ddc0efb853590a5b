use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/users")]
    fn users(&self, #[bearer] token: &str, #[header("Authorization")] other: &str) -> Result<()>;
}

fn main() {}
