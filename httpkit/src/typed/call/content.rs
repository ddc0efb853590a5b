//! The content of the request.

use super::Call;
use crate::{
    error::Result,
    form::encode_form,
    json,
    request_body::{IntoBody, RequestBody},
    typed::values::{FormValue, JsonValue},
};

impl<'a> Call<'a> {
    /// Content as JSON (RFC 8259), `application/json` unless a header says otherwise.
    pub fn json<T: JsonValue + ?Sized>(&mut self, value: &T) {
        let buffer = self.service.client().engine().buffers.take_body();
        self.encoded(json::encode(value, buffer), "application/json");
    }

    /// Content as a form, `application/x-www-form-urlencoded` unless a header says otherwise.
    pub fn form<T: FormValue + ?Sized>(&mut self, fields: &T) {
        let form = encode_form(fields).map(String::into_bytes);
        self.encoded(form, "application/x-www-form-urlencoded");
    }

    /// Content as it is, of this type in place of what the headers say.
    pub fn body(&mut self, content_type: Option<&'static str>, content: impl IntoBody + 'a) {
        self.body = content.into_body();
        if let Some(content_type) = content_type {
            let set = self.headers.set("Content-Type", content_type);
            self.park(set);
        }
    }

    fn encoded(&mut self, content: Result<Vec<u8>>, content_type: &str) {
        let kept = content.and_then(|bytes| {
            self.body = RequestBody::from_bytes(bytes);
            if !self.headers.contains("content-type") {
                self.headers.append("Content-Type", content_type)?;
            }
            Ok(())
        });
        self.park(kept);
    }
}
