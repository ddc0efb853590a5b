//! Request targets: the four forms of RFC 9112, Section 3.2.

use crate::{grammar, method::Method, violation::InvalidRequest};

/// The form of a request target (RFC 9112, Section 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TargetForm {
    /// `/where?q=now`: a path and query, to the origin itself.
    Origin,
    /// `http://host/where?q=now`: a whole URL, to a proxy.
    Absolute,
    /// `host:port`: CONNECT alone.
    Authority,
    /// `*`: OPTIONS for the server as a whole.
    Asterisk,
}

/// Judges a target that is to be sent, at the last point before the wire, and tells its form.
pub(crate) fn judge_target(method: &Method, target: &str) -> Result<TargetForm, InvalidRequest> {
    let bytes = target.as_bytes();
    if !grammar::is_target(bytes) {
        return Err(InvalidRequest::new(broken_rule(bytes), bytes));
    }
    let form = form_of(method, target);
    form.ok_or_else(|| {
        let rule = if *method == Method::CONNECT {
            "the target of CONNECT is `host:port` (RFC 9112, Section 3.2.3)"
        } else {
            "a request target is a path that begins with `/`, a whole URL, or `*` for OPTIONS (RFC 9112, Section 3.2)"
        };
        InvalidRequest::new(rule, bytes)
    })
}

/// The rule that the first byte breaks which is not of a target.
fn broken_rule(bytes: &[u8]) -> &'static str {
    match bytes.iter().find(|byte| !grammar::is_target_byte(**byte)) {
        Some(b'#') => "a request target has no fragment (RFC 9112, Section 3.2)",
        Some(b' ') => "a request target has no space: percent-encode it as %20 (RFC 9112, Section 3.2)",
        Some(byte) if byte.is_ascii() => "a request target has no control bytes (RFC 9112, Section 3.2)",
        _ => "a request target is ASCII: percent-encode the rest (RFC 9112, Section 3.2)",
    }
}

fn form_of(method: &Method, target: &str) -> Option<TargetForm> {
    if *method == Method::CONNECT {
        return is_authority(target).then_some(TargetForm::Authority);
    }
    match target.as_bytes() {
        [b'/', ..] => Some(TargetForm::Origin),
        b"*" if *method == Method::OPTIONS => Some(TargetForm::Asterisk),
        _ => is_absolute(target).then_some(TargetForm::Absolute),
    }
}

/// `uri-host ":" port`, the port at least one digit.
fn is_authority(target: &str) -> bool {
    let Some((host, port)) = target.rsplit_once(':') else {
        return false;
    };
    !host.is_empty()
        && !host.contains(['/', '?', '@'])
        && grammar::decimal(port.as_bytes()).is_some_and(|port| port <= 0xffff)
}

/// `scheme "://" …` (RFC 3986, Section 3.1).
fn is_absolute(target: &str) -> bool {
    let Some((scheme, rest)) = target.split_once("://") else {
        return false;
    };
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && !rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_told_from_the_others() {
        for (method, target, form) in [
            (Method::GET, "/", Some(TargetForm::Origin)),
            (Method::GET, "/a?b=c|d", Some(TargetForm::Origin)),
            (Method::GET, "//host", Some(TargetForm::Origin)),
            (Method::GET, "http://h/x", Some(TargetForm::Absolute)),
            (Method::OPTIONS, "*", Some(TargetForm::Asterisk)),
            (Method::GET, "*", None),
            (Method::GET, "index.html", None),
            (Method::GET, "", None),
            (Method::CONNECT, "h:443", Some(TargetForm::Authority)),
            (Method::CONNECT, "[::1]:443", Some(TargetForm::Authority)),
            (Method::CONNECT, "h", None),
            (Method::CONNECT, "h:", None),
            (Method::CONNECT, "h:+1", None),
            (Method::CONNECT, "/", None),
            (Method::GET, "/a b", None),
            (Method::GET, "/a\r\nX: y", None),
            (Method::GET, "/a\u{7f}", None),
            (Method::GET, "/ü", None),
            (Method::GET, "/a#b", None),
        ] {
            assert_eq!(judge_target(&method, target).ok(), form, "{method} {target:?}");
        }
    }
}
