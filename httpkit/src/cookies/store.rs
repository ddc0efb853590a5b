//! Which cookies are stored, and which are sent (RFC 6265bis, Sections 5.7 and 5.8).

use std::{collections::HashMap, time::SystemTime};

use super::{
    cookie::{Cookie, SameSite},
    domain::{domain_matches, may_have_subdomains, may_set_for, site},
    path::{default_path, path_matches},
    set_cookie::{MAX_ATTRIBUTE, SetCookie},
};
use crate::url::{Scheme, Url};

/// The maximum number of cookies of a domain. RFC 6265bis §6.1 asks for at least 50; browsers keep 150 to 180.
const MAX_OF_DOMAIN: usize = 180;
/// The number of cookies that a site keeps even if the jar is full: as many as one domain may have.
const SHARE_OF_SITE: usize = MAX_OF_DOMAIN;
/// The maximum number of cookies of a jar. RFC 6265bis §6.1 asks for at least 3,000.
const MAX_IN_ALL: usize = 3000;
/// How long the value of a `Cookie` field can be; what would go beyond is left out.
const MAX_FIELD: usize = 8 * 1024;

/// The cookies by their [`site`]. A site that sets more than its share evicts its own.
#[derive(Default)]
pub(super) struct Store {
    sites: HashMap<String, Vec<Cookie>>,
    /// Counts what happens, so that what was earlier is known.
    clock: u64,
}

impl Store {
    /// Stores what a server asks for in a `Set-Cookie` field, and says whether it may.
    pub(super) fn set(&mut self, url: &Url, field: &[u8], now: SystemTime) -> bool {
        let Some(asked) = SetCookie::parse(field, now) else { return false };
        let Some(cookie) = judge(&asked, url) else { return false };
        if url.scheme() == Scheme::Http && self.would_shadow_secure(&cookie) {
            return false;
        }
        self.insert(cookie, now);
        true
    }

    /// Inserts a cookie; one that has expired removes the one that it replaces.
    pub(super) fn insert(&mut self, mut cookie: Cookie, now: SystemTime) {
        self.clock += 1;
        (cookie.created, cookie.used) = (self.clock, self.clock);
        let site = site(&cookie.domain).to_owned();
        let cookies = self.sites.entry(site.clone()).or_default();
        if let Some(at) = cookies.iter().position(|old| cookie.replaces(old)) {
            cookie.created = cookies.remove(at).created;
        }
        if !cookie.has_expired(now) {
            let domain = cookie.domain.clone();
            cookies.push(cookie);
            make_room_in_domain(cookies, &domain, now);
        } else if cookies.is_empty() {
            // Servers may remove cookies that they never set, under any number of names.
            self.sites.remove(&site);
        }
        if self.len() > MAX_IN_ALL {
            self.make_room(&site, now);
        }
    }

    /// The value of the `Cookie` field of a request: longer paths first, then older cookies.
    pub(super) fn field(&mut self, url: &Url, now: SystemTime) -> Option<Vec<u8>> {
        self.clock += 1;
        let mut selected = Vec::new();
        for cookie in self.sites.get_mut(site(url.host()))? {
            if cookie.is_for(url) && !cookie.has_expired(now) {
                cookie.used = self.clock;
                selected.push(cookie.clone());
            }
        }
        selected.sort_by(|one, other| {
            other.path.len().cmp(&one.path.len()).then(one.created.cmp(&other.created))
        });
        let mut field = Vec::new();
        for cookie in &selected {
            put_pair(&mut field, cookie);
        }
        Some(field).filter(|field| !field.is_empty())
    }

    /// All cookies that have not expired, in the order in which they were set.
    pub(super) fn cookies(&self, now: SystemTime) -> Vec<Cookie> {
        let mut cookies: Vec<Cookie> =
            self.sites.values().flatten().filter(|cookie| !cookie.has_expired(now)).cloned().collect();
        cookies.sort_by_key(|cookie| cookie.created);
        cookies
    }

    fn len(&self) -> usize {
        self.sites.values().map(Vec::len).sum()
    }

    /// Whether a cookie that came over `http` would stand in the way of one that `https` has set.
    fn would_shadow_secure(&self, cookie: &Cookie) -> bool {
        self.sites.values().flatten().any(|old| {
            old.is_secure
                && old.name == cookie.name
                && (domain_matches(&old.domain, &cookie.domain)
                    || domain_matches(&cookie.domain, &old.domain))
                && path_matches(&cookie.path, &old.path)
        })
    }

    /// Evicts cookies until the jar is no longer over its limit, in the order of RFC 6265bis §5.7 but by site: expired
    /// ones, those of sites with more than their share, then the least recently used.
    fn make_room(&mut self, inserted: &str, now: SystemTime) {
        self.sites.retain(|_, cookies| {
            cookies.retain(|cookie| !cookie.has_expired(now));
            !cookies.is_empty()
        });
        while self.len() > MAX_IN_ALL {
            let Some(site) = self.site_that_yields(inserted) else { return };
            let Some(cookies) = self.sites.get_mut(&site) else { return };
            if let Some(at) = stalest(cookies, |_| true) {
                cookies.remove(at);
            }
            if cookies.is_empty() {
                self.sites.remove(&site);
            }
        }
    }

    /// The site that loses a cookie: the one that has just set one, if it has more than its share, so that no site can
    /// evict the cookies of another by setting many.
    fn site_that_yields(&self, inserted: &str) -> Option<String> {
        let is_crowded = |cookies: &Vec<Cookie>| cookies.len() > SHARE_OF_SITE;
        if self.sites.get(inserted).is_some_and(is_crowded) {
            return Some(inserted.to_owned());
        }
        let largest = self.sites.iter().max_by_key(|(_, cookies)| cookies.len());
        let least_used = || {
            self.sites.iter().min_by_key(|(_, cookies)| stalest(cookies, |_| true).map(|at| cookies[at].used))
        };
        largest.filter(|(_, cookies)| is_crowded(cookies)).or_else(least_used).map(|(site, _)| site.clone())
    }
}

/// What would be stored; `None` where the server must not ask for that.
fn judge(asked: &SetCookie<'_>, url: &Url) -> Option<Cookie> {
    let host = url.host();
    let (domain, is_host_only) = domain(asked.domain, host)?;
    let path = asked.path.filter(|path| path.starts_with(b"/"));
    let cookie = Cookie {
        name: asked.name.to_vec(),
        value: asked.value.to_vec(),
        domain,
        is_host_only,
        path: path.unwrap_or(default_path(url.path()).as_bytes()).to_vec(),
        expires: asked.expires,
        is_secure: asked.is_secure,
        is_http_only: asked.is_http_only,
        same_site: asked.same_site,
        created: 0,
        used: 0,
    };
    // The default path is as long as the URL is, unlike that of the attribute.
    let is_short = cookie.path.len() <= MAX_ATTRIBUTE;
    let may_be_secure = !cookie.is_secure || url.scheme() == Scheme::Https;
    let is_none_only_if_secure = cookie.same_site != Some(SameSite::None) || cookie.is_secure;
    let may_be_stored = is_short && may_be_secure && is_none_only_if_secure;
    (may_be_stored && keeps_promise(&cookie, path == Some(b"/"))).then_some(cookie)
}

/// The domain of a cookie, and whether it is for this host alone. `None` for a domain that the host may not set cookies
/// for.
fn domain(asked: Option<&[u8]>, host: &str) -> Option<(String, bool)> {
    let asked = asked.unwrap_or_default();
    let asked = asked.strip_prefix(b".").unwrap_or(asked).to_ascii_lowercase();
    let domain = String::from_utf8(asked).ok()?;
    if domain.is_empty() || (domain == host && !may_have_subdomains(host)) {
        return Some((host.to_owned(), true));
    }
    may_set_for(host, &domain).then_some((domain, false))
}

/// Whether the cookie is what the prefix of its name says (RFC 6265bis, Sections 4.1.3 and 5.7); one without a
/// name must not look as if it had such a name.
fn keeps_promise(cookie: &Cookie, is_path_root: bool) -> bool {
    let begins = |text: &[u8], prefix: &str| {
        text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
    };
    if cookie.name.is_empty() {
        return !begins(&cookie.value, "__Secure-") && !begins(&cookie.value, "__Host-");
    }
    let is_bound = cookie.is_host_only && is_path_root;
    !(begins(&cookie.name, "__Secure-") && !cookie.is_secure
        || begins(&cookie.name, "__Host-") && !(cookie.is_secure && is_bound))
}

/// Evicts cookies of a domain until it is no longer over its limit: expired ones first.
fn make_room_in_domain(cookies: &mut Vec<Cookie>, domain: &str, now: SystemTime) {
    let count = |cookies: &[Cookie]| cookies.iter().filter(|cookie| cookie.domain == domain).count();
    if count(cookies) > MAX_OF_DOMAIN {
        cookies.retain(|cookie| !cookie.has_expired(now));
    }
    while count(cookies) > MAX_OF_DOMAIN {
        let Some(at) = stalest(cookies, |cookie| cookie.domain == domain) else { return };
        cookies.remove(at);
    }
}

/// The cookie to evict of those that `may_go`: one that is not secure if there is any, and of these the least recently
/// used.
fn stalest(cookies: &[Cookie], may_go: impl Fn(&Cookie) -> bool) -> Option<usize> {
    let candidates = (0..cookies.len()).filter(|at| may_go(&cookies[*at]));
    candidates.min_by_key(|at| (cookies[*at].is_secure, cookies[*at].used))
}

fn put_pair(field: &mut Vec<u8>, cookie: &Cookie) {
    let separator: &[u8] = if field.is_empty() { b"" } else { b"; " };
    let equals: &[u8] = if cookie.name.is_empty() { b"" } else { b"=" };
    let parts = [separator, &cookie.name, equals, &cookie.value];
    if field.len() + parts.iter().map(|part| part.len()).sum::<usize>() <= MAX_FIELD {
        field.extend(parts.concat());
    }
}

#[cfg(test)]
mod tests;
