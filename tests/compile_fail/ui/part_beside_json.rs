use httpkit::{Result, http_client, multipart::Part};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[post("/photos")]
    fn json_first(&self, #[json] user: &str, #[part] photo: Part<'_>) -> Result<()>;

    #[post("/photos")]
    fn json_last(&self, #[part] photo: Part<'_>, #[part] title: &str, #[json] user: &str) -> Result<()>;

    #[post("/photos")]
    fn twice(&self, #[part] photo: Part<'_>, #[part("photo")] other: Part<'_>) -> Result<()>;

    #[trace("/photos")]
    fn trace(&self, #[part] photo: Part<'_>) -> Result<()>;

    #[post("/photos")]
    fn option(&self, #[part(file)] photo: Part<'_>) -> Result<()>;
}

fn main() {}
