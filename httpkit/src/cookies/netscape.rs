//! Cookie files of curl, wget and browsers' tools: the Netscape format, a line for each cookie.
//!
//! A line has seven fields, with a tab between two: domain, whether subdomains get the cookie, path, whether it is
//! `Secure`, the expiry in seconds since 1970 (0 for a session cookie), name, value. `#HttpOnly_` before the domain marks
//! a cookie as `HttpOnly`; any other line that begins with `#` is a comment.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    time::{Duration, SystemTime},
};

use super::cookie::Cookie;
use crate::{grammar, url::HostPort};

const HTTP_ONLY: &[u8] = b"#HttpOnly_";
/// The first line, by which other programs know the format.
const TITLE: &str = "# Netscape HTTP Cookie File";

pub(super) fn write(mut target: impl Write, cookies: &[Cookie]) -> io::Result<()> {
    writeln!(target, "{TITLE}")?;
    for cookie in cookies.iter().filter(|cookie| is_expressible(cookie)) {
        if cookie.is_http_only() {
            target.write_all(HTTP_ONLY)?;
        }
        let dot = if cookie.is_host_only() { "" } else { "." };
        let subdomains = said(!cookie.is_host_only());
        let since =
            |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        let expires = cookie.expires().map_or(0, since);
        write!(target, "{dot}{}\t{subdomains}\t", cookie.domain())?;
        target.write_all(cookie.path())?;
        write!(target, "\t{}\t{expires}\t", said(cookie.is_secure()))?;
        target.write_all(&[cookie.name(), b"\t", cookie.value(), b"\n"].concat())?;
    }
    target.flush()
}

/// Returns whether a line can contain the cookie. A server may send a tab in a path or name, which would begin the next
/// field, so that it could set a cookie that it must not set. Readers strip dots before a domain.
fn is_expressible(cookie: &Cookie) -> bool {
    let fields = [cookie.domain().as_bytes(), cookie.path(), cookie.name()];
    !cookie.domain().starts_with('.') && !fields.concat().iter().any(u8::is_ascii_control)
}

pub(super) fn read(source: impl Read) -> io::Result<Vec<Cookie>> {
    let mut cookies = Vec::new();
    for (index, line) in BufReader::new(source).split(b'\n').enumerate() {
        let line = line?;
        let line = line.strip_suffix(b"\r").unwrap_or(&line);
        let (is_http_only, line) = match line.strip_prefix(HTTP_ONLY) {
            Some(line) => (true, line),
            None => (false, line),
        };
        if line.trim_ascii().is_empty() || (!is_http_only && line.starts_with(b"#")) {
            continue;
        }
        let cookie = cookie(line, is_http_only).ok_or_else(|| {
            let rule =
                format!("line {}: expected seven fields separated by tabs, the first a host", index + 1);
            io::Error::new(io::ErrorKind::InvalidData, rule)
        })?;
        cookies.push(cookie);
    }
    Ok(cookies)
}

fn cookie(line: &[u8], is_http_only: bool) -> Option<Cookie> {
    let mut fields = line.splitn(7, |byte| *byte == b'\t');
    let [domain, subdomains, path, secure, expires, name, value] = std::array::from_fn(|_| fields.next());
    let domain = std::str::from_utf8(domain?).ok()?;
    // One host has one text, as in URLs.
    let domain = HostPort::from_parts(domain.trim_start_matches('.'), 0).ok()?.host;
    let seconds = grammar::decimal(expires?)?;
    let expires = match seconds {
        0 => None,
        seconds => Some(SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?),
    };
    Some(Cookie {
        name: name?.to_vec(),
        value: value.unwrap_or_default().to_vec(),
        domain,
        is_host_only: !is_said(subdomains?)?,
        path: path?.to_vec(),
        expires,
        is_secure: is_said(secure?)?,
        is_http_only,
        same_site: None,
        created: 0,
        used: 0,
    })
}

fn said(is_so: bool) -> &'static str {
    if is_so { "TRUE" } else { "FALSE" }
}

fn is_said(text: &[u8]) -> Option<bool> {
    match text {
        b"TRUE" => Some(true),
        b"FALSE" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# Netscape HTTP Cookie File\n\n# a comment\n\
        .example.org\tTRUE\t/\tTRUE\t4102444800\tid\ta=b\tc\n\
        #HttpOnly_host.example\tFALSE\t/path\tFALSE\t0\tsession\t\n";

    #[test]
    fn file_is_read_and_written() {
        let cookies = read(FILE.as_bytes()).unwrap();
        let [id, session] = &cookies[..] else { panic!("{cookies:?}") };
        assert_eq!((id.domain(), id.value(), id.is_host_only()), ("example.org", &b"a=b\tc"[..], false));
        assert_eq!((session.domain(), session.path()), ("host.example", &b"/path"[..]));
        assert!(session.is_http_only() && session.is_host_only() && session.expires().is_none());
        let mut written = Vec::new();
        write(&mut written, &cookies).unwrap();
        let written = String::from_utf8(written).unwrap();
        let lines = |text: &str| -> Vec<String> {
            text.lines().filter(|line| line.contains('\t')).map(ToOwned::to_owned).collect()
        };
        assert_eq!(lines(&written), lines(FILE));
    }

    #[test]
    fn omits_cookies_that_lines_cannot_contain() {
        let [cookie, _] = &read(FILE.as_bytes()).unwrap()[..] else { panic!("the file has two cookies") };
        let path = Cookie { path: b"/\tFALSE\t0\t__Host-id\tx".to_vec(), ..cookie.clone() };
        let name = Cookie { name: b"a\tb".to_vec(), ..cookie.clone() };
        let domain = Cookie { domain: ".example.org".to_owned(), is_host_only: true, ..cookie.clone() };
        let mut written = Vec::new();
        write(&mut written, &[path, name, domain, cookie.clone()]).unwrap();
        assert_eq!(read(&*written).unwrap(), std::slice::from_ref(cookie));
    }

    #[test]
    fn reads_domain_as_host_of_url() {
        for (domain, host) in
            [("Example.ORG", "example.org"), ("0:0:0:0:0:0:0:1", "::1"), ("[::0001]", "::1")]
        {
            let cookies = read(format!("{domain}\tFALSE\t/\tFALSE\t0\tn\tv").as_bytes()).unwrap();
            assert_eq!(cookies[0].domain(), host);
        }
    }

    #[test]
    fn rejects_line_without_its_fields() {
        for line in [
            "a",
            "a\tTRUE\t/\tTRUE\t0",
            "a\tyes\t/\tTRUE\t0\tn\tv",
            "a\tTRUE\t/\tTRUE\t+1\tn\tv",
            "a b\tTRUE\t/\tTRUE\t0\tn\tv",
            "a\0b\tTRUE\t/\tTRUE\t0\tn\tv",
            ".\tTRUE\t/\tTRUE\t0\tn\tv",
        ] {
            let error = read(line.as_bytes()).unwrap_err();
            assert!(error.to_string().starts_with("line 1: "), "{error}");
        }
    }
}
