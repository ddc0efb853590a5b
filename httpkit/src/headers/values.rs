//! The values of one name.

use std::slice;

use super::{field::FieldRange, value::HeaderValue};

/// The values of all fields of one name, in order.
pub(super) struct Values<'a, 'n> {
    pub(super) bytes: &'a [u8],
    pub(super) fields: slice::Iter<'a, FieldRange>,
    pub(super) name: &'n [u8],
}

impl<'a> Iterator for Values<'a, '_> {
    type Item = HeaderValue<'a>;

    /// One loop for each value found, not a call for each field.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a name that is known is compared in half as many instructions")]
    fn next(&mut self) -> Option<HeaderValue<'a>> {
        for field in self.fields.by_ref() {
            if field.is_named(self.bytes, self.name) {
                return Some(HeaderValue::new(field.value(self.bytes)));
            }
        }
        None
    }
}
