//! Pages that are linked with each other.

mod visited;
mod walk;

use std::{fmt, iter::FusedIterator, mem};

use self::{visited::Visited, walk::Walk};
use super::{call::Call, from_response::FromResponse, output::Output};
use crate::{
    client::Response,
    error::{Error, ErrorKind, Result},
    redirect::is_downgrade,
    url::Url,
    violation::Violation,
};

/// So many pages are read unless the user says otherwise.
const MAX_PAGES: usize = 10_000;

/// The pages of a collection, each of which links to the next one by its head: `Link: <…>; rel="next"` (RFC 8288).
///
/// As the return type of a method, it is an iterator over the pages, each a [`Response`] with its own headers and
/// a `T`; [`items`](Pages::items) iterates over what is on them. The call itself reads the first page, and what is
/// wrong with that is its error. Each other page is asked for when it is wanted, by a GET without content and with
/// the headers of the call. The iterator ends behind the page without such a link, and with the first error.
///
/// ```
/// use httpkit::{Pages, Result, http_client, testing::{Reply, Server}};
///
/// #[http_client]
/// trait Tracker {
///     #[get("/issues{?state}")]
///     fn issues(&self, state: &str) -> Result<Pages<Vec<String>>>;
/// }
///
/// let server = Server::start(|request| match request.target() {
///     "/issues?state=open" => Reply::json(200, r#"["a", "b"]"#).header("link", r#"<?page=2>; rel="next""#),
///     _ => Reply::json(200, r#"["c"]"#),
/// });
/// let tracker = TrackerClient::builder().base(server.url("")).bearer("s3cr3t").build()?;
/// let issues: Vec<String> = tracker.issues("open")?.items().collect::<Result<_>>()?;
/// assert_eq!(issues, ["a", "b", "c"]);
/// # assert_eq!(server.received()[1].header("authorization").unwrap(), "Bearer s3cr3t");
/// # Ok::<(), httpkit::Error>(())
/// ```
///
/// The headers of the call, and with them its credentials, go to the origin of its URL. A link to another origin is
/// followed as a [redirect](crate::RedirectPolicy) is: with the headers that hold no secret, and what was left out
/// does not come back. A link from `https` to `http`, one that is no URL of a server, and one to a page that has
/// been read already are [`BadLink`](ErrorKind::BadLink); more than 10,000 pages are `TooLarge`.
///
/// For other ways from page to page, [`Response::link`] finds any link, and a parameter with `#[url]` takes it.
#[must_use = "pages are read when they are asked for"]
pub struct Pages<T> {
    walk: Walk,
    ahead: Ahead<T>,
    visited: Visited,
    limit: usize,
}

/// What comes next.
enum Ahead<T> {
    /// A page that has been read.
    Page(Response<T>),
    /// Where the next page is.
    Link(Url),
    /// What is wrong with the link to the next page.
    Fault(Error),
    Nothing,
}

impl<T: FromResponse> Pages<T> {
    /// Reads the first page.
    fn begin(mut call: Call<'_>) -> Result<Pages<T>> {
        call.ask_for(T::accept());
        let (walk, response) = Walk::begin(call, T::accepts)?;
        let page = walk.read(response)?;
        let mut visited = Visited::default();
        visited.insert(walk.start());
        Ok(Pages { walk, ahead: Ahead::Page(page), visited, limit: MAX_PAGES })
    }

    /// How many pages are read, at least the first; where there is another, that is `TooLarge`. Defaults to 10,000.
    /// To do without the rest, use [`Iterator::take`].
    pub fn max_pages(mut self, limit: usize) -> Pages<T> {
        self.limit = limit;
        self
    }

    /// Iterates over the items on all pages. A page is asked for when the items of the one before have been taken.
    pub fn items(self) -> impl Iterator<Item = Result<T::Item>>
    where
        T: IntoIterator,
    {
        self.flat_map(|page| {
            let (items, error) = match page {
                Ok(page) => (Some(page.into_value()), None),
                Err(error) => (None, Some(error)),
            };
            items.into_iter().flatten().map(Ok).chain(error.map(Err))
        })
    }

    /// What comes behind this page.
    fn behind(&mut self, page: &Response<T>) -> Ahead<T> {
        let found = page.link("next").and_then(|link| match link {
            Some(url) => self.judge(page, &url).map(|()| Ahead::Link(url)),
            None => Ok(Ahead::Nothing),
        });
        found.unwrap_or_else(|error| Ahead::Fault(self.walk.blame(error)))
    }

    /// Judges whether a link of this page may be followed, and with what.
    fn judge(&mut self, page: &Response<T>, url: &Url) -> Result<()> {
        for hop in page.history() {
            self.walk.pass(hop.url());
        }
        self.walk.pass(page.url());
        self.walk.pass(url);
        let refused = |rule| ErrorKind::BadLink(Violation::new(rule, url.redacted().to_string().as_bytes()));
        let kind = if self.visited.len() >= self.limit {
            let (limit, unit) = (self.limit as u64, "pages");
            ErrorKind::TooLarge { what: "sequence of pages", limit, unit, setting: "Pages::max_pages" }
        } else if is_downgrade(page.url(), url) {
            refused("a link from https to http is not followed")
        } else if !self.visited.insert(url) {
            refused("a link to the next page leads to none that has been read already")
        } else {
            return Ok(());
        };
        Err(page.blame(kind.into()))
    }
}

impl<T: FromResponse> Iterator for Pages<T> {
    type Item = Result<Response<T>>;

    fn next(&mut self) -> Option<Result<Response<T>>> {
        let page = match mem::replace(&mut self.ahead, Ahead::Nothing) {
            Ahead::Page(page) => Ok(page),
            Ahead::Link(url) => self.walk.ask(url),
            Ahead::Fault(error) => Err(error),
            Ahead::Nothing => return None,
        };
        if let Ok(page) = &page {
            self.ahead = self.behind(page);
        }
        Some(page)
    }
}

impl<T: FromResponse> FusedIterator for Pages<T> {}

/// Not made of one response, so no [`FromResponse`].
#[diagnostic::do_not_recommend]
impl<T: FromResponse, E: From<Error>> Output for Result<Pages<T>, E> {
    fn finish(call: Call<'_>) -> Self {
        let name = call.endpoint().qualified_name();
        Pages::begin(call).map_err(|error| E::from(error.with_endpoint(name)))
    }
}

/// Nothing of the content.
impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("visited", &self.visited.len())
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
