use httpkit::http_client;

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/users")]
    fn users(&self) -> httpkit::Result<impl Iterator<Item = u8>>;
}

fn main() {}
