//! The head of a request, as the server of `testing` reads it (RFC 9112, Section 3).

use crate::{
    grammar,
    headers::{FieldRange, Headers},
    limits::{Excess, Limits},
    secrecy::Message,
    version::Version,
    violation::Violation,
    wire::{
        error::WireError,
        fields::{Progress, SectionLimits, SectionParser},
        strictness::Strictness,
    },
};

/// The head of a request.
#[derive(Debug, Clone)]
pub(crate) struct RequestHead {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) version: Version,
    pub(crate) headers: Headers,
}

impl RequestHead {
    /// Parses a head. Returns it with its length once it is complete.
    ///
    /// Rejects bytes that cannot become a request line as soon as they arrive, such as a TLS handshake: its sender
    /// waits for a response, so the end of a head would never arrive.
    pub(crate) fn parse(buffer: &mut [u8]) -> Result<Option<(RequestHead, usize)>, WireError> {
        let mut section = SectionParser::default();
        let line = loop {
            let Some(line) = section.lines.next(buffer) else {
                reject_foreign(&buffer[section.lines.position()..])?;
                return Ok(None);
            };
            // A server ignores empty lines before the request line (RFC 9112 §2.2).
            if line.start < line.end {
                break &buffer[line.start..line.end];
            }
        };
        let (method, target, version) = request_line(line)?;
        let mut fields: Vec<FieldRange> = Vec::new();
        let limits = SectionLimits {
            max_fields: Limits::new().fields.value,
            excess: |limit| Excess::fields("request head", limit, "Limits::max_fields"),
            is_chunk_framing: false,
        };
        match section.parse(buffer, &mut fields, limits, Strictness::Strict)? {
            Progress::Incomplete => Ok(None),
            Progress::Complete(length) => {
                let headers = Headers::from_parsed(buffer, &fields, Message::Request);
                Ok(Some((RequestHead { method, target, version, headers }, length)))
            }
        }
    }
}

/// `request-line = method SP request-target SP HTTP-version`
fn request_line(line: &[u8]) -> Result<(String, String, Version), WireError> {
    let text = std::str::from_utf8(line).map_err(|_| bad_request_line(line))?;
    let [method, target, version] = text.split(' ').collect::<Vec<_>>()[..] else {
        return Err(bad_request_line(line));
    };
    let version = match version {
        "HTTP/1.1" => Version::Http11,
        "HTTP/1.0" => Version::Http10,
        _ => return Err(bad_request_line(line)),
    };
    if !grammar::is_token(method.as_bytes()) {
        return Err(bad_request_line(line));
    }
    Ok((method.to_owned(), target.to_owned(), version))
}

/// Rejects the start of a line that cannot become a request line, nor an empty line before one.
fn reject_foreign(start: &[u8]) -> Result<(), WireError> {
    let method_length = grammar::token_length(start);
    let may_follow = match start.get(method_length) {
        None => true,
        Some(b' ') => method_length > 0,
        Some(b'\r') => start.len() == 1,
        Some(_) => false,
    };
    if may_follow { Ok(()) } else { Err(bad_request_line(start)) }
}

fn bad_request_line(found: &[u8]) -> WireError {
    let rule = "a request line must be a method, a target and HTTP/1.0 or HTTP/1.1 (RFC 9112, Section 3)";
    WireError::BadHeader(Violation::new(rule, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_foreign_protocol_before_line_ends() {
        for (start, may_follow) in [
            (&b""[..], true),
            (b"G", true),
            (b"GET", true),
            (b"GET /a b\x16", true),
            (b"\r", true),
            (b"\r\nGET", true),
            (b"\n\nG", true),
            (b"\r\n\r", true),
            // TLS, SOCKS 5, SOCKS 4, and text of other protocols.
            (b"\x16\x03\x01", false),
            (b"\x05", false),
            (b"\x04\x01", false),
            (b"{", false),
            (b" ", false),
            (b"\0", false),
            (b"\xff", false),
            (b"\rG", false),
            (b"\r\n\x16", false),
            (b"GE\x16", false),
            (b"GET\r", false),
            (b"GET\t/", false),
        ] {
            let parsed = RequestHead::parse(&mut start.to_vec());
            assert!(!matches!(parsed, Ok(Some(_))), "{}", start.escape_ascii());
            assert_eq!(parsed.is_ok(), may_follow, "{}", start.escape_ascii());
        }
    }

    #[test]
    fn rejects_bad_request_line_before_headers() {
        for line in
            ["GET /", "GET / HTTP/2.0", "GET  / HTTP/1.1", "GET / / HTTP/1.1", "G:T / HTTP/1.1", "GET"]
        {
            assert!(
                RequestHead::parse(format!("{line}\r\n").as_bytes().to_vec().as_mut()).is_err(),
                "{line}"
            );
        }
        for line in ["GET / HTTP/1.1", "OPTIONS * HTTP/1.0", "\r\nM-SEARCH http://h/ HTTP/1.1"] {
            let mut head = format!("{line}\r\n").into_bytes();
            assert!(RequestHead::parse(&mut head).unwrap().is_none(), "{line}");
            head.extend_from_slice(b"Host: h\r\n\r\nbody");
            let (parsed, length) = RequestHead::parse(&mut head).unwrap().unwrap();
            assert_eq!(parsed.headers.get("host").unwrap(), "h", "{line}");
            assert_eq!(&head[length..], b"body", "{line}");
        }
    }
}
