use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/users")]
    fn users(&self, #[query(flaten)] filter: &str) -> Result<()>;
}

fn main() {}
