//! The head of a response: the status line and the headers behind it (RFC 9112, Sections 4 and 5).

use httpkit_status::StatusCode;

use crate::{
    grammar,
    headers::{FieldRange, Headers},
    limits::{Excess, Limits},
    version::Version,
    violation::{Excerpt, Violation},
    wire::{
        error::WireError,
        fields::{Line, LineReader, Progress, SectionLimits, SectionParser},
        strictness::Strictness,
    },
};

/// The head of a response, taken out of the receive buffer.
#[derive(Debug, Clone)]
pub(crate) struct ResponseHead {
    pub(crate) version: Version,
    pub(crate) status: StatusCode,
    pub(crate) headers: Headers,
    reason: Reason,
    /// Whether there are content codings; noted when the body is framed.
    pub(crate) is_coded: bool,
    /// Whether anything was met that a sender must not send.
    pub(crate) deviates: bool,
}

/// A reason phrase; the usual one of a status takes no space of its own.
#[derive(Debug, Clone)]
enum Reason {
    Registered,
    Other(Box<[u8]>),
}

impl ResponseHead {
    /// A head that nobody has sent.
    pub(crate) fn new(status: StatusCode, headers: Headers) -> ResponseHead {
        let (version, reason) = (Version::Http11, Reason::Registered);
        ResponseHead { version, status, headers, reason, is_coded: false, deviates: false }
    }

    /// The reason phrase as received.
    pub(crate) fn reason(&self) -> &[u8] {
        match &self.reason {
            Reason::Registered => self.status.reason().unwrap_or_default().as_bytes(),
            Reason::Other(bytes) => bytes,
        }
    }
}

/// Parses a head from a buffer that grows; each byte is looked at once.
#[derive(Debug, Default)]
pub(crate) struct HeadParser {
    lines: LineReader,
    status_line: Option<StatusLine>,
    /// Parses what is behind the status line.
    section: SectionParser,
    /// Whether the status line is as a sender must not send it.
    deviates: bool,
    /// What the headers are put into.
    space: Headers,
}

#[derive(Debug, Clone, Copy)]
struct StatusLine {
    version: Version,
    status: StatusCode,
    /// Where the reason phrase lies, unless it is the usual one.
    reason: Option<(usize, usize)>,
}

impl StatusLine {
    /// What nearly all status lines are: HTTP/1.1, a status, and its usual phrase. `None` sends a line through
    /// the full judgement.
    fn usual(line: &[u8]) -> Option<StatusLine> {
        let (code, phrase) = line.strip_prefix(b"HTTP/1.1 ")?.split_at_checked(3)?;
        let status = StatusCode::from_u16(grammar::status_code(code)?)?;
        let is_usual = phrase.strip_prefix(b" ")? == status.reason()?.as_bytes();
        is_usual.then_some(StatusLine { version: Version::Http11, status, reason: None })
    }
}

impl HeadParser {
    /// Has the headers put into the space of others, which are no longer needed.
    pub(crate) fn reuse(&mut self, headers: Headers) {
        self.space = headers;
    }

    /// Reads on, and returns the head and its length once it is whole. `fields` is scratch space, empty at
    /// the first call.
    pub(crate) fn parse(
        &mut self,
        buffer: &mut [u8],
        fields: &mut Vec<FieldRange>,
        limits: &Limits,
        strictness: Strictness,
    ) -> Result<Option<(ResponseHead, usize)>, WireError> {
        let window = buffer.len().min(limits.head_bytes.value).min(u32::MAX as usize);
        let full = buffer.len() > window;
        let progress = self.advance(&mut buffer[..window], fields, limits, strictness)?;
        match (progress, self.status_line) {
            (Progress::Complete(length), Some(line)) => Ok(Some(self.take(line, length, buffer, fields))),
            _ if full => Err(WireError::TooLarge(limits.head_excess())),
            _ => Ok(None),
        }
    }

    fn advance(
        &mut self,
        buffer: &mut [u8],
        fields: &mut Vec<FieldRange>,
        limits: &Limits,
        strictness: Strictness,
    ) -> Result<Progress, WireError> {
        while self.status_line.is_none() {
            let Some(line) = self.lines.next(buffer) else {
                refuse_foreign(&buffer[self.lines.position()..], strictness)?;
                return Ok(Progress::Incomplete);
            };
            if let Some(usual) = StatusLine::usual(&buffer[line.start..line.end]) {
                self.status_line = Some(usual);
            } else if line.start < line.end {
                self.status_line = Some(self.status_line(buffer, line, strictness)?);
            } else if strictness.is_compat() {
                self.deviates = true;
            } else {
                return Err(bad_line(
                    "a response begins with its status line, not an empty one (RFC 9112, Section 4)",
                    b"",
                ));
            }
        }
        let limits = SectionLimits {
            max_fields: limits.fields.value,
            excess: |limit| Excess::fields("response head", limit, "Limits::max_fields"),
            is_chunk_framing: false,
        };
        self.section.parse(&mut buffer[self.lines.position()..], fields, limits, strictness)
    }

    /// `status-line = HTTP-version SP status-code SP [ reason-phrase ]`; the last SP may lack.
    fn status_line(
        &mut self,
        buffer: &[u8],
        line: Line,
        strictness: Strictness,
    ) -> Result<StatusLine, WireError> {
        let bytes = &buffer[line.start..line.end];
        let version_length = bytes.iter().position(|byte| grammar::is_blank(*byte)).unwrap_or(bytes.len());
        let version = version(&bytes[..version_length], bytes)?;
        let code_start = version_length + self.blanks(&bytes[version_length..], bytes, strictness)?;
        let code = bytes.get(code_start..code_start + 3).and_then(grammar::status_code);
        let rest = bytes.get(code_start + 3..).unwrap_or_default();
        let (Some(code), None | Some(b' ' | b'\t')) = (code, rest.first()) else {
            return Err(bad_line("a status is three digits from 100 to 999 (RFC 9112, Section 4)", bytes));
        };
        // What blanks are behind the first belong to the phrase.
        let separator = self.blanks(rest.get(..1).unwrap_or_default(), bytes, strictness)?;
        let reason_start = line.start + code_start + 3 + separator;
        self.reason(&buffer[reason_start..line.end], strictness)?;
        let status = StatusCode::from_u16(code).expect("three digits from 100 are a status");
        Ok(StatusLine { version, status, reason: Some((reason_start, line.end)) })
    }

    /// How many blanks these bytes of the status line begin with: one SP, or none at its end.
    fn blanks(&mut self, rest: &[u8], line: &[u8], strictness: Strictness) -> Result<usize, WireError> {
        let count = rest.iter().take_while(|byte| grammar::is_blank(**byte)).count();
        if count > 1 || rest.first() == Some(&b'\t') {
            self.deviates = true;
            if !strictness.is_compat() {
                return Err(bad_line(
                    "one space separates the parts of a status line (RFC 9112, Section 4)",
                    line,
                ));
            }
        }
        Ok(count)
    }

    /// `reason-phrase = 1*( HTAB / SP / VCHAR / obs-text )`
    fn reason(&mut self, reason: &[u8], strictness: Strictness) -> Result<(), WireError> {
        if grammar::is_value(reason) {
            return Ok(());
        }
        self.deviates = true;
        if strictness.is_compat() && !reason.iter().copied().any(grammar::is_dangerous) {
            return Ok(());
        }
        Err(bad_line("a reason phrase has no control bytes (RFC 9112, Section 4)", reason))
    }

    /// Copies the head out of the buffer, and returns it with its length.
    fn take(
        &mut self,
        line: StatusLine,
        section_length: usize,
        buffer: &[u8],
        fields: &mut Vec<FieldRange>,
    ) -> (ResponseHead, usize) {
        let (status_line, section) = buffer.split_at(self.lines.position());
        let head = ResponseHead {
            version: line.version,
            status: line.status,
            headers: std::mem::take(&mut self.space).parsed(&section[..section_length], fields),
            reason: line
                .reason
                .map_or(Reason::Registered, |(start, end)| Reason::Other(status_line[start..end].into())),
            is_coded: false,
            deviates: self.deviates || self.lines.met_bare_feed() || self.section.deviates(),
        };
        fields.clear();
        (head, status_line.len() + section_length)
    }
}

/// `HTTP-version = "HTTP" "/" DIGIT "." DIGIT` (RFC 9112, Section 2.3), of which 1.x is ours.
fn version(found: &[u8], line: &[u8]) -> Result<Version, WireError> {
    match found.strip_prefix(b"HTTP/") {
        None => Err(bad_line("a response begins with `HTTP/1.` (RFC 9112, Section 4)", line)),
        Some(b"1.0") => Ok(Version::Http10),
        Some([b'1', b'.', b'1'..=b'9']) => Ok(Version::Http11),
        Some(_) => Err(WireError::UnknownProtocol(Excerpt::of(found))),
    }
}

/// Refuses the start of a line as soon as it cannot become a status line, instead of waiting for its end.
fn refuse_foreign(start: &[u8], strictness: Strictness) -> Result<(), WireError> {
    let expected = b"HTTP/";
    let shared = start.len().min(expected.len());
    if start[..shared] == expected[..shared] || (strictness.is_compat() && start == b"\r") {
        return Ok(());
    }
    Err(bad_line("a response begins with `HTTP/1.` (RFC 9112, Section 4)", start))
}

fn bad_line(rule: &'static str, found: &[u8]) -> WireError {
    WireError::BadStatusLine(Violation::new(rule, found))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn headers_that_are_written_are_read(
            fields in prop::collection::vec(("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}", prop::collection::vec(any::<u8>(), 0..40)), 0..10),
            split in 0_usize..2000,
        ) {
            let mut headers = Headers::new();
            for (name, value) in &fields {
                // A value that cannot be sent leaves the headers as they were.
                let _ = headers.append(name, value);
            }
            let mut wire = b"HTTP/1.1 200 OK\r\n".to_vec();
            headers.write_to(&mut wire);
            wire.extend_from_slice(b"\r\nbody");
            let (mut parser, mut scratch) = (HeadParser::default(), Vec::new());
            let limits = Limits::new();
            let split = split.min(wire.len() - b"body".len() - 1);
            let part = &mut wire.clone()[..split];
            prop_assert!(parser.parse(part, &mut scratch, &limits, Strictness::Strict).unwrap().is_none());
            let (head, length) = parser.parse(&mut wire, &mut scratch, &limits, Strictness::Strict).unwrap().unwrap();
            prop_assert_eq!(head.headers, headers);
            prop_assert_eq!(&wire[length..], b"body");
            prop_assert!(!head.deviates);
        }
    }
}
