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
        let text = std::str::from_utf8(bytes)
            .map_err(|_| Shapeless::new("expected text; found bytes that are not UTF-8"))?;
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
    Shapeless::new("expected a value without content; found an enum variant with content")
}

/// A list on its way.
struct ListShape(Vec<Shape>);

impl ListShape {
    fn add<T: Serialize + ?Sized>(&mut self, member: &T) -> Result<(), Shapeless> {
        let shape = Shape::of(member).map_err(|fault| match &self.0[..] {
            // The value of a pair.
            [Shape::Text(name)] => fault.within(name),
            _ => fault,
        });
        self.0.push(shape?);
        Ok(())
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
                Ok(Shape::List(self.0))
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

impl FieldsShape {
    fn add<T: Serialize + ?Sized>(&mut self, name: String, value: &T) -> Result<(), Shapeless> {
        let shape = Shape::of(value).map_err(|fault| fault.within(&name))?;
        self.fields.push((name, shape));
        Ok(())
    }
}

impl SerializeMap for FieldsShape {
    type Ok = Shape;
    type Error = Shapeless;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Shapeless> {
        let Shape::Text(key) = Shape::of(key)? else {
            return Err(Shapeless::new("expected a map whose keys are single values"));
        };
        self.key = Some(key);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Shapeless> {
        let key =
            self.key.take().ok_or_else(|| Shapeless::new("expected a key before each value of a map"))?;
        self.add(key, value)
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
        self.add(key.to_owned(), value)
    }

    fn end(self) -> Result<Shape, Shapeless> {
        Ok(Shape::Fields(self.fields))
    }
}
