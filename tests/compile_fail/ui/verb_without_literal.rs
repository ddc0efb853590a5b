use httpkit::{Result, http_client};

pub const USERS: &str = "/users";

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get(USERS)]
    fn users(&self) -> Result<()>;
}

fn main() {}
