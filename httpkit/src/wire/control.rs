//! What the fields of a response say about the framing of its body and the connection, read in one pass.

use crate::{
    grammar,
    headers::Headers,
    violation::{Excerpt, Violation},
    wire::error::WireError,
};

/// The fields by which a response is framed and its connection kept. They are judged where they count:
/// a length beside a transfer coding does not.
#[derive(Debug, Default)]
pub(crate) struct ControlFields {
    pub(super) codings: Option<TransferCodings>,
    pub(super) length: Option<Result<Length, WireError>>,
    /// Whether there are content codings (RFC 9110, Section 8.4).
    pub(crate) is_coded: bool,
    /// The options of `Connection` (RFC 9110, Section 7.6.1).
    pub(super) says_close: bool,
    pub(super) says_keep_alive: bool,
}

/// What `Transfer-Encoding` lists.
#[derive(Debug, Default)]
pub(super) struct TransferCodings {
    pub(super) is_chunked: bool,
    pub(super) has_identity: bool,
    /// Anything else, `chunked` a second time among it.
    pub(super) unknown: Option<Excerpt>,
}

/// One valid length.
#[derive(Debug, Clone, Copy)]
pub(super) struct Length {
    pub(super) bytes: u64,
    /// Whether it was said more than once.
    pub(super) is_repeated: bool,
}

impl ControlFields {
    pub(crate) fn of(headers: &Headers) -> ControlFields {
        let mut fields = ControlFields::default();
        for (name, value) in headers.of_lengths(|length| matches!(length, 10 | 14 | 16 | 17)) {
            if grammar::is_name(name, b"Connection") {
                fields.read_options(value);
            } else if grammar::is_name(name, b"Content-Length") {
                fields.read_length(value);
            } else if grammar::is_name(name, b"Transfer-Encoding") {
                fields.codings.get_or_insert_default().read(value);
            } else if grammar::is_name(name, b"Content-Encoding") {
                fields.is_coded = true;
            }
        }
        fields
    }

    /// Whether the fields say that a body follows: a transfer coding, or any length but 0, an invalid one too.
    pub(crate) fn announce_body(&self) -> bool {
        self.codings.is_some() || !matches!(self.length, None | Some(Ok(Length { bytes: 0, .. })))
    }

    fn read_options(&mut self, value: &[u8]) {
        // What most servers say, if anything.
        if value == b"keep-alive" {
            self.says_keep_alive = true;
            return;
        }
        for option in grammar::list_members(value) {
            // What is no token may be meant for it.
            self.says_close |= option.eq_ignore_ascii_case(b"close") || !grammar::is_token(option);
            self.says_keep_alive |= option.eq_ignore_ascii_case(b"keep-alive");
        }
    }

    /// `Content-Length = 1*DIGIT`; the same value repeated counts once (RFC 9110, Section 8.6).
    fn read_length(&mut self, value: &[u8]) {
        if let (None, Some(bytes)) = (&self.length, grammar::decimal(value)) {
            self.length = Some(Ok(Length { bytes, is_repeated: false }));
            return;
        }
        for member in value.split(|byte| *byte == b',').map(grammar::trim_blanks) {
            let refuse = |rule| Err(WireError::BadContentLength(Violation::new(rule, value)));
            self.length = Some(match (grammar::decimal(member), self.length.take()) {
                (_, Some(Err(error))) => Err(error),
                (None, _) => refuse("a Content-Length is 1*DIGIT within 64 bits (RFC 9110, Section 8.6)"),
                (Some(bytes), None) => Ok(Length { bytes, is_repeated: false }),
                (Some(bytes), Some(Ok(before))) if before.bytes == bytes => {
                    Ok(Length { bytes, is_repeated: true })
                }
                _ => refuse("repeated Content-Lengths are the same (RFC 9112, Section 6.3)"),
            });
        }
    }
}

impl TransferCodings {
    fn read(&mut self, value: &[u8]) {
        for coding in grammar::list_members(value) {
            if coding.eq_ignore_ascii_case(b"identity") {
                self.has_identity = true;
            } else if coding.eq_ignore_ascii_case(b"chunked") && !self.is_chunked {
                self.is_chunked = true;
            } else if self.unknown.is_none() {
                self.unknown = Some(Excerpt::of(value));
            }
        }
    }
}
