//! The URL that a parameter gives, in place of the base URL.
//!
//! Rule of this file: what the service keeps secret goes to its own origin alone.

use super::{Call, Target};
use crate::{
    client::IntoUrl,
    headers::{Headers, is_secret},
    typed::parameters::UrlParameter,
    url::Url,
};

#[diagnostic::do_not_recommend]
impl<T: IntoUrl> UrlParameter for T {
    fn url(self, call: &mut Call<'_>) {
        match self.into_url(None) {
            Ok(url) => call.put_url(&url),
            Err(error) => call.park(Err(error)),
        }
    }
}

impl Call<'_> {
    fn put_url(&mut self, url: &Url) {
        let text = url.as_str();
        let end = text.find('#').unwrap_or(text.len());
        text[..end].clone_into(&mut self.url);
        if matches!(self.service.base(), Ok(Some(base)) if base.origin() == url.origin()) {
            self.target = Target::Whole;
            return;
        }
        self.target = Target::Foreign;
        self.headers = Headers::new();
        for (name, value) in self.endpoint.constant_headers().filter(|(name, _)| !is_secret(name)) {
            let set = self.headers.set(name, value);
            self.park(set);
        }
    }
}
