//! The jar that clients share.

use std::{
    fmt, fs,
    io::{self, Read, Write},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use super::{cookie::Cookie, netscape, saved, store::Store};
use crate::{headers::Headers, private_file, url::Url};

/// A cookie store that follows RFC 6265bis: cookies are sent to the hosts and paths that they were set for, until they
/// expire.
///
/// Clones share their cookies, so several clients can use one jar, and a program can inspect it meanwhile. A server can
/// set cookies for its own host and for the domains above it, except public suffixes (`com`, `co.uk`). The prefixes
/// `__Secure-` and `__Host-` are enforced. Over `http`, cookies that `https` has set as `Secure` are neither sent nor
/// replaced.
///
/// A domain has at most 180 cookies and a jar at most 3,000. If the jar is full, a site (the name below a public suffix,
/// with its subdomains) that has more than 180 loses its own cookies first, so that it cannot evict those of other
/// sites. A cookie has at most 4 KiB, its path at most 1 KiB, and it lasts at most 400 days. A request is sent with at
/// most 8 KiB of cookies.
///
/// ```
/// use httpkit::{Client, CookieJar, testing::{Reply, Server}};
///
/// let server = Server::start(|request| match request.header("cookie") {
///     None => Reply::text(200, "welcome").header("Set-Cookie", "visits=1"),
///     Some(cookie) => Reply::text(200, &cookie.to_string()),
/// });
/// let jar = CookieJar::new();
/// let client = Client::builder().cookie_jar(&jar).build()?;
/// assert_eq!(client.get(server.url("/")).send()?.text()?, "welcome");
/// assert_eq!(client.get(server.url("/")).send()?.text()?, "visits=1");
/// assert_eq!(jar.cookies()[0].value(), b"1");
/// # Ok::<(), httpkit::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct CookieJar {
    store: Arc<Mutex<Store>>,
}

impl CookieJar {
    /// An empty jar.
    pub fn new() -> CookieJar {
        CookieJar::default()
    }

    /// Reads the cookies that [`save`](CookieJar::save) has written. Leaves out those that have expired.
    ///
    /// # Errors
    /// What `source` says, and `InvalidData` if the text is no jar, or has a cookie that no server could have set, such
    /// as one for a public suffix.
    pub fn load(source: impl Read) -> io::Result<CookieJar> {
        CookieJar::of(saved::read(source)?)
    }

    /// Reads a cookie file of curl, wget or a browser's tool (the Netscape format).
    ///
    /// # Errors
    /// As [`load`](CookieJar::load).
    pub fn load_netscape(source: impl Read) -> io::Result<CookieJar> {
        CookieJar::of(netscape::read(source)?)
    }

    fn of(cookies: Vec<Cookie>) -> io::Result<CookieJar> {
        let jar = CookieJar::new();
        let now = SystemTime::now();
        for cookie in cookies {
            saved::judge(&cookie)?;
            jar.lock().insert(cookie, now);
        }
        Ok(jar)
    }

    /// Writes all cookies to a file that only its owner can read (mode 0600), session cookies included, in the form of
    /// [`save`](CookieJar::save). The file is either complete or unchanged. [`load`](CookieJar::load) reads it.
    ///
    /// ```no_run
    /// use std::fs::File;
    /// use httpkit::CookieJar;
    ///
    /// let jar = CookieJar::load(File::open("cookies.json")?)?;
    /// jar.save_to("cookies.json")?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// What the file system says.
    pub fn save_to(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let (path, mut bytes) = (path.as_ref(), Vec::new());
        self.save(&mut bytes)?;
        let part = private_file::beside(path, &format!(".part-{}", std::process::id()))?;
        let written = private_file::write(&part, &bytes).and_then(|()| fs::rename(&part, path));
        written.inspect_err(|_| drop(fs::remove_file(&part)))
    }

    /// Writes all cookies as a file that curl and wget read (the Netscape format). `SameSite` is not part of it. Omits
    /// cookies that the format cannot express: those with a tab in their name or path, or a dot before their domain.
    ///
    /// # Errors
    /// What `target` says.
    pub fn save_netscape(&self, target: impl Write) -> io::Result<()> {
        netscape::write(target, &self.cookies())
    }

    /// Writes all cookies as JSON, session cookies included:
    ///
    /// ```json
    /// {"version": 1, "cookies": [{"name": "id", "value": "x", "domain": "example.org", "host_only": true,
    ///  "path": "/", "expires": 1893456000, "secure": true, "http_only": true, "same_site": "Lax"}]}
    /// ```
    ///
    /// `expires` is in seconds since 1970; it and `same_site` may be missing. A name, value or path that is not
    /// UTF-8 is an array of its bytes. The text holds secrets; [`save_to`](CookieJar::save_to) writes a file that nobody
    /// else can read.
    ///
    /// # Errors
    /// What `target` says.
    pub fn save(&self, target: impl Write) -> io::Result<()> {
        saved::write(target, &self.cookies())
    }

    /// Writes the cookies that have an expiry date, and leaves out those of the session.
    ///
    /// # Errors
    /// What `target` says.
    pub fn save_without_session(&self, target: impl Write) -> io::Result<()> {
        let mut cookies = self.cookies();
        cookies.retain(|cookie| cookie.expires().is_some());
        saved::write(target, &cookies)
    }

    /// Does what a `Set-Cookie` field with this value does in a response from `url`, and says whether the server
    /// of that URL may set it.
    pub fn set(&self, url: &Url, field: impl AsRef<[u8]>) -> bool {
        self.lock().set(url, field.as_ref(), SystemTime::now())
    }

    /// The value of the `Cookie` field that a request for `url` is sent with, if there is any.
    pub fn field(&self, url: &Url) -> Option<Vec<u8>> {
        self.lock().field(url, SystemTime::now())
    }

    /// The cookies that have not expired, in the order in which they were set.
    pub fn cookies(&self) -> Vec<Cookie> {
        self.lock().cookies(SystemTime::now())
    }

    /// Removes all cookies.
    pub fn clear(&self) {
        *self.lock() = Store::default();
    }

    /// Stores what a response sets.
    pub(crate) fn take(&self, url: &Url, response: &Headers) {
        for value in response.get_all("set-cookie") {
            self.set(url, value);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for CookieJar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CookieJar").field("cookies", &self.cookies().len()).finish()
    }
}
