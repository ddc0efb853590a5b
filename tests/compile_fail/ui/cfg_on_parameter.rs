use httpkit::{Result, http_client};

#[http_client(base = "https://example.org")]
pub trait Api {
    #[get("/users")]
    fn users(
        &self,
        #[cfg(unix)]
        #[query]
        page: u32,
    ) -> Result<()>;
}

fn main() {}
