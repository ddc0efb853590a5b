//! One field: where it lies, how it is written, and what is judged before it is sent.

use crate::{
    grammar,
    violation::{Culprit, InvalidRequest},
};

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
        return Err(bad_name(name.as_bytes()));
    }
    match value.iter().position(|byte| !grammar::is_value_byte(*byte)) {
        None => Ok(grammar::trim_blanks(value)),
        Some(position) => Err(bad_value(name, value, position)),
    }
}

/// The name is not shown: a caller may have taken a value for it.
#[cold]
fn bad_name(name: &[u8]) -> InvalidRequest {
    let culprit = Culprit { value: name, position: grammar::token_length(name) };
    InvalidRequest::without_value(format!(
        "a header name must be a token; found {culprit} (RFC 9110, Section 5.1)"
    ))
}

/// The value is not shown: it may be a secret, whatever its name.
#[cold]
fn bad_value(name: &str, value: &[u8], position: usize) -> InvalidRequest {
    // As read from a file whose last line has an end.
    let is_end = value[position..].iter().all(|byte| matches!(byte, b'\r' | b'\n'));
    let fault = if is_end {
        "must not end with a line break".to_owned()
    } else {
        format!("must not contain control bytes; found {}", Culprit { value, position })
    };
    InvalidRequest::without_value(format!("header `{name}` {fault} (RFC 9110, Section 5.5)"))
}
