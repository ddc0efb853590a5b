use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/")]
    fn log_in(&self, #[basic] credentials: &str) -> Result<()>;
}

fn main() {}
