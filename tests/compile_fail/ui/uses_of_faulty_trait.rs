use httpkit::{Result, http_client};

#[http_client]
pub trait Api {
    #[get("users")]
    fn users(&self) -> Result<()>;
}

fn all(api: &dyn Api) -> Result<()> {
    api.users()
}

pub fn run() -> Result<()> {
    all(&ApiClient::builder().build()?)
}

fn main() {}
