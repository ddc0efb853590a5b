use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/users")]
    extern "C" fn users(&self) -> Result<()>;
}

fn main() {}
