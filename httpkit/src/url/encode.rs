//! What of a URL is percent-encoded at intake, and what is refused.

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
