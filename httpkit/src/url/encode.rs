//! What of a URL is percent-encoded at intake, and what is refused.

use std::fmt::Write;

use crate::{
    grammar,
    violation::{Culprit, InvalidUrl},
};

/// A part of a URL, with the octets that it allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Component {
    UserInfo = 1,
    Path = 2,
    /// A fragment allows the same.
    Query = 4,
}

/// For each octet, the components that allow it as it is (RFC 3986, Appendix A).
const ALLOWED: [u8; 256] = allowed();

const fn allowed() -> [u8; 256] {
    let (user_info, path, query) = (Component::UserInfo as u8, Component::Path as u8, Component::Query as u8);
    let mut table = [0; 256];
    let mut byte = 0_u8;
    while byte.is_ascii() {
        table[byte as usize] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => user_info | path | query,
            b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b':' => {
                user_info | path | query
            }
            b'@' | b'/' => path | query,
            b'?' => query,
            _ => 0,
        };
        byte += 1;
    }
    table
}

impl Component {
    fn allows(self, byte: u8) -> bool {
        ALLOWED[byte as usize] & self as u8 != 0
    }

    /// Where the first octet stands that is not allowed and begins no escape.
    fn find_odd(self, part: &str) -> Option<usize> {
        let bytes = part.as_bytes();
        let is_odd = |(index, byte): (usize, &u8)| !self.allows(*byte) && !is_escape(&bytes[index..]);
        bytes.iter().enumerate().position(is_odd)
    }
}

/// `pct-encoded = "%" HEXDIG HEXDIG` (RFC 3986, Section 2.1).
fn is_escape(bytes: &[u8]) -> bool {
    let is_hex = |byte: u8| grammar::hex_digit(byte).is_some();
    matches!(bytes, [b'%', high, low, ..] if is_hex(*high) && is_hex(*low))
}

/// Appends `part`, and percent-encodes what its component does not allow. A `%` that begins no escape
/// becomes `%25`; one that does is left alone.
pub(crate) fn encode_into(text: &mut String, part: &str, component: Component) {
    let mut rest = part;
    while let Some(at) = component.find_odd(rest) {
        let (plain, from) = rest.split_at(at);
        let end = from.chars().next().map_or(0, char::len_utf8);
        text.push_str(plain);
        for byte in from[..end].bytes() {
            write!(text, "%{byte:02X}").expect("a String takes any write");
        }
        rest = &from[end..];
    }
    text.push_str(rest);
}

/// Judges a path with or without a query that is to be sent as it is: encoded as by [`encode_into`], and
/// free of dot segments, which a server may resolve.
#[cfg(feature = "macros")]
pub(super) fn judge_target(target: &str) -> Result<(), InvalidUrl> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let is_encoded = |part: &str, component: Component| component.find_odd(part).is_none();
    let rule = if !path.starts_with('/') {
        "a path must begin with `/` (RFC 3986, Section 3.3)"
    } else if !is_encoded(path, Component::Path) || !is_encoded(query, Component::Query) {
        "a path and query must be percent-encoded (RFC 3986, Section 3.3)"
    } else {
        return refuse_dot_segments(target);
    };
    Err(InvalidUrl::new(rule, target.as_bytes()))
}

/// Refuses a path, with or without a query, that would leave the base URL that it is appended to.
pub(super) fn refuse_dot_segments(target: &str) -> Result<(), InvalidUrl> {
    let path = &target[..target.find(['?', '#']).unwrap_or(target.len())];
    if !has_dot_segment(path) {
        return Ok(());
    }
    let rule =
        "a path appended to a base URL must not contain the segments `.` and `..` (RFC 3986, Section 3.3)";
    Err(InvalidUrl::new(rule, target.as_bytes()))
}

/// What a segment of a path means to whoever resolves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DotSegment {
    /// `.`: this folder.
    Current,
    /// `..`: the folder above.
    Parent,
}

impl DotSegment {
    /// The one place that says what a dot segment is. Its dots may be percent-encoded (URL Standard §4.1).
    fn of(segment: &str) -> Option<DotSegment> {
        let strip_dot = |text| [".", "%2e", "%2E"].iter().find_map(|dot| str::strip_prefix(text, *dot));
        match strip_dot(segment)? {
            "" => Some(DotSegment::Current),
            rest => strip_dot(rest)?.is_empty().then_some(DotSegment::Parent),
        }
    }
}

/// Returns whether a segment of the path is `.` or `..`.
pub(crate) fn has_dot_segment(path: &str) -> bool {
    path.split('/').any(|segment| DotSegment::of(segment).is_some())
}

/// Refuses what other programs read differently than we would: control bytes, and `\`, which some take
/// for `/`.
pub(super) fn refuse_ambiguous(text: &str) -> Result<(), InvalidUrl> {
    let has_controls = grammar::length_before_control(text.as_bytes()) < text.len();
    if !has_controls && memchr::memchr(b'\\', text.as_bytes()).is_none() {
        return Ok(());
    }
    let value = text.as_bytes();
    let rule = if has_controls {
        let position = grammar::length_before_control(value);
        format!("a URL must not contain control bytes: {} is one", Culprit { value, position })
    } else {
        "a URL must not contain a backslash: write %5C".to_owned()
    };
    Err(InvalidUrl::new(rule, value))
}

/// Resolves dot segments in the path that begins at `start` and ends the text (RFC 3986 §5.2.4).
pub(super) fn remove_dot_segments(text: &mut String, start: usize) {
    // Most paths have neither a dot nor an escape at the start of a segment.
    let bytes = &text.as_bytes()[start..];
    let may_be_dot = |slash: usize| matches!(bytes.get(slash + 1), Some(b'.' | b'%'));
    if !memchr::memchr_iter(b'/', bytes).any(may_be_dot) {
        return;
    }
    let path = text.split_off(start);
    let last = path.split('/').count() - 1;
    for (index, segment) in path.split('/').enumerate().skip(1) {
        let Some(dots) = DotSegment::of(segment) else {
            text.push('/');
            text.push_str(segment);
            continue;
        };
        if dots == DotSegment::Parent {
            let parent = text[start..].rfind('/').map_or(start, |slash| start + slash);
            text.truncate(parent);
        }
        if index == last {
            text.push('/');
        }
    }
}
