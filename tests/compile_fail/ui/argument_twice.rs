use httpkit::{Result, http_client};

#[http_client(base = "https://a.example", base = "https://b.example")]
pub trait Api {
    #[get("/users")]
    fn users(&self) -> Result<()>;
}

fn main() {}
