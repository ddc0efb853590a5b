use httpkit::http_client;

pub struct Failure;

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/users")]
    fn users(&self) -> Result<(), Failure>;
}

fn main() {}
