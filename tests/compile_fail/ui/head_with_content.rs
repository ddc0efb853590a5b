use httpkit::{Lines, Pages, Response, Result, http_client};

#[derive(serde::Deserialize)]
pub struct User;

/// The type decides, not its spelling.
type Nothing = ();
type Text = String;

#[http_client(base = "https://example.org")]
pub trait Api {
    #[head("/users")]
    fn user(&self) -> Result<User>;

    #[head("/users")]
    fn text(&self) -> Result<Option<Text>, Box<dyn std::error::Error>>;

    #[http("HEAD", "/users")]
    fn bytes(&self) -> Result<Response<Vec<u8>>>;

    #[head("/users")]
    fn generic<T: serde::de::DeserializeOwned + 'static>(&self) -> Result<T>;

    #[head("/users")]
    fn lines(&self) -> Result<Response<Lines<User>>>;

    #[head("/users")]
    fn pages(&self) -> Result<Pages<User>>;

    #[head("/users")]
    fn unit(&self) -> Result<Nothing>;

    #[head("/users")]
    fn optional(&self) -> Result<Option<()>>;

    #[head("/users")]
    fn with_head(&self) -> Result<Response<Option<()>>>;

    #[head("/users")]
    fn raw(&self) -> Result<Response>;
}

fn main() {}
