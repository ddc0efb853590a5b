use httpkit::{Result, http_client};

#[http_client(base = "/api/v1")]
pub trait Api {
    #[get("/users")]
    fn users(&self) -> Result<()>;
}

fn main() {}
