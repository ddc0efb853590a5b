//! The content of the request.

use serde::Serialize;

use super::Call;
use crate::{
    error::Result,
    form::encode_form,
    json,
    request_body::{IntoBody, RequestBody},
    typed::parameters::{BodyParameter, FormParameter, JsonParameter},
};

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> JsonParameter for T {
    fn json(&self, call: &mut Call<'_>) {
        let buffer = call.service.client().engine().buffers.take_body();
        call.put_encoded(json::encode(self, buffer), "application/json");
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> FormParameter for T {
    fn form(&self, call: &mut Call<'_>) {
        let form = encode_form(self).map(String::into_bytes);
        call.put_encoded(form, "application/x-www-form-urlencoded");
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoBody> BodyParameter for T {
    fn body<'a>(self, content_type: Option<&'static str>, call: &mut Call<'a>)
    where
        Self: 'a,
    {
        call.body = self.into_body();
        if let Some(content_type) = content_type {
            let set = call.headers.set("Content-Type", content_type);
            call.park(set);
        }
    }
}

impl Call<'_> {
    fn put_encoded(&mut self, content: Result<Vec<u8>>, content_type: &str) {
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
