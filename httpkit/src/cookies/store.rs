//! Which cookies are stored, and which are sent (RFC 6265bis, Sections 5.7 and 5.8).

use std::{collections::HashMap, time::SystemTime};

use super::{
    cookie::{Cookie, SameSite},
    domain::{domain_matches, may_have_subdomains, may_set_for, names_above},
    path::{default_path, path_matches},
    set_cookie::SetCookie,
};
use crate::url::{Scheme, Url};

/// How many cookies a domain can have.
const MAX_OF_DOMAIN: usize = 180;
const MAX_IN_ALL: usize = 3000;
/// How long the value of a `Cookie` field can be; what would go beyond is left out.
const MAX_FIELD: usize = 8 * 1024;

/// The cookies by their domain.
#[derive(Default)]
pub(super) struct Store {
    domains: HashMap<String, Vec<Cookie>>,
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
        let domain = self.domains.entry(cookie.domain.clone()).or_default();
        if let Some(at) = domain.iter().position(|old| cookie.replaces(old)) {
            cookie.created = domain.remove(at).created;
        }
        if !cookie.has_expired(now) {
            domain.push(cookie);
            make_room(domain, now);
        }
        if self.len() > MAX_IN_ALL {
            self.make_room(now);
        }
    }

    /// The value of the `Cookie` field of a request: longer paths first, then older cookies.
    pub(super) fn field(&mut self, url: &Url, now: SystemTime) -> Option<Vec<u8>> {
        self.clock += 1;
        let mut selected = Vec::new();
        let host = url.host();
        // A cookie that an older version has stored for a shared domain is not sent.
        for name in names_above(host).filter(|name| *name == host || may_set_for(host, name)) {
            // No two names are the same, so the map lends each domain once.
            if let Some(cookies) = self.domains.get_mut(name) {
                for cookie in
                    cookies.iter_mut().filter(|cookie| cookie.is_for(url) && !cookie.has_expired(now))
                {
                    cookie.used = self.clock;
                    selected.push(cookie.clone());
                }
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
            self.domains.values().flatten().filter(|cookie| !cookie.has_expired(now)).cloned().collect();
        cookies.sort_by_key(|cookie| cookie.created);
        cookies
    }

    fn len(&self) -> usize {
        self.domains.values().map(Vec::len).sum()
    }

    /// Whether a cookie that came over `http` would stand in the way of one that `https` has set.
    fn would_shadow_secure(&self, cookie: &Cookie) -> bool {
        self.domains.values().flatten().any(|old| {
            old.is_secure
                && old.name == cookie.name
                && (domain_matches(&old.domain, &cookie.domain)
                    || domain_matches(&cookie.domain, &old.domain))
                && path_matches(&cookie.path, &old.path)
        })
    }

    fn make_room(&mut self, now: SystemTime) {
        for domain in self.domains.values_mut() {
            domain.retain(|cookie| !cookie.has_expired(now));
        }
        self.domains.retain(|_, cookies| !cookies.is_empty());
        while self.len() > MAX_IN_ALL {
            let stalest =
                self.domains.values_mut().min_by_key(|cookies| stalest(cookies).map(|at| cookies[at].used));
            let Some(cookies) = stalest else { return };
            if let Some(at) = self::stalest(cookies) {
                cookies.remove(at);
            }
            self.domains.retain(|_, cookies| !cookies.is_empty());
        }
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
    let may_be_secure = !cookie.is_secure || url.scheme() == Scheme::Https;
    let is_none_only_if_secure = cookie.same_site != Some(SameSite::None) || cookie.is_secure;
    (may_be_secure && is_none_only_if_secure && keeps_promise(&cookie, path == Some(b"/"))).then_some(cookie)
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

/// Drops what has expired, then cookies that are not secure, then any, those first that were used least
/// recently.
fn make_room(domain: &mut Vec<Cookie>, now: SystemTime) {
    if domain.len() > MAX_OF_DOMAIN {
        domain.retain(|cookie| !cookie.has_expired(now));
    }
    while domain.len() > MAX_OF_DOMAIN {
        if let Some(at) = stalest(domain) {
            domain.remove(at);
        }
    }
}

fn stalest(cookies: &[Cookie]) -> Option<usize> {
    (0..cookies.len()).min_by_key(|at| (cookies[*at].is_secure, cookies[*at].used))
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
