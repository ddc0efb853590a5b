//! A form with files (RFC 7578), on its way to become the content of a call.

use super::Call;
use crate::{
    error::Result,
    multipart::{Form, Part},
};

/// The form of a call, which takes its fields in wire order.
#[derive(Default)]
pub struct FormParts<'a> {
    form: Form<'a>,
}

impl<'a> FormParts<'a> {
    /// Begins a form.
    #[must_use]
    pub fn new() -> FormParts<'a> {
        FormParts::default()
    }

    /// Makes the form the content of the call. Its type names the boundary, so no header takes its place.
    pub fn put(self, call: &mut Call<'a>) {
        let put = call.put_form(self.form);
        call.park(put);
    }

    pub(super) fn add(&mut self, name: &str, part: Part<'a>) {
        self.form = std::mem::take(&mut self.form).part(name, part);
    }
}

impl<'a> Call<'a> {
    fn put_form(&mut self, form: Form<'a>) -> Result<()> {
        let (body, content_type) = form.encode()?;
        self.body = body;
        Ok(self.headers.set("Content-Type", content_type)?)
    }
}
