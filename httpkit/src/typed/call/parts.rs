//! What can be a field of a form with files (RFC 7578).

use super::FormParts;
use crate::{multipart::Part, typed::parameters::PartParameter};

impl PartParameter for Part<'_> {
    fn part<'a>(self, name: &'static str, form: &mut FormParts<'a>)
    where
        Self: 'a,
    {
        form.add(name, self);
    }
}

/// Nothing for `None`.
impl<T: PartParameter> PartParameter for Option<T> {
    fn part<'a>(self, name: &'static str, form: &mut FormParts<'a>)
    where
        Self: 'a,
    {
        if let Some(value) = self {
            value.part(name, form);
        }
    }
}

/// A field for each value (RFC 7578, Section 4.3).
impl<T: PartParameter> PartParameter for Vec<T> {
    fn part<'a>(self, name: &'static str, form: &mut FormParts<'a>)
    where
        Self: 'a,
    {
        for value in self {
            value.part(name, form);
        }
    }
}

/// As a `Vec`.
impl<T: PartParameter + Clone> PartParameter for &[T] {
    fn part<'a>(self, name: &'static str, form: &mut FormParts<'a>)
    where
        Self: 'a,
    {
        for value in self {
            value.clone().part(name, form);
        }
    }
}

macro_rules! text_parts {
    ($($type:ty, $self:ident => $text:expr;)*) => {$(
        impl PartParameter for $type {
            fn part<'a>($self, name: &'static str, form: &mut FormParts<'a>)
            where
                Self: 'a,
            {
                form.add(name, Part::text($text));
            }
        }
    )*};
}

text_parts! {
    &str, self => self;
    &String, self => self.as_str();
    String, self => self;
    bool, self => self.to_string();
    u8, self => self.to_string();
    u16, self => self.to_string();
    u32, self => self.to_string();
    u64, self => self.to_string();
    usize, self => self.to_string();
    i8, self => self.to_string();
    i16, self => self.to_string();
    i32, self => self.to_string();
    i64, self => self.to_string();
    isize, self => self.to_string();
    f32, self => self.to_string();
    f64, self => self.to_string();
}
