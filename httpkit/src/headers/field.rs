//! One field: where it lies, how it is written, and what is judged before it is sent.

use crate::{grammar, violation::InvalidRequest};

/// Where a field lies in the bytes of its section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FieldRange {
    pub(crate) name_start: u32,
    pub(crate) name_end: u32,
    pub(crate) value_start: u32,
    pub(crate) value_end: u32,
}

impl FieldRange {
    pub(crate) fn name<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        &bytes[self.name_start as usize..self.name_end as usize]
    }

    pub(crate) fn value<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        &bytes[self.value_start as usize..self.value_end as usize]
    }

    /// Whether the field has this name, without regard to case. Most have not even its length.
    #[inline]
    pub(super) fn is_named(&self, bytes: &[u8], name: &[u8]) -> bool {
        self.name_length() == name.len() && grammar::is_name(self.name(bytes), name)
    }

    pub(super) fn name_length(&self) -> usize {
        (self.name_end - self.name_start) as usize
    }
}

/// Writes `name: value CRLF` (RFC 9112, Section 5).
pub(crate) fn write_field(head: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    head.extend_from_slice(name);
    head.extend_from_slice(b": ");
    head.extend_from_slice(value);
    head.extend_from_slice(b"\r\n");
}

/// Judges a field that is to be sent, and strips the blanks around its value.
pub(crate) fn check_field<'a>(name: &str, value: &'a [u8]) -> Result<&'a [u8], InvalidRequest> {
    if !grammar::is_token(name.as_bytes()) {
        return Err(InvalidRequest::new("a field name is a token (RFC 9110, Section 5.1)", name.as_bytes()));
    }
    if !grammar::is_value(value) {
        return Err(InvalidRequest::new(
            "a field value has no control bytes, CR and LF among them (RFC 9110, Section 5.5)",
            if is_secret(name) { b"<redacted>" } else { value },
        ));
    }
    Ok(grammar::trim_blanks(value))
}

/// Whether the value of this field is a secret that no log or `Debug` may show.
pub(crate) fn is_secret(name: &str) -> bool {
    ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "x-auth-token"]
        .iter()
        .any(|secret| name.eq_ignore_ascii_case(secret))
}
