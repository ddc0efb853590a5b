//! The fields of a section, one after the other.

use super::{field::FieldRange, value::HeaderValue};

/// The fields of a section in the order of the wire: see [`Headers::iter`](super::Headers::iter).
#[derive(Debug, Clone)]
pub struct HeaderIter<'a> {
    bytes: &'a [u8],
    fields: std::slice::Iter<'a, FieldRange>,
}

impl<'a> HeaderIter<'a> {
    pub(super) fn new(bytes: &'a [u8], fields: &'a [FieldRange]) -> HeaderIter<'a> {
        HeaderIter { bytes, fields: fields.iter() }
    }
}

impl<'a> Iterator for HeaderIter<'a> {
    type Item = (&'a str, HeaderValue<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let field = self.fields.next()?;
        let name = std::str::from_utf8(field.name(self.bytes)).expect("a field name is a token, hence ASCII");
        Some((name, HeaderValue::new(field.value(self.bytes))))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.fields.size_hint()
    }
}

impl ExactSizeIterator for HeaderIter<'_> {}
