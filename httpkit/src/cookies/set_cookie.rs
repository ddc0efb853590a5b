//! A `Set-Cookie` field, taken apart (RFC 6265bis, Section 5.6).

use std::time::{Duration, SystemTime};

use super::{cookie::SameSite, date};
use crate::grammar;

/// Name and value together (RFC 6265bis, Section 5.6).
const MAX_NAME_AND_VALUE: usize = 4096;
/// The value of an attribute (RFC 6265bis §5.6). A path by default has the same limit.
pub(super) const MAX_ATTRIBUTE: usize = 1024;
/// 400 days: a cookie is kept for no longer (RFC 6265bis, Section 5.5).
const MAX_LIFETIME: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// What a server wants to have stored. Of several attributes of one name, the last counts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct SetCookie<'f> {
    pub(super) name: &'f [u8],
    pub(super) value: &'f [u8],
    pub(super) domain: Option<&'f [u8]>,
    pub(super) path: Option<&'f [u8]>,
    pub(super) expires: Option<SystemTime>,
    pub(super) is_secure: bool,
    pub(super) is_http_only: bool,
    pub(super) same_site: Option<SameSite>,
    /// `Max-Age` goes before `Expires`, wherever it stands.
    has_max_age: bool,
}

impl<'f> SetCookie<'f> {
    /// Takes a field apart; `None` where it is to be ignored.
    pub(super) fn parse(field: &'f [u8], now: SystemTime) -> Option<SetCookie<'f>> {
        if field.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
            return None;
        }
        let mut parts = field.split(|byte| *byte == b';');
        let (name, value) = split_pair(parts.next()?).unwrap_or_else(|value| (b"", value));
        if (name.is_empty() && value.is_empty()) || name.len() + value.len() > MAX_NAME_AND_VALUE {
            return None;
        }
        let mut cookie = SetCookie { name, value, ..SetCookie::default() };
        for part in parts {
            let (name, value) = split_pair(part).unwrap_or_else(|name| (name, b""));
            if value.len() <= MAX_ATTRIBUTE {
                cookie.take(name, value, now);
            }
        }
        Some(cookie)
    }

    fn take(&mut self, name: &[u8], value: &'f [u8], now: SystemTime) {
        match name.to_ascii_lowercase().as_slice() {
            b"expires" if !self.has_max_age => {
                if let Some(date) = date::parse(value) {
                    self.expires = Some(date.min(now + MAX_LIFETIME));
                }
            }
            b"max-age" => {
                if let Some(lifetime) = lifetime(value) {
                    self.has_max_age = true;
                    self.expires = Some(now + lifetime);
                }
            }
            b"domain" => self.domain = Some(value),
            b"path" => self.path = Some(value),
            b"secure" => self.is_secure = true,
            b"httponly" => self.is_http_only = true,
            b"samesite" => self.same_site = SameSite::parse(value),
            _ => {}
        }
    }
}

/// `name=value`, trimmed; the whole where there is no `=`.
fn split_pair(part: &[u8]) -> Result<(&[u8], &[u8]), &[u8]> {
    match part.iter().position(|byte| *byte == b'=') {
        Some(at) => Ok((grammar::trim_blanks(&part[..at]), grammar::trim_blanks(&part[at + 1..]))),
        None => Err(grammar::trim_blanks(part)),
    }
}

/// `max-age-value = [ "-" ] 1*DIGIT`; zero where the cookie has expired. A number that is too large to
/// be counted is as good as the longest lifetime.
fn lifetime(value: &[u8]) -> Option<Duration> {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let seconds = grammar::decimal(digits).unwrap_or(u64::MAX);
    let is_negative = digits.len() < value.len();
    Some(if is_negative { Duration::ZERO } else { Duration::from_secs(seconds).min(MAX_LIFETIME) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)
    }

    fn parse(field: &str) -> Option<SetCookie<'_>> {
        SetCookie::parse(field.as_bytes(), now())
    }

    #[test]
    fn names_and_values() {
        for (field, name, value) in [
            ("a=b", "a", "b"),
            (" a = b ; Path=/", "a", "b"),
            ("a=b=c", "a", "b=c"),
            ("a=", "a", ""),
            ("=b", "", "b"),
            ("b", "", "b"),
            ("a=\"b\"", "a", "\"b\""),
            ("a=b,c=d", "a", "b,c=d"),
            ("a=ü", "a", "ü"),
            ("a\t=\tb", "a", "b"),
        ] {
            let cookie = parse(field).unwrap();
            assert_eq!((cookie.name, cookie.value), (name.as_bytes(), value.as_bytes()), "{field:?}");
        }
    }

    #[test]
    fn what_is_no_cookie_is_ignored() {
        let long = |length: usize| format!("a={}", "x".repeat(length - 1));
        assert!(parse(&long(4096)).is_some());
        for field in ["", ";", "=", " = ; Path=/", "a=b\0", "a=b\r", "a=b; Path=/\n", "a\x7f=b", &long(4097)]
        {
            assert_eq!(parse(field), None, "{field:?}");
        }
    }

    #[test]
    fn attributes_count_in_any_case_and_the_last_wins() {
        let cookie =
            parse("a=b; DOMAIN=x; domain = .Y.org ;PATH=/p; secure; HttpOnly=no; SameSite=LAX; What=ever;")
                .unwrap();
        assert_eq!((cookie.domain, cookie.path), (Some(&b".Y.org"[..]), Some(&b"/p"[..])));
        assert!(cookie.is_secure && cookie.is_http_only);
        assert_eq!(cookie.same_site, Some(SameSite::Lax));
        let long = format!("a=b; Path=/p; Path=/{}; SameSite=odd", "x".repeat(1024));
        let cookie = parse(&long).unwrap();
        assert_eq!((cookie.path, cookie.same_site), (Some(&b"/p"[..]), None));
    }

    #[test]
    fn lifetimes() {
        let soon = |seconds| Some(now() + Duration::from_secs(seconds));
        let (long, past) = (Some(now() + MAX_LIFETIME), Some(now()));
        for (attributes, expires) in [
            ("", None),
            ("; Max-Age=60", soon(60)),
            ("; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", soon(60)),
            ("; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60", soon(60)),
            ("; Expires=Sun, 09 Sep 2001 01:47:40 GMT", soon(60)),
            ("; Expires=never; Max-Age=", None),
            ("; Max-Age=0", past),
            ("; Max-Age=-1", past),
            ("; Max-Age=-99999999999999999999", past),
            ("; Max-Age=99999999999999999999", long),
            ("; Max-Age=18446744073709551615", long),
            ("; Expires=Fri, 31 Dec 9999 23:59:59 GMT", long),
            ("; Max-Age=+60", None),
            ("; Max-Age=6e1", None),
            ("; Max-Age=--1", None),
            ("; Max-Age=\"60\"", None),
        ] {
            assert_eq!(parse(&format!("a=b{attributes}")).unwrap().expires, expires, "{attributes}");
        }
    }
}
