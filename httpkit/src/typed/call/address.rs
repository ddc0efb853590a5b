//! The URL that a parameter gives, in place of the base URL.
//!
//! Rule of this file: what the service keeps secret goes to its own origin alone.

use super::{Call, Target};
use crate::{client::IntoUrl, typed::parameters::UrlParameter, url::Url};

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
        self.user_info = url.user_info().map(Into::into);
        if matches!(self.service.base(), Ok(Some(base)) if base.origin() == url.origin()) {
            self.target = Target::Whole;
            return;
        }
        self.target = Target::Foreign;
    }

    /// Drops the headers that another origin than the service's must not get: all that may be secret.
    pub(in crate::typed) fn drop_foreign_secrets(&mut self) {
        if self.is_foreign() {
            let redirects = &self.service.client().engine().redirects;
            self.headers.keep_for_any_origin(redirects.safe_headers());
        }
    }
}
