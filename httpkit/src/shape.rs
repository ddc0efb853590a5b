//! The shape of a value that becomes a query, a form, a header or a path: nothing, a text, a list, or fields.
//!
//! The shape is what the value serializes as, never what its type is called: an alias, a newtype or a generic
//! parameter means the same as the type behind it. What a place makes of a shape is decided here once, so that every
//! place gives the same result.

mod serializer;

use std::fmt;

use serde::ser;

/// A value, as far as it matters to text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `None`, and `()`.
    Nothing,
    Text(String),
    List(Vec<Shape>),
    /// Of a struct or map, in order.
    Fields(Vec<(String, Shape)>),
}

/// Why a value does not fit its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shapeless {
    /// The field in which it was found, from the outside in; empty for the value itself.
    field: String,
    reason: String,
}

impl Shape {
    /// Returns the value as texts: none for `None`, one for a text, several for a list, whose `None`s are left out.
    pub(crate) fn into_texts(self) -> Result<Vec<String>, Shapeless> {
        match self {
            Shape::Nothing => Ok(Vec::new()),
            Shape::Text(text) => Ok(vec![text]),
            Shape::List(members) => {
                members.into_iter().filter(|member| *member != Shape::Nothing).map(Shape::into_text).collect()
            }
            Shape::Fields(fields) => Err(Shapeless::new(&format!(
                "expected a value or a list of values; found a struct or map{}",
                Names(&fields)
            ))),
        }
    }

    /// A member of a list.
    fn into_text(self) -> Result<String, Shapeless> {
        match self {
            Shape::Text(text) => Ok(text),
            Shape::Nothing => Ok(String::new()),
            Shape::List(_) => Err(Shapeless::new("expected a list of single values; found a list within it")),
            Shape::Fields(_) => {
                Err(Shapeless::new("expected a list of single values; found a struct or map within it"))
            }
        }
    }

    /// Returns the fields of a struct, a map or a list of pairs: what can be written field by field. Only the outermost
    /// value is asked: a field that has fields itself is no list of names.
    pub(crate) fn into_fields(self) -> Result<Vec<(String, Shape)>, Shapeless> {
        match self {
            Shape::Nothing => Ok(Vec::new()),
            Shape::Fields(fields) => Ok(fields),
            Shape::List(members) => members.into_iter().map(Shape::into_pair).collect(),
            Shape::Text(_) => {
                Err(Shapeless::new("expected a struct, a map or a list of pairs; found a single value"))
            }
        }
    }

    fn into_pair(self) -> Result<(String, Shape), Shapeless> {
        if let Shape::List(pair) = self
            && let Ok([Shape::Text(name), value]) = <[Shape; 2]>::try_from(pair)
        {
            return Ok((name, value));
        }
        Err(Shapeless::new("expected a list of pairs of a name and a value; found another member"))
    }

    /// Returns whether the value has fields: it is a struct, a map or a list of pairs.
    pub(crate) fn has_fields(&self) -> bool {
        let is_pair =
            |member: &Shape| matches!(member, Shape::List(pair) if matches!(pair[..], [Shape::Text(_), _]));
        match self {
            Shape::Fields(_) => true,
            Shape::List(members) => !members.is_empty() && members.iter().all(is_pair),
            Shape::Nothing | Shape::Text(_) => false,
        }
    }
}

/// The first names of some fields, for a message.
struct Names<'a>(&'a [(String, Shape)]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((first, _)) = self.0.first() else { return Ok(()) };
        write!(
            f,
            " with the key `{first}`; nested keys are not supported: move them to the outermost struct, for "
        )?;
        f.write_str("example with `#[serde(flatten)]`")
    }
}

impl Shapeless {
    fn new(reason: &str) -> Shapeless {
        Shapeless { field: String::new(), reason: reason.to_owned() }
    }

    /// The same fault, found in a field of this name.
    pub(crate) fn within(mut self, name: &str) -> Shapeless {
        let dot = if self.field.is_empty() { "" } else { "." };
        self.field = format!("{name}{dot}{}", self.field);
        self
    }

    /// The field in which it was found; `None` for the value itself.
    pub(crate) fn field(&self) -> Option<&str> {
        Some(self.field.as_str()).filter(|field| !field.is_empty())
    }
}

impl fmt::Display for Shapeless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Shapeless {}

impl ser::Error for Shapeless {
    fn custom<T: fmt::Display>(message: T) -> Shapeless {
        Shapeless::new(&message.to_string())
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    fn text(text: &str) -> Shape {
        Shape::Text(text.to_owned())
    }

    #[derive(Serialize)]
    #[serde(rename_all = "lowercase")]
    enum State {
        Open,
        Other(u8),
    }

    #[derive(Serialize)]
    struct Wrapped(Option<State>);

    #[derive(Serialize)]
    struct Page<'a> {
        page: Option<u32>,
        labels: &'a [&'a str],
    }

    #[test]
    fn shape_follows_serialization() {
        assert_eq!(Shape::of("a"), Ok(text("a")));
        assert_eq!(Shape::of(&-5_i64), Ok(text("-5")));
        assert_eq!(Shape::of(&None::<u8>), Ok(Shape::Nothing));
        assert_eq!(Shape::of(&Wrapped(Some(State::Open))), Ok(text("open")));
        let list = Shape::List(vec![text("a"), Shape::Nothing, text("b")]);
        assert_eq!(Shape::of(&[Some("a"), None, Some("b")]), Ok(list));
        assert_eq!(Shape::of(&(1, "b")), Ok(Shape::List(vec![text("1"), text("b")])));
        let fields = vec![("page".into(), Shape::Nothing), ("labels".into(), Shape::List(vec![text("x")]))];
        assert_eq!(Shape::of(&Page { page: None, labels: &["x"] }), Ok(Shape::Fields(fields)));
    }

    #[test]
    fn texts_leave_out_none_and_reject_nesting() {
        let texts = |shape: Result<Shape, Shapeless>| shape.and_then(Shape::into_texts).ok();
        assert_eq!(texts(Shape::of(&None::<u8>)), Some(vec![]));
        assert_eq!(texts(Shape::of("a")), Some(vec!["a".into()]));
        assert_eq!(texts(Shape::of(&[Some("a"), None])), Some(vec!["a".into()]));
        assert_eq!(texts(Shape::of(&[("a", 1)])), None);
        assert_eq!(texts(Shape::of(&[[1, 2, 3], [4, 5, 6]])), None);
        assert_eq!(texts(Shape::of(&[Page { page: None, labels: &[] }])), None);
        assert_eq!(texts(Shape::of(&Page { page: None, labels: &[] })), None);
    }

    #[test]
    fn list_of_pairs_has_fields() {
        let fields = |shape: Result<Shape, Shapeless>| shape.and_then(Shape::into_fields).ok();
        let pairs = vec![("a".to_owned(), text("1")), ("b".to_owned(), Shape::Nothing)];
        let shape = Shape::of(&[("a", Some(1)), ("b", None)]);
        assert!(shape.as_ref().is_ok_and(Shape::has_fields));
        assert_eq!(fields(shape), Some(pairs));
        assert_eq!(fields(Shape::of(&[0_u8; 0])), Some(vec![]));
        assert_eq!(fields(Shape::of(&["a", "b"])), None);
        assert_eq!(fields(Shape::of(&[(None::<&str>, 1)])), None);
        assert_eq!(fields(Shape::of("a")), None);
    }

    #[test]
    fn variant_with_content_names_its_field() {
        assert!(Shape::of(&State::Other(1)).is_err());
        let error = Shape::of(&std::collections::BTreeMap::from([("state", State::Other(1))])).unwrap_err();
        assert_eq!(error.field(), Some("state"));
        let error = Shape::of(&[("state", State::Other(1))]).unwrap_err();
        assert_eq!(error.field(), Some("state"));
    }
}
