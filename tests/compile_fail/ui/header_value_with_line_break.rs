use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/users")]
    #[headers("x-note" = "a\r\nb")]
    fn users(&self) -> Result<()>;
}

fn main() {}
