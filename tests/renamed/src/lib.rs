//! A typed client in a crate that has httpkit under another name, and with fewer features than the tests that
//! use it.

#![forbid(unsafe_code)]

use transport::{Bytes, Response, Result, http_client};

/// All that generated code names, by a name that is not `httpkit`.
#[http_client(crate = transport, headers("x-crate" = "renamed"))]
pub trait Pages {
    /// One page.
    #[get("/pages/{id}{?tags*}")]
    fn page(&self, id: u32, tags: &[&str], #[bearer] token: Option<&str>) -> Result<Response<Bytes>>;

    /// Replaces a page.
    #[put("/pages/{id}")]
    fn replace(&self, id: u32, #[json] page: &[&str], #[header("if-match")] tag: &str) -> Result<()>;

    /// Whatever a response has pointed to.
    #[get]
    fn next(&self, #[url] url: &str) -> Result<Option<String>>;
}
