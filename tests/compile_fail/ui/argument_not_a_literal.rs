use httpkit::{Result, http_client};

pub const BASE: &str = "https://example.org";

#[http_client(base = BASE)]
pub trait Api {
    #[get("/users")]
    fn users(&self) -> Result<()>;
}

fn main() {}
