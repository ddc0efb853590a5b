//! Which proxy a URL is reached through.

use std::{fmt, net::IpAddr, sync::Arc};

use super::{Proxy, no_proxy::NoProxy};
use crate::{
    url::{Scheme, Url},
    violation::InvalidUrl,
};

/// Which URLs are reached through which proxy. It is asked anew for each hop of a redirect.
///
/// ```
/// use httpkit::{Client, Proxies, Proxy};
///
/// let proxies = Proxies::none().https(Proxy::parse("http://proxy.example:3128")?).except("intranet.example, 10.0.0.0/8");
/// let client = Client::builder().proxies(proxies).build()?;
/// # Ok::<(), httpkit::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Proxies(Option<Arc<Rules>>);

/// There is none where all is reached directly: most clients pay a branch for the question.
#[derive(Clone, Default)]
struct Rules {
    http: Rule,
    https: Rule,
    except: NoProxy,
    spares_loopback: bool,
}

/// How the URLs of a scheme are reached.
#[derive(Clone, Default)]
pub(super) enum Rule {
    #[default]
    Directly,
    Through(Proxy),
    Ask(Arc<Hook>),
    /// Not at all: what was to name the proxy does not. To go around it would be worse.
    Refused(InvalidUrl),
}

type Hook = dyn Fn(&Url) -> Option<Proxy> + Send + Sync;

impl Proxies {
    /// No proxy at all.
    pub fn none() -> Proxies {
        Proxies(None)
    }

    /// One proxy for all URLs.
    pub fn all(proxy: Proxy) -> Proxies {
        Proxies::none().http(proxy.clone()).https(proxy)
    }

    /// Asks a function for each URL; `None` means no proxy. Connections through equal proxies stand in for each
    /// other, so it may as well make the proxy anew each time.
    pub fn by(choose: impl Fn(&Url) -> Option<Proxy> + Send + Sync + 'static) -> Proxies {
        let choose = Arc::new(choose);
        Proxies::none().change(|rules| {
            rules.http = Rule::Ask(choose.clone());
            rules.https = Rule::Ask(choose);
        })
    }

    /// What the environment says: it spares this machine.
    pub(super) fn of_environment(http: Rule, https: Rule, except: &str) -> Proxies {
        if let (Rule::Directly, Rule::Directly) = (&http, &https) {
            return Proxies::none();
        }
        Proxies(Some(Arc::new(Rules { http, https, except: NoProxy::parse(except), spares_loopback: true })))
    }

    /// Sets the proxy for `http` URLs.
    #[must_use]
    pub fn http(self, proxy: Proxy) -> Proxies {
        self.change(|rules| rules.http = Rule::Through(proxy))
    }

    /// Sets the proxy for `https` URLs.
    #[must_use]
    pub fn https(self, proxy: Proxy) -> Proxies {
        self.change(|rules| rules.https = Rule::Through(proxy))
    }

    /// Adds servers that are reached without a proxy: a list in the form of `NO_PROXY`, see
    /// [`from_env`](Proxies::from_env).
    #[must_use]
    pub fn except(self, list: &str) -> Proxies {
        self.change(|rules| rules.except.extend(NoProxy::parse(list)))
    }

    fn change(mut self, change: impl FnOnce(&mut Rules)) -> Proxies {
        change(Arc::make_mut(self.0.get_or_insert_default()));
        self
    }

    /// The proxy that a URL is reached through; `None` where it is reached directly.
    ///
    /// # Errors
    /// `InvalidUrl` where what was to name the proxy, in the environment, names none.
    #[inline]
    pub fn choose(&self, url: &Url) -> Result<Option<Proxy>, InvalidUrl> {
        match &self.0 {
            None => Ok(None),
            Some(rules) => rules.choose(url),
        }
    }
}

impl Rules {
    fn choose(&self, url: &Url) -> Result<Option<Proxy>, InvalidUrl> {
        if self.spares(url) {
            return Ok(None);
        }
        let rule = match url.scheme() {
            Scheme::Http => &self.http,
            Scheme::Https => &self.https,
        };
        match rule {
            Rule::Directly => Ok(None),
            Rule::Through(proxy) => Ok(Some(proxy.clone())),
            Rule::Ask(choose) => Ok(choose(url)),
            Rule::Refused(error) => Err(error.clone()),
        }
    }

    fn spares(&self, url: &Url) -> bool {
        (self.spares_loopback && is_loopback(url.host())) || self.except.lists(url)
    }
}

/// Whether the host is this machine itself (RFC 6761, Section 6.3).
fn is_loopback(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    match name.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => name == "localhost" || name.ends_with(".localhost"),
    }
}

impl fmt::Debug for Proxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(rules) = &self.0 else {
            return f.write_str("Proxies(none)");
        };
        f.debug_struct("Proxies")
            .field("http", &rules.http)
            .field("https", &rules.https)
            .field("except", &rules.except)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rule::Directly => f.write_str("directly"),
            Rule::Through(proxy) => fmt::Debug::fmt(proxy, f),
            Rule::Ask(_) => f.write_str("by a function"),
            Rule::Refused(error) => write!(f, "refused: {error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(proxies: &Proxies, url: &str) -> Option<String> {
        proxies.choose(&Url::parse(url).unwrap()).unwrap().map(|proxy| proxy.to_string())
    }

    fn proxy(host: &str) -> Proxy {
        Proxy::parse(host).unwrap()
    }

    #[test]
    fn each_scheme_has_its_proxy() {
        let both = Proxies::none().http(proxy("a:1")).https(proxy("b:2")).except("x.com").except("y.com");
        let plain = Proxies::none().http(proxy("a:1"));
        for (proxies, url, expected) in [
            (&both, "http://s.com/", Some("http://a:1")),
            (&both, "https://s.com/", Some("http://b:2")),
            (&both, "http://www.x.com/", None),
            (&both, "https://y.com/", None),
            (&plain, "https://s.com/", None),
            (&Proxies::all(proxy("c:3")), "http://s.com/", Some("http://c:3")),
            (&Proxies::all(proxy("c:3")), "https://localhost/", Some("http://c:3")),
            (&Proxies::none(), "http://s.com/", None),
        ] {
            assert_eq!(chosen(proxies, url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn a_function_sees_each_url_that_no_exception_names() {
        let proxies = Proxies::by(|url| (url.port() != 81).then(|| Proxy::parse(url.host()).unwrap()));
        let proxies = proxies.except("b.com");
        assert_eq!(chosen(&proxies, "http://a.com/").as_deref(), Some("http://a.com:80"));
        assert_eq!(chosen(&proxies, "http://a.com:81/"), None);
        assert_eq!(chosen(&proxies, "https://b.com/"), None);
    }

    #[test]
    fn loopback_is_this_machine() {
        for (host, is_it) in [
            ("localhost", true),
            ("localhost.", true),
            ("a.localhost", true),
            ("127.0.0.1", true),
            ("127.200.0.1", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("128.0.0.1", false),
            ("::2", false),
            ("notlocalhost", false),
            ("localhost.com", false),
        ] {
            assert_eq!(is_loopback(host), is_it, "{host}");
        }
    }
}
