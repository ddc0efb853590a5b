//! The shape of a value that goes into a query, a header or a path: nothing, a text, a list, or fields.
//!
//! The shape is what the value serialises as, never what its type is called: an alias, a newtype or a
//! generic parameter means the same as what stands behind it.

use std::fmt;

use serde::{
    Serialize, Serializer,
    ser::{
        self, Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct,
    },
};

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
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> Result<Shape, Shapeless> {
        value.serialize(ToShape)
    }

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

struct ToShape;

macro_rules! texts {
    ($($method:ident $type:ty;)*) => {$(
        fn $method(self, value: $type) -> Result<Shape, Shapeless> {
            Ok(Shape::Text(value.to_string()))
        }
    )*};
}

impl Serializer for ToShape {
    type Ok = Shape;
    type Error = Shapeless;
    type SerializeSeq = ListShape;
    type SerializeTuple = ListShape;
    type SerializeTupleStruct = ListShape;
    type SerializeTupleVariant = Impossible<Shape, Shapeless>;
    type SerializeMap = FieldsShape;
    type SerializeStruct = FieldsShape;
    type SerializeStructVariant = Impossible<Shape, Shapeless>;

    texts! {
        serialize_bool bool;
        serialize_i8 i8;
        serialize_i16 i16;
        serialize_i32 i32;
        serialize_i64 i64;
        serialize_i128 i128;
        serialize_u8 u8;
        serialize_u16 u16;
        serialize_u32 u32;
        serialize_u64 u64;
        serialize_u128 u128;
        serialize_f32 f32;
        serialize_f64 f64;
        serialize_char char;
        serialize_str &str;
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Shape, Shapeless> {
        let text = std::str::from_utf8(bytes).map_err(|_| Shapeless("bytes that are not UTF-8".into()))?;
        Ok(Shape::Text(text.to_owned()))
    }

    fn serialize_none(self) -> Result<Shape, Shapeless> {
        Ok(Shape::Nothing)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Shape, Shapeless> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Shape, Shapeless> {
        Ok(Shape::Nothing)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Shape, Shapeless> {
        Ok(Shape::Nothing)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Shape, Shapeless> {
        Ok(Shape::Text(variant.to_owned()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Shape, Shapeless> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Result<Shape, Shapeless> {
        Err(variant_with_content())
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<ListShape, Shapeless> {
        Ok(ListShape(Vec::new()))
    }

    fn serialize_tuple(self, _length: usize) -> Result<ListShape, Shapeless> {
        Ok(ListShape(Vec::new()))
    }

    fn serialize_tuple_struct(self, _name: &'static str, _length: usize) -> Result<ListShape, Shapeless> {
        Ok(ListShape(Vec::new()))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleVariant, Shapeless> {
        Err(variant_with_content())
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<FieldsShape, Shapeless> {
        Ok(FieldsShape::default())
    }

    fn serialize_struct(self, _name: &'static str, _length: usize) -> Result<FieldsShape, Shapeless> {
        Ok(FieldsShape::default())
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeStructVariant, Shapeless> {
        Err(variant_with_content())
    }
}

fn variant_with_content() -> Shapeless {
    Shapeless("a variant with content".into())
}

/// A list on its way.
struct ListShape(Vec<Shape>);

impl ListShape {
    fn add<T: Serialize + ?Sized>(&mut self, member: &T) -> Result<(), Shapeless> {
        self.0.push(Shape::of(member)?);
        Ok(())
    }

    /// A list of pairs is fields, as serde's own forms have it.
    fn finish(self) -> Result<Shape, Shapeless> {
        let is_pair = |member: &Shape| matches!(member, Shape::List(pair) if pair.len() == 2);
        if !self.0.is_empty() && self.0.iter().all(is_pair) {
            let pairs = self.0.into_iter().map(|member| match member {
                Shape::List(mut pair) => {
                    let value = pair.pop().map_or(Shape::Nothing, Shape::Text);
                    Ok((pair.pop().unwrap_or_default(), value))
                }
                _ => Err(variant_with_content()),
            });
            return pairs.collect::<Result<_, _>>().map(Shape::Fields);
        }
        let texts: Result<Vec<Option<String>>, Shapeless> =
            self.0.into_iter().map(Shape::into_text).collect();
        Ok(Shape::List(texts?.into_iter().flatten().collect()))
    }
}

macro_rules! lists {
    ($($trait:ident $method:ident;)*) => {$(
        impl $trait for ListShape {
            type Ok = Shape;
            type Error = Shapeless;

            fn $method<T: Serialize + ?Sized>(&mut self, member: &T) -> Result<(), Shapeless> {
                self.add(member)
            }

            fn end(self) -> Result<Shape, Shapeless> {
                self.finish()
            }
        }
    )*};
}

lists! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
}

/// A struct or map on its way.
#[derive(Default)]
struct FieldsShape {
    fields: Vec<(String, Shape)>,
    key: Option<String>,
}

impl SerializeMap for FieldsShape {
    type Ok = Shape;
    type Error = Shapeless;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Shapeless> {
        self.key = Shape::of(key)?.into_text()?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Shapeless> {
        let key = self.key.take().ok_or_else(|| Shapeless("a key that is none".into()))?;
        self.fields.push((key, Shape::of(value)?));
        Ok(())
    }

    fn end(self) -> Result<Shape, Shapeless> {
        Ok(Shape::Fields(self.fields))
    }
}

impl SerializeStruct for FieldsShape {
    type Ok = Shape;
    type Error = Shapeless;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Shapeless> {
        self.fields.push((key.to_owned(), Shape::of(value)?));
        Ok(())
    }

    fn end(self) -> Result<Shape, Shapeless> {
        Ok(Shape::Fields(self.fields))
    }
}

#[cfg(test)]
mod tests {
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
