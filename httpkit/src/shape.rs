//! The shape of a value that goes into a query, a header or a path: nothing, a text, a list, or fields.
//!
//! The shape is what the value serialises as, never what its type is called: an alias, a newtype or a
//! generic parameter means the same as what stands behind it.

mod serializer;

use std::fmt;

use serde::ser;

/// What a value looks like as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `None`, and `()`.
    Nothing,
    Text(String),
    /// Of texts; `None`s are left out.
    List(Vec<String>),
    /// Of a struct or map, in order.
    Fields(Vec<(String, Shape)>),
}

/// Why a value has no such shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shapeless(String);

impl Shape {
    /// The value as one text, or none.
    fn into_text(self) -> Result<Option<String>, Shapeless> {
        match self {
            Shape::Nothing => Ok(None),
            Shape::Text(text) => Ok(Some(text)),
            Shape::List(_) => Err(Shapeless("a list within a list".into())),
            Shape::Fields(_) => Err(Shapeless("a struct or map within a list".into())),
        }
    }
}

impl fmt::Display for Shapeless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Shapeless {}

impl ser::Error for Shapeless {
    fn custom<T: fmt::Display>(message: T) -> Shapeless {
        Shapeless(message.to_string())
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    fn texts(members: &[&str]) -> Shape {
        Shape::List(members.iter().map(ToString::to_string).collect())
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
    fn a_shape_follows_what_is_serialised() {
        assert_eq!(Shape::of("a"), Ok(Shape::Text("a".into())));
        assert_eq!(Shape::of(&-5_i64), Ok(Shape::Text("-5".into())));
        assert_eq!(Shape::of(&None::<u8>), Ok(Shape::Nothing));
        assert_eq!(Shape::of(&Wrapped(Some(State::Open))), Ok(Shape::Text("open".into())));
        assert_eq!(Shape::of(&[Some("a"), None, Some("b")]), Ok(texts(&["a", "b"])));
        assert_eq!(Shape::of(&(1, "b")), Ok(texts(&["1", "b"])));
        let fields = vec![("page".into(), Shape::Nothing), ("labels".into(), texts(&["x"]))];
        assert_eq!(Shape::of(&Page { page: None, labels: &["x"] }), Ok(Shape::Fields(fields)));
    }

    #[test]
    fn pairs_are_fields() {
        let fields =
            vec![("a".to_owned(), Shape::Text("1".into())), ("b".to_owned(), Shape::Text("2".into()))];
        assert_eq!(Shape::of(&[("a", 1), ("b", 2)]), Ok(Shape::Fields(fields)));
    }

    #[test]
    fn what_has_no_text_is_refused() {
        assert!(Shape::of(&State::Other(1)).is_err());
        assert!(Shape::of(&[[1, 2, 3], [4, 5, 6]]).is_err());
        assert!(Shape::of(&[Page { page: None, labels: &[] }]).is_err());
    }
}
