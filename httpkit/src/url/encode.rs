//! What of a URL is percent-encoded at intake, and what is refused.

#[cfg(feature = "macros")]
use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::{grammar, violation::InvalidUrl};

/// A part of a URL, with the octets that it allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Component {
    UserInfo,
    Path,
    Query,
    Fragment,
}

/// What no component allows: everything but `unreserved`, `sub-delims`, `:`, `@`, `/`, `?`, `%`, and the
/// marks that begin a component (RFC 3986, Appendix A).
const NEVER: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
const USER_INFO: &AsciiSet = &NEVER.add(b'#').add(b'/').add(b'?').add(b'@');
const PATH: &AsciiSet = &NEVER.add(b'#').add(b'?');

impl Component {
    fn refused(self) -> &'static AsciiSet {
        match self {
            Component::UserInfo => USER_INFO,
            Component::Path => PATH,
            Component::Query | Component::Fragment => NEVER,
        }
    }
}

/// Appends `part`, and percent-encodes what its component does not allow. A `%` that begins no escape
/// becomes `%25`; one that does is left alone.
pub(crate) fn encode_into(text: &mut String, part: &str, component: Component) {
    for (index, piece) in part.split('%').enumerate() {
        if index > 0 {
            let escape = matches!(piece.as_bytes(), [a, b, ..] if is_hex(*a) && is_hex(*b));
            text.push_str(if escape { "%" } else { "%25" });
        }
        text.extend(utf8_percent_encode(piece, component.refused()));
    }
}

/// Judges a path with or without a query that is to be sent as it is: encoded as by [`encode_into`], and
/// free of dot segments, which a server may resolve.
#[cfg(feature = "macros")]
pub(super) fn judge_target(target: &str) -> Result<(), InvalidUrl> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let rule = if !path.starts_with('/') {
        "a path begins with `/` (RFC 3986, Section 3.3)"
    } else if !is_encoded(path, Component::Path) || !is_encoded(query, Component::Query) {
        "a path and query are percent-encoded (RFC 3986, Section 3.3)"
    } else if path.split('/').any(is_dot_segment) {
        "a path that is appended to a base URL has no dot segments (RFC 3986, Section 3.3)"
    } else {
        return Ok(());
    };
    Err(InvalidUrl::new(rule, target.as_bytes()))
}

/// Whether [`encode_into`] would leave `part` as it is.
#[cfg(feature = "macros")]
fn is_encoded(part: &str, component: Component) -> bool {
    let escapes = |piece: &str| matches!(piece.as_bytes(), [a, b, ..] if is_hex(*a) && is_hex(*b));
    part.split('%').skip(1).all(escapes)
        && matches!(
            Cow::from(utf8_percent_encode(part, component.refused())),
            Cow::Borrowed(_)
        )
}

/// Whether a segment of a path is `.` or `..`, also where its dots are encoded.
#[cfg(feature = "macros")]
pub(crate) fn is_dot_segment(segment: &str) -> bool {
    let dot = |text: &'_ str| -> Option<usize> {
        ["." , "%2e", "%2E"].iter().find(|dot| text.starts_with(**dot)).map(|dot| dot.len())
    };
    dot(segment).is_some_and(|first| {
        let rest = &segment[first..];
        rest.is_empty() || dot(rest) == Some(rest.len())
    })
}

fn is_hex(byte: u8) -> bool {
    grammar::hex_digit(byte).is_some()
}

/// Refuses what other programs read differently than we would: control bytes, and `\`, which some take
/// for `/`.
pub(super) fn refuse_ambiguous(text: &str) -> Result<(), InvalidUrl> {
    if text.bytes().any(|byte| byte.is_ascii_control()) {
        return Err(InvalidUrl::new(
            "a URL has no control bytes",
            text.as_bytes(),
        ));
    }
    if text.contains('\\') {
        return Err(InvalidUrl::new(
            "a URL has no backslash: write %5C",
            text.as_bytes(),
        ));
    }
    Ok(())
}

/// Resolves `.` and `..` in the path that begins at `start` and ends the text (RFC 3986, Section 5.2.4).
pub(super) fn remove_dot_segments(text: &mut String, start: usize) {
    if !text[start..].contains("/.") {
        return;
    }
    let path = text.split_off(start);
    let last = path.split('/').count() - 1;
    for (index, segment) in path.split('/').enumerate().skip(1) {
        match segment {
            "." | ".." => {
                if segment == ".." {
                    let parent = text[start..]
                        .rfind('/')
                        .map_or(start, |slash| start + slash);
                    text.truncate(parent);
                }
                if index == last {
                    text.push('/');
                }
            }
            _ => {
                text.push('/');
                text.push_str(segment);
            }
        }
    }
}
