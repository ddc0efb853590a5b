use httpkit::{Result, http_client};

pub struct User;

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/users")]
    fn user(&self) -> Result<User>;
}

fn main() {}
