//! From a value to its shape, by what it serialises as.

use serde::{
    Serialize, Serializer,
    ser::{Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct},
};

use super::{Shape, Shapeless};

impl Shape {
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> Result<Shape, Shapeless> {
        value.serialize(ToShape)
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
