//! Queries and forms, written parameter by parameter (RFC 6570 §3.2.8 and §3.2.9; URL Standard §5.2).
//!
//! Rule of this file: a key is sent under the name that the caller wrote, or the call fails and names the field.

use std::fmt::Write;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::{
    error::{Error, ErrorKind, Result},
    shape::{Shape, Shapeless},
};

/// Everything but `unreserved` (RFC 3986 §2.3).
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a form encodes (URL Standard §1.3). A space becomes `+` on top of this.
const IN_FORMS: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'*').remove(b' ');

/// Writes a query or a form, percent-encoded, at the end of a text.
#[derive(Debug)]
pub(crate) struct Query<'t> {
    text: &'t mut String,
    /// What goes before the next parameter.
    separator: &'static str,
    encoding: Encoding,
}

/// How names and values are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    /// `%20` for a space: safe in any part of a URL.
    Query,
    /// `+` for a space: what HTML forms send.
    Form,
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
        Query { text, separator: "", encoding: Encoding::Query }
    }

    /// A form.
    pub(crate) fn form(text: &'t mut String) -> Query<'t> {
        Query { text, separator: "", encoding: Encoding::Form }
    }

    /// The query of the URL in `text`, or more of it if it has one.
    #[cfg(feature = "macros")]
    pub(crate) fn of_url(text: &'t mut String) -> Query<'t> {
        let separator = if text.contains('?') { "&" } else { "?" };
        Query { text, separator, encoding: Encoding::Query }
    }

    /// Adds one parameter. `None` and an empty list add nothing. With [`ListStyle::Repeated`], a struct, a map or a
    /// list of pairs adds a parameter for each field, as RFC 6570 has it for `{?x*}`.
    #[cfg(feature = "macros")]
    pub(crate) fn parameter<T: Serialize + ?Sized>(
        &mut self,
        name: &str,
        value: &T,
        style: ListStyle,
    ) -> Result<()> {
        let shape = Shape::of(value).map_err(|fault| unfit(name, &fault))?;
        if style == ListStyle::Repeated && shape.has_fields() {
            return self.fields(name, shape);
        }
        let texts = shape.into_texts().map_err(|fault| unfit(name, &fault))?;
        self.texts(name, &texts, style);
        Ok(())
    }

    /// Adds each field of a struct, a map or a list of pairs as a parameter: none for `None`, several for a list.
    /// `place` names the value in errors.
    pub(crate) fn flatten<T: Serialize + ?Sized>(&mut self, place: &str, value: &T) -> Result<()> {
        let shape = Shape::of(value).map_err(|fault| unfit(place, &fault))?;
        self.fields(place, shape)
    }

    /// Adds a name without a value.
    #[cfg(feature = "macros")]
    pub(crate) fn flag(&mut self, name: &str) {
        self.name(name);
    }

    fn fields(&mut self, place: &str, shape: Shape) -> Result<()> {
        for (name, shape) in shape.into_fields().map_err(|fault| unfit(place, &fault))? {
            let texts = shape.into_texts().map_err(|fault| unfit(place, &fault.within(&name)))?;
            self.texts(&name, &texts, ListStyle::Repeated);
        }
        Ok(())
    }

    fn texts(&mut self, name: &str, texts: &[String], style: ListStyle) {
        match style {
            _ if texts.is_empty() => {}
            ListStyle::Commas => self.pair(name, texts),
            ListStyle::Repeated => texts.chunks(1).for_each(|text| self.pair(name, text)),
        }
    }

    fn pair(&mut self, name: &str, values: &[String]) {
        self.name(name);
        self.text.push('=');
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            self.encode(value);
        }
    }

    fn name(&mut self, name: &str) {
        self.text.push_str(self.separator);
        self.separator = "&";
        self.encode(name);
    }

    fn encode(&mut self, text: &str) {
        match self.encoding {
            Encoding::Query => self.text.extend(utf8_percent_encode(text, RESERVED)),
            Encoding::Form => {
                for (index, word) in text.split(' ').enumerate() {
                    let plus = if index > 0 { "+" } else { "" };
                    write!(self.text, "{plus}{}", utf8_percent_encode(word, IN_FORMS))
                        .expect("a String takes any write");
                }
            }
        }
    }
}

/// An error about a value, which names the field that it was found in.
pub(crate) fn unfit(name: &str, fault: &Shapeless) -> Error {
    parameter_error(fault.field().unwrap_or(name), fault.to_string())
}

pub(crate) fn parameter_error(name: &str, reason: String) -> Error {
    Error::new(ErrorKind::Parameter { name: name.to_owned(), reason }).unsent()
}

#[cfg(test)]
#[cfg(feature = "macros")]
mod tests {
    use std::collections::BTreeMap;

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
    fn flattens_outermost_fields() {
        let fields = [("a", Some("1")), ("b", None), ("c", Some("x y"))];
        assert_eq!(written(|query| query.flatten("query", &fields)), "a=1&c=x%20y");
        let fields: BTreeMap<_, _> = fields.into_iter().collect();
        assert_eq!(written(|query| query.flatten("query", &fields)), "a=1&c=x%20y");
        assert_eq!(written(|query| query.flatten("query", &[("a", 1), ("a", 2)])), "a=1&a=2");
        assert_eq!(written(|query| query.parameter("x", &fields, ListStyle::Repeated)), "a=1&c=x%20y");
        assert!(Query::new(&mut String::new()).flatten("query", "text").is_err());
    }

    #[test]
    fn rejects_nested_keys_and_names_their_field() {
        let range = BTreeMap::from([("from", 1)]);
        let nested = BTreeMap::from([("price", &range)]);
        let mut text = String::new();
        let mut query = Query::new(&mut text);
        for result in [
            query.flatten("query", &nested),
            query.parameter("x", &nested, ListStyle::Repeated),
            query.flatten("query", &[("price", &range)]),
            query.flatten("query", &BTreeMap::from([("price", [(10, 20)])])),
            query.flatten("query", &BTreeMap::from([("price", [["a"]])])),
        ] {
            let error = result.unwrap_err().to_string();
            assert!(error.contains("`price`"), "{error}");
        }
        assert_eq!(text, "");
    }
}
