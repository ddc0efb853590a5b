use httpkit::{Result, http_client};

pub struct User;

#[http_client(base = "https://example.org")]
pub trait Api {
    #[post("/users")]
    fn create(&self, #[body] user: User) -> Result<()>;
}

fn main() {}
