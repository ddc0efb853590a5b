//! The head of a request, as the server of `testing` reads it (RFC 9112, Section 3).

use crate::{
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
    /// Parses a head, and returns it with its length once it is whole.
    pub(crate) fn parse(buffer: &mut [u8]) -> Result<Option<(RequestHead, usize)>, WireError> {
        let mut section = SectionParser::default();
        let Some(line) = section.lines.next(buffer) else {
            return Ok(None);
        };
        let line = buffer[line.start..line.end].to_vec();
        let mut fields: Vec<FieldRange> = Vec::new();
        let limits = SectionLimits {
            max_fields: Limits::new().fields.value,
            excess: |limit| Excess::fields("request head", limit, "Limits::max_fields"),
            is_chunk_framing: false,
        };
        match section.parse(buffer, &mut fields, limits, Strictness::Strict)? {
            Progress::Incomplete => Ok(None),
            Progress::Complete(length) => {
                let (method, target, version) = request_line(&line)?;
                let headers = Headers::from_parsed(buffer, &fields, Message::Request);
                Ok(Some((RequestHead { method, target, version, headers }, length)))
            }
        }
    }
}

/// `request-line = method SP request-target SP HTTP-version`
fn request_line(line: &[u8]) -> Result<(String, String, Version), WireError> {
    let refuse =
        || WireError::BadHeader(Violation::new("a request line has three parts (RFC 9112, Section 3)", line));
    let text = std::str::from_utf8(line).map_err(|_| refuse())?;
    let [method, target, version] = text.split(' ').collect::<Vec<_>>()[..] else { return Err(refuse()) };
    let version = match version {
        "HTTP/1.1" => Version::Http11,
        "HTTP/1.0" => Version::Http10,
        _ => return Err(refuse()),
    };
    Ok((method.to_owned(), target.to_owned(), version))
}
