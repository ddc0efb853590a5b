use httpkit::{Pages, Result, http_client};

pub struct User;

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/users")]
    fn users(&self) -> Result<Pages<Vec<User>>>;
}

fn main() {}
