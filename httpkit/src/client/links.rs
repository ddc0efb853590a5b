//! The links that a response has.

use super::Response;
use crate::{
    error::{Error, ErrorKind, Result},
    headers::HeaderValue,
    url::{Url, reference_of},
    violation::Violation,
    web_link,
};

impl<T> Response<T> {
    /// Where the first link of this relation type leads, such as `next`, by the `Link` headers (RFC 8288). A
    /// reference is resolved against the URL that answered; the user info of a link is left out.
    ///
    /// ```
    /// use httpkit::{Client, testing::{Reply, Server}};
    ///
    /// let server = Server::start(|_| {
    ///     Reply::json(200, "[]").header("link", r#"<?page=1>; rel="first", <?page=3>; rel="next""#)
    /// });
    /// let response = Client::new().get(server.url("/issues?page=2")).send()?;
    /// let next = response.link("next")?.expect("there is a page 3");
    /// assert_eq!(next.as_str(), server.url("/issues?page=3"));
    /// assert_eq!(response.link("last")?, None);
    /// # Ok::<(), httpkit::Error>(())
    /// ```
    ///
    /// # Errors
    /// `BadLink` where a `Link` header is malformed before there is such a link, or leads to no HTTP server.
    pub fn link(&self, relation: &str) -> Result<Option<Url>> {
        let found =
            self.headers().get_all("link").find_map(|value| self.find_link(value, relation).transpose());
        found.transpose().map_err(|violation| self.blame(Error::new(ErrorKind::BadLink(violation))))
    }

    fn find_link(&self, value: HeaderValue<'_>, relation: &str) -> Result<Option<Url>, Violation> {
        let text = reference_of(value.as_bytes());
        let Some(target) = web_link::target(&text, relation)? else {
            return Ok(None);
        };
        let mut url = self.url().resolve(target).map_err(|error| error.0)?;
        url.take_user_info();
        Ok(Some(url))
    }
}
