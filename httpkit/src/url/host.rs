//! Hosts and ports, as they stand in a URL and in the argument of a connection.

use std::{
    borrow::Cow,
    net::{Ipv4Addr, Ipv6Addr},
    ops::Range,
};

use crate::{grammar, violation::InvalidUrl};

/// The maximum length of a host, with a dot at its end and the zone of an IPv6 address. A longer name cannot be
/// resolved (RFC 1035 §2.3.4), and hosts are stored and compared for each request.
const MAX_HOST: usize = 255;

const TOO_LONG: &str = "a host must have at most 255 octets (RFC 1035, Section 2.3.4)";

/// A host (an IPv6 address without brackets) and the port behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HostPort {
    pub(crate) host: String,
    pub(crate) port: u16,
}

/// The two sides of a port's colon; an IPv6 address keeps its brackets.
pub(super) struct Split<'a> {
    pub(super) host: Cow<'a, str>,
    /// The number, and its digits without leading zeros.
    pub(super) port: Option<(u16, &'a str)>,
}

impl HostPort {
    /// Parses `host[:port]`. An IPv6 address stands in brackets and may have a zone id (`[fe80::1%eth0]`).
    pub(crate) fn parse(text: &str, default_port: u16) -> Result<HostPort, InvalidUrl> {
        let (host, port) = split_port(text);
        let port = match port {
            None => default_port,
            Some("") => {
                return Err(InvalidUrl::new(
                    "a port is a number up to 65535, and not empty",
                    text.as_bytes(),
                ));
            }
            Some(port) => parse_port(port, text)?.0,
        };
        let bare = unbracket(host);
        if bare == host && host.contains(':') {
            return Err(InvalidUrl::new(
                "an IPv6 address stands in brackets before its port",
                text.as_bytes(),
            ));
        }
        HostPort::from_parts(host, port)
    }

    /// Takes a host with a port of its own; here an IPv6 address may lack the brackets.
    pub(crate) fn from_parts(host: &str, port: u16) -> Result<HostPort, InvalidUrl> {
        let bare = unbracket(host);
        if bare.contains(':') || bare != host {
            if bare.len() > MAX_HOST {
                return Err(InvalidUrl::new(TOO_LONG, host.as_bytes()));
            }
            let (address, zone) = bare.split_at(bare.find('%').unwrap_or(bare.len()));
            let is_zone = zone != "%" && zone.bytes().all(|byte| byte.is_ascii_graphic());
            let Some(address) = address.parse().ok().filter(|_| is_zone) else {
                return Err(InvalidUrl::new("expected an IPv6 address in brackets", host.as_bytes()));
            };
            return Ok(HostPort { host: text_of(address) + zone, port });
        }
        Ok(HostPort { host: ascii_name(bare)?.to_ascii_lowercase(), port })
    }

    /// Splits the host and port of a URL, whose port may be empty.
    pub(super) fn split_url(text: &str) -> Result<Split<'_>, InvalidUrl> {
        let (host, port) = split_port(text);
        let port = match port {
            None | Some("") => None,
            Some(port) => Some(parse_port(port, text)?),
        };
        let bare = unbracket(host);
        if bare == host {
            return Ok(Split { host: ascii_name(host)?, port });
        }
        let address = bare.parse().map_err(|_| {
            InvalidUrl::new("expected an IPv6 address in brackets (RFC 3986, Section 3.2.2)", host.as_bytes())
        })?;
        Ok(Split { host: Cow::Owned(format!("[{}]", text_of(address))), port })
    }

    /// The value of a `Host` field (RFC 9110, Section 7.2): brackets around an IPv6 address, no zone id
    /// (RFC 6874, Section 4), the port unless it is the default.
    pub(crate) fn host_field(&self, default_port: u16) -> String {
        if self.port == default_port { self.uri_host() } else { self.authority() }
    }

    /// The target of a CONNECT request (RFC 9112, Section 3.2.3): as a `Host` field, always with the port.
    pub(crate) fn authority(&self) -> String {
        format!("{}:{}", self.uri_host(), self.port)
    }

    fn uri_host(&self) -> String {
        let name = self.host.split_once('%').map_or(self.host.as_str(), |(address, _zone)| address);
        if name.contains(':') { format!("[{name}]") } else { name.to_owned() }
    }
}

/// The one text of an IPv6 address (URL Standard §3.5, RFC 5952 §4): two spellings of an address must not be two
/// origins. std writes the last 32 bits of some addresses as a dotted quad, which the URL Standard does not.
fn text_of(address: Ipv6Addr) -> String {
    let pieces = address.segments();
    let zeros = longest_zeros(&pieces);
    let hex = |pieces: &[u16]| {
        let pieces: Vec<String> = pieces.iter().map(|piece| format!("{piece:x}")).collect();
        pieces.join(":")
    };
    // A single zero is not shortened.
    if zeros.len() < 2 {
        return hex(&pieces);
    }
    format!("{}::{}", hex(&pieces[..zeros.start]), hex(&pieces[zeros.end..]))
}

/// The first of the longest runs of zeros.
fn longest_zeros(pieces: &[u16; 8]) -> Range<usize> {
    let mut longest = 0..0;
    for start in 0..pieces.len() {
        let length = pieces[start..].iter().take_while(|piece| **piece == 0).count();
        if length > longest.len() {
            longest = start..start + length;
        }
    }
    longest
}

fn unbracket(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// Splits at the colon before a port, which an IPv6 address in brackets has behind these.
fn split_port(text: &str) -> (&str, Option<&str>) {
    match text.bytes().rposition(|byte| matches!(byte, b':' | b']')) {
        Some(at) if text.as_bytes()[at] == b':' => (&text[..at], Some(&text[at + 1..])),
        _ => (text, None),
    }
}

fn parse_port<'a>(digits: &'a str, whole: &str) -> Result<(u16, &'a str), InvalidUrl> {
    let number = grammar::decimal(digits.as_bytes()).and_then(|port| u16::try_from(port).ok());
    let port = number.ok_or_else(|| InvalidUrl::new("a port is a number up to 65535", whole.as_bytes()))?;
    let significant = digits.trim_start_matches('0');
    Ok((port, if significant.is_empty() { "0" } else { significant }))
}

/// Judges a registered name or IPv4 address. A name that is ASCII is taken as it is.
fn ascii_name(host: &str) -> Result<Cow<'_, str>, InvalidUrl> {
    match broken_rule(host) {
        None => Ok(Cow::Borrowed(host)),
        Some(_) if !host.is_ascii() => international_name(host).map(Cow::Owned),
        Some(rule) => Err(InvalidUrl::new(rule, host.as_bytes())),
    }
}

/// Four bytes for each octet that the ASCII form can have. The time to compute that form grows with the square of the
/// length.
#[cfg(feature = "idna")]
const MAX_INTERNATIONAL_NAME: usize = 4 * MAX_HOST;

/// The ASCII form of a name by UTS #46, non-transitional, as the URL Standard has it. It is judged again: what
/// looked like letters may be digits, dots and slashes after mapping.
#[cfg(feature = "idna")]
#[cold]
fn international_name(host: &str) -> Result<String, InvalidUrl> {
    if host.len() > MAX_INTERNATIONAL_NAME {
        return Err(InvalidUrl::new(TOO_LONG, host.as_bytes()));
    }
    let ascii = idna::domain_to_ascii_cow(host.as_bytes(), idna::AsciiDenyList::URL).map_err(|_| {
        InvalidUrl::new("a host that is not ASCII has an ASCII form (UTS #46, Section 4)", host.as_bytes())
    })?;
    match broken_rule(&ascii) {
        None => Ok(ascii.into_owned()),
        Some(rule) => Err(InvalidUrl::new(rule, ascii.as_bytes())),
    }
}

#[cfg(not(feature = "idna"))]
#[cold]
fn international_name(host: &str) -> Result<String, InvalidUrl> {
    Err(InvalidUrl::new(
        "a host that is not ASCII needs the feature `idna`; its ASCII form begins with `xn--`",
        host.as_bytes(),
    ))
}

/// Returns the rule that a registered name or IPv4 address breaks.
fn broken_rule(host: &str) -> Option<&'static str> {
    if host.is_empty() {
        Some("a host is not empty (RFC 9110, Section 4.2.1)")
    } else if host.len() > MAX_HOST {
        Some(TOO_LONG)
    } else if host.bytes().all(is_name_byte) {
        let is_ambiguous = is_numeric(host) && host.parse::<Ipv4Addr>().is_err();
        is_ambiguous.then_some("a numeric host is a dotted quad")
    } else if host.contains('%') {
        Some("a host has no percent-encoding")
    } else {
        Some("a host has letters, digits, `-`, `.` and `_`")
    }
}

/// `unreserved / sub-delims` (RFC 3986, Section 3.2.2) without the marks that no name has and shells read.
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Whether a resolver could take the name for a number: its last label is one, hexadecimal ones included.
fn is_numeric(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    let last = &host[host.bytes().rposition(|byte| byte == b'.').map_or(0, |dot| dot + 1)..];
    match last.as_bytes() {
        [b'0', b'x' | b'X', digits @ ..] => digits.iter().all(u8::is_ascii_hexdigit),
        digits => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
    }
}
