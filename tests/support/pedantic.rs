//! A typed client as a library would publish it: it gives no lint a reason to complain.

#![deny(warnings, clippy::pedantic, missing_docs)]

use httpkit::{ApiError, Response, Result, http_client};
use serde::{Deserialize, Serialize};

/// A user.
#[derive(Debug, Serialize, Deserialize)]
pub struct User {
    /// Their name.
    pub name: String,
}

/// Users.
#[http_client(base = "http://127.0.0.1:1", headers("x-version" = "1"))]
pub trait Users {
    /// All of them.
    #[get("/users{?page,tags*}")]
    fn list(&self, page: Option<u32>, tags: &[&str], #[flag] all: bool) -> Result<Vec<User>>;

    /// One of them.
    #[get("/users/{id}{/part}")]
    fn one(&self, id: u64, part: Option<&str>) -> Result<Option<User>>;

    /// One more.
    #[post("/users")]
    fn create(
        &self,
        #[json] user: &User,
        #[header("x-note")] note: Option<&str>,
        #[bearer] token: &str,
    ) -> Result<Response<User>, ApiError<User>>;

    /// As a file.
    #[put("/users/{+path}")]
    fn upload(&self, path: &str, #[body("text/csv")] rows: &[u8], #[basic] who: (&str, &str)) -> Result<()>;

    /// How many there are.
    ///
    /// # Errors
    /// As [`list`](Users::list).
    fn count(&self) -> Result<usize> {
        Ok(self.list(None, &[], false)?.len())
    }
}
