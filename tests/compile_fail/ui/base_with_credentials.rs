use httpkit::{Result, http_client};

#[http_client(base = "https://user:secret@example.org")]
pub trait Api {
    #[get("/users")]
    fn users(&self) -> Result<()>;
}

fn main() {}
