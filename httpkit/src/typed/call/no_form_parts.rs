//! What stands in the place of a form without the feature `multipart`: generated code that names it is refused at
//! its parameters, in words that name the feature.

use std::marker::PhantomData;

use super::Call;

/// No form.
#[derive(Default)]
pub struct FormParts<'a>(PhantomData<&'a ()>);

impl<'a> FormParts<'a> {
    /// Begins nothing.
    #[must_use]
    pub fn new() -> FormParts<'a> {
        FormParts::default()
    }

    /// Does nothing.
    pub fn put(self, _: &mut Call<'a>) {}
}
