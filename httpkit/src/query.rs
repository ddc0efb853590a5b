//! The query of a URL, written parameter by parameter (RFC 6570, Sections 3.2.8 and 3.2.9).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::{
    error::{Error, ErrorKind, Result},
    shape::{Shape, Shapeless},
};

/// Everything but `unreserved` (RFC 3986, Section 2.3).
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Writes a query, percent-encoded, behind a text.
#[derive(Debug)]
pub(crate) struct Query<'t> {
    text: &'t mut String,
    /// What goes before the next parameter.
    separator: &'static str,
}

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListStyle {
    /// `a=1,2`
    #[cfg_attr(not(feature = "macros"), expect(dead_code, reason = "templates alone write it"))]
    Commas,
    /// `a=1&a=2`
    Repeated,
}

impl<'t> Query<'t> {
    /// A query alone, without a `?`.
    pub(crate) fn new(text: &'t mut String) -> Query<'t> {
        Query { text, separator: "" }
    }

    /// The query of the URL in `text`, or more of it where it has one.
    #[cfg(feature = "macros")]
    pub(crate) fn of_url(text: &'t mut String) -> Query<'t> {
        let separator = if text.contains('?') { "&" } else { "?" };
        Query { text, separator }
    }

    /// Adds one parameter: `None` and an empty list add nothing.
    #[cfg(feature = "macros")]
    pub(crate) fn parameter<T: Serialize + ?Sized>(
        &mut self,
        name: &str,
        value: &T,
        style: ListStyle,
    ) -> Result<()> {
        let shape = Shape::of(value).map_err(|reason| unfit(name, &reason))?;
        self.shape(name, shape, style)
    }

    /// Adds each field of a struct, map or list of pairs as a parameter.
    pub(crate) fn flatten<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        match Shape::of(value).map_err(|reason| unfit("query", &reason))? {
            Shape::Nothing => Ok(()),
            Shape::List(members) if members.is_empty() => Ok(()),
            Shape::Fields(fields) => {
                fields.into_iter().try_for_each(|(name, shape)| self.shape(&name, shape, ListStyle::Repeated))
            }
            Shape::Text(_) | Shape::List(_) => {
                Err(parameter_error("query", "it is no struct, map or list of pairs".into()))
            }
        }
    }

    /// Adds a name without a value.
    #[cfg(feature = "macros")]
    pub(crate) fn flag(&mut self, name: &str) {
        self.name(name);
    }

    fn shape(&mut self, name: &str, shape: Shape, style: ListStyle) -> Result<()> {
        match (shape, style) {
            (Shape::Nothing, _) => {}
            (Shape::Text(text), _) => self.pair(name, &[text]),
            (Shape::List(members), _) if members.is_empty() => {}
            (Shape::List(members), ListStyle::Commas) => self.pair(name, &members),
            (Shape::List(members), ListStyle::Repeated) => {
                for member in members {
                    self.pair(name, &[member]);
                }
            }
            (Shape::Fields(fields), ListStyle::Repeated) => {
                for (name, shape) in fields {
                    match shape {
                        Shape::Nothing => {}
                        Shape::Text(text) => self.pair(&name, &[text]),
                        _ => {
                            return Err(parameter_error(&name, "it is a list or map within fields".into()));
                        }
                    }
                }
            }
            (Shape::Fields(_), ListStyle::Commas) => {
                return Err(parameter_error(
                    name,
                    "it has fields, which are written one by one when flattened".into(),
                ));
            }
        }
        Ok(())
    }

    fn pair(&mut self, name: &str, members: &[String]) {
        self.name(name);
        self.text.push('=');
        for (index, member) in members.iter().enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            self.text.extend(utf8_percent_encode(member, RESERVED));
        }
    }

    fn name(&mut self, name: &str) {
        self.text.push_str(self.separator);
        self.separator = "&";
        self.text.extend(utf8_percent_encode(name, RESERVED));
    }
}

pub(crate) fn unfit(name: &str, reason: &Shapeless) -> Error {
    parameter_error(name, format!("{reason} has no place there"))
}

pub(crate) fn parameter_error(name: &str, reason: String) -> Error {
    Error::new(ErrorKind::Parameter { name: name.to_owned(), reason }).unsent()
}

#[cfg(test)]
#[cfg(feature = "macros")]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Query<'_>) -> Result<()>) -> String {
        let mut text = String::new();
        write(&mut Query::new(&mut text)).unwrap();
        text
    }

    #[test]
    fn parameters_are_encoded_once() {
        for (value, text) in
            [("a b&c=d", "q=a%20b%26c%3Dd"), ("ü+%", "q=%C3%BC%2B%25"), ("", "q="), ("-._~", "q=-._~")]
        {
            assert_eq!(written(|query| query.parameter("q", value, ListStyle::Commas)), text);
        }
    }

    #[test]
    fn lists_and_nothing() {
        let list = ["red", "a,b"];
        assert_eq!(written(|query| query.parameter("c", &list, ListStyle::Commas)), "c=red,a%2Cb");
        assert_eq!(written(|query| query.parameter("c", &list, ListStyle::Repeated)), "c=red&c=a%2Cb");
        assert_eq!(written(|query| query.parameter("c", &None::<u8>, ListStyle::Commas)), "");
        assert_eq!(written(|query| query.parameter("c", &[0_u8; 0], ListStyle::Commas)), "");
    }

    #[test]
    fn fields_are_flattened() {
        let fields = [("a", Some("1")), ("b", None), ("c", Some("x y"))];
        // A pair with `None` is a list of one, so such lists are no fields: maps and structs carry options.
        assert!(Query::new(&mut String::new()).flatten(&fields).is_err());
        let fields: std::collections::BTreeMap<_, _> = fields.into_iter().collect();
        assert_eq!(written(|query| query.flatten(&fields)), "a=1&c=x%20y");
        assert_eq!(written(|query| query.flatten(&[("a", 1), ("a", 2)])), "a=1&a=2");
        assert!(Query::new(&mut String::new()).flatten("text").is_err());
    }
}
