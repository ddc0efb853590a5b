//! Tells an `Option` by what it does: it makes something of nothing.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, Visitor},
    forward_to_deserialize_any,
};

/// The value that `T` takes for nothing: `None` of an `Option`, also within newtypes. Any other type has
/// none.
pub(super) fn none<'de, T: Deserialize<'de>>() -> Option<T> {
    T::deserialize(Nothing).ok()
}

/// A deserializer that holds nothing.
struct Nothing;

/// There is nothing to deserialize.
#[derive(Debug)]
struct Missing;

impl<'de> Deserializer<'de> for Nothing {
    type Error = Missing;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Missing> {
        Err(Missing)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Missing> {
        visitor.visit_none()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Missing> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is nothing to deserialize")
    }
}

impl std::error::Error for Missing {}

impl de::Error for Missing {
    fn custom<T: fmt::Display>(_: T) -> Missing {
        Missing
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Deserialize, Debug, PartialEq)]
    struct Wrapped(Option<u8>);

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "it is never made")]
    struct Lax {
        #[serde(default)]
        name: Option<String>,
    }

    #[derive(Deserialize)]
    #[serde(untagged)]
    #[expect(dead_code, reason = "it is never made")]
    enum Either {
        Number(u8),
        Nothing(Option<u8>),
    }

    #[test]
    fn options_alone_are_none() {
        assert_eq!(none::<Option<u8>>(), Some(None));
        assert_eq!(none::<Option<Option<String>>>(), Some(None));
        assert_eq!(none::<Box<Option<u8>>>(), Some(Box::new(None)));
        assert_eq!(none::<Wrapped>(), Some(Wrapped(None)));

        assert_eq!(none::<()>(), None);
        assert_eq!(none::<String>(), None);
        assert_eq!(none::<Vec<u8>>(), None);
        assert_eq!(none::<BTreeMap<String, u8>>(), None);
        assert_eq!(none::<serde_json::Value>(), None);
        assert!(none::<Lax>().is_none());
        assert!(none::<Either>().is_none());
    }
}
