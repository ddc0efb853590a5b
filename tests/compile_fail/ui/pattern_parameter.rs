use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/points/{x}/{y}")]
    fn point(&self, (x, y): (u8, u8)) -> Result<()>;
}

fn main() {}
