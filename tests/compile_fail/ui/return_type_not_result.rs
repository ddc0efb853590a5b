use httpkit::http_client;

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/users")]
    fn users(&self) -> String;
}

fn main() {}
