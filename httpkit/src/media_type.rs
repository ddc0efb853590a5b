//! Media types, as `Content-Type` names them.

use std::{borrow::Cow, fmt};

use crate::{grammar, parameters::Parameters};

/// The value of a `Content-Type` field (RFC 9110, Section 8.3.1): a type, a subtype, and parameters.
///
/// ```
/// use httpkit::MediaType;
///
/// let html = MediaType::parse(r#"text/HTML; charset="utf-8""#).unwrap();
/// assert_eq!(html.essence(), "text/HTML");
/// assert!(html.is("text/html"));
/// assert_eq!(html.parameter("Charset").unwrap(), "utf-8");
/// assert_eq!(MediaType::parse("html"), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MediaType<'a> {
    essence: &'a str,
    /// Empty, or from the first semicolon on.
    parameters: &'a str,
}

impl<'a> MediaType<'a> {
    /// Reads a field value; `None` where it does not begin with a type and a subtype.
    pub fn parse(value: &'a str) -> Option<MediaType<'a>> {
        let end = value.find(';').unwrap_or(value.len());
        let (essence, parameters) = value.split_at(end);
        let essence = essence.trim_matches([' ', '\t']);
        let (kind, subtype) = essence.split_once('/')?;
        let is_valid = grammar::is_token(kind.as_bytes()) && grammar::is_token(subtype.as_bytes());
        is_valid.then_some(MediaType { essence, parameters })
    }

    /// Type and subtype, as received.
    pub fn essence(&self) -> &'a str {
        self.essence
    }

    /// Whether this is `essence`, such as `application/json`, without regard to case and parameters.
    pub fn is(&self, essence: &str) -> bool {
        self.essence.eq_ignore_ascii_case(essence)
    }

    /// The value of the first parameter of this name, without quotes. What is no parameter is passed over.
    pub fn parameter(&self, name: &str) -> Option<Cow<'a, str>> {
        let mut parameters = Parameters::of_value(self.parameters);
        parameters.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

impl fmt::Display for MediaType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.essence, self.parameters)
    }
}

impl fmt::Debug for MediaType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}{}\"", self.essence.escape_debug(), self.parameters.escape_debug())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_tokens_or_quoted() {
        for (value, charset) in [
            ("text/plain", None),
            ("text/plain;", None),
            ("text/plain;charset=utf-8", Some("utf-8")),
            ("text/plain ;\tCHARSET=UTF-8 ", Some("UTF-8")),
            ("text/plain; charset=\"utf-8\"", Some("utf-8")),
            ("text/plain; charset=\"u\\tf-\\\"8\"; a=b", Some("utf-\"8")),
            ("text/plain; a=\"; charset=no\"; charset=yes", Some("yes")),
            ("text/plain; a=\"\\\\\"; charset=yes", Some("yes")),
            ("text/plain; a=\"\\\"; charset=no\"; charset=yes", Some("yes")),
            ("text/plain; charset=a; charset=b", Some("a")),
            ("text/plain; ; a; charset=a", Some("a")),
            ("text/plain; charset", Some("")),
            ("text/plain; charset=", Some("")),
            ("text/plain; charset=\"open", Some("\"open")),
            ("text/plain; xcharset=a", None),
        ] {
            let media_type = MediaType::parse(value).unwrap();
            assert!(media_type.is("Text/Plain"), "{value}");
            assert_eq!(media_type.parameter("charset").as_deref(), charset, "{value}");
        }
    }

    #[test]
    fn type_and_subtype_are_tokens() {
        for value in ["", ";", "text", "text/", "/plain", "text/plain/x", "text plain/x", "te\u{e9}t/plain"] {
            assert_eq!(MediaType::parse(value), None, "{value}");
        }
        assert_eq!(MediaType::parse(" a/b+c ;d").unwrap().to_string(), "a/b+c;d");
    }
}
