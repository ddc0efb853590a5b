//! A jar as JSON.

use std::{
    io::{self, Read, Write},
    time::{Duration, SystemTime},
};

use serde::{Deserialize, Serialize};

use super::{
    cookie::{Cookie, SameSite},
    domain::may_have_subdomains,
};
use crate::{grammar, url::HostPort};

/// The version of the format, which is read and written.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct SavedJar {
    version: u32,
    cookies: Vec<SavedCookie>,
}

#[derive(Serialize, Deserialize)]
struct SavedCookie {
    name: Octets,
    value: Octets,
    domain: String,
    host_only: bool,
    path: Octets,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<u64>,
    secure: bool,
    http_only: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    same_site: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Octets {
    Text(String),
    Bytes(Vec<u8>),
}

impl From<&[u8]> for Octets {
    fn from(bytes: &[u8]) -> Octets {
        match str::from_utf8(bytes) {
            Ok(text) => Octets::Text(text.to_owned()),
            Err(_) => Octets::Bytes(bytes.to_vec()),
        }
    }
}

impl Octets {
    fn into_bytes(self) -> Vec<u8> {
        match self {
            Octets::Text(text) => text.into_bytes(),
            Octets::Bytes(bytes) => bytes,
        }
    }
}

pub(super) fn write(target: impl Write, cookies: &[Cookie]) -> io::Result<()> {
    let jar = SavedJar { version: VERSION, cookies: cookies.iter().map(SavedCookie::of).collect() };
    Ok(serde_json::to_writer_pretty(target, &jar)?)
}

pub(super) fn read(source: impl Read) -> io::Result<Vec<Cookie>> {
    let jar: SavedJar = serde_json::from_reader(io::BufReader::new(source))?;
    if jar.version != VERSION {
        return Err(invalid(&format!("a jar of version {} cannot be read, only of {VERSION}", jar.version)));
    }
    jar.cookies.into_iter().map(SavedCookie::into_cookie).collect()
}

impl SavedCookie {
    fn of(cookie: &Cookie) -> SavedCookie {
        let seconds =
            |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
        SavedCookie {
            name: cookie.name().into(),
            value: cookie.value().into(),
            domain: cookie.domain().to_owned(),
            host_only: cookie.is_host_only(),
            path: cookie.path().into(),
            expires: cookie.expires().map(seconds),
            secure: cookie.is_secure(),
            http_only: cookie.is_http_only(),
            same_site: cookie.same_site().map(|same_site| same_site.as_str().to_owned()),
        }
    }

    fn into_cookie(self) -> io::Result<Cookie> {
        let (name, value) = (self.name.into_bytes(), self.value.into_bytes());
        let expires = self.expires.map(|seconds| {
            SystemTime::UNIX_EPOCH
                .checked_add(Duration::from_secs(seconds))
                .ok_or_else(|| invalid("the expiry of a cookie is a time that can be counted"))
        });
        let domain = HostPort::from_parts(&self.domain, 0).map_err(|error| invalid(&error.to_string()))?.host;
        Ok(Cookie {
            name,
            value,
            domain,
            is_host_only: self.host_only,
            path: self.path.into_bytes(),
            expires: expires.transpose()?,
            is_secure: self.secure,
            is_http_only: self.http_only,
            same_site: self.same_site.and_then(|name| SameSite::parse(name.as_bytes())),
            created: 0,
            used: 0,
        })
    }
}

/// Judges a cookie of a file: whether a server could have set it.
pub(super) fn judge(cookie: &Cookie) -> io::Result<()> {
    let parts = [cookie.name(), cookie.value()];
    if !parts.into_iter().all(|part| grammar::is_value(part) && !part.contains(&b';')) {
        return Err(invalid("a cookie must not contain control bytes or semicolons"));
    }
    if !cookie.is_host_only() && !may_have_subdomains(cookie.domain()) {
        return Err(invalid(&format!(
            "a cookie for `{}` and the names below it would reach other owners' hosts",
            cookie.domain().escape_default()
        )));
    }
    Ok(())
}

fn invalid(rule: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookie(value: &[u8]) -> Cookie {
        Cookie {
            name: b"id".to_vec(),
            value: value.to_vec(),
            domain: "example.org".into(),
            is_host_only: true,
            path: b"/p".to_vec(),
            expires: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_893_456_000)),
            is_secure: true,
            is_http_only: false,
            same_site: Some(SameSite::Lax),
            created: 0,
            used: 0,
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let session =
            Cookie { expires: None, same_site: None, is_http_only: true, ..cookie("ü\"".as_bytes()) };
        let cookies = [cookie(b"x"), session, cookie(b"\xff")];
        let mut file = Vec::new();
        write(&mut file, &cookies).unwrap();
        assert_eq!(read(file.as_slice()).unwrap(), cookies);
    }

    #[test]
    fn the_format_stays() {
        let file = r#"{"version": 1, "cookies": [{"name": "id", "value": "x", "domain": "example.org",
            "host_only": true, "path": "/p", "expires": 1893456000, "secure": true, "http_only": false,
            "same_site": "Lax"}]}"#;
        assert_eq!(read(file.as_bytes()).unwrap(), [cookie(b"x")]);
    }

    #[test]
    fn reads_domain_of_255_octets() {
        let domain = "a.".repeat(127) + "b";
        let mut file = Vec::new();
        write(&mut file, &[Cookie { domain: domain.clone(), ..cookie(b"x") }]).unwrap();
        assert_eq!(read(file.as_slice()).unwrap()[0].domain(), domain);
    }

    #[test]
    fn what_is_no_jar_is_refused() {
        let mut file = Vec::new();
        write(&mut file, &[cookie(b"x")]).unwrap();
        let file = String::from_utf8(file).unwrap();
        for (from, to) in [
            ("\"version\": 1", "\"version\": 2"),
            ("\"x\"", "\"x\\r\\nEvil: 1\""),
            ("\"x\"", "\"x; y\""),
            ("\"x\"", "[256]"),
            ("1893456000", "18446744073709551615"),
            ("1893456000", "-1"),
            ("\"example.org\"", "\"\""),
            ("\"example.org\"", "\"example.org/\""),
            ("example.org", &"a.".repeat(128)),
            ("{", ""),
            ("\"example.org\",\n      \"host_only\": true", "\"org\",\n      \"host_only\": false"),
        ] {
            let broken = file.replacen(from, to, 1);
            assert_ne!(broken, file, "{from}");
            let judged = read(broken.as_bytes()).and_then(|cookies| cookies.iter().try_for_each(judge));
            let error = judged.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{to}: {error}");
        }
    }
}
