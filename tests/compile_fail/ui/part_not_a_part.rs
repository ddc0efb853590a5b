use httpkit::{Result, http_client};

pub struct Photo;

#[http_client(base = "https://example.org")]
pub trait Api {
    #[post("/photos")]
    fn add(&self, #[part] photo: &Photo) -> Result<()>;
}

fn main() {}
