//! What a request can be addressed to.

use crate::{url::Url, violation::InvalidUrl};

/// A URL, parsed or as text.
pub trait IntoUrl {
    /// Parses what is not parsed yet. Text that begins with `/` is appended to `base`.
    ///
    /// # Errors
    /// As [`Url::parse`]; and for text that begins with `/` where there is no base.
    fn into_url(self, base: Option<&Url>) -> Result<Url, InvalidUrl>;
}

impl IntoUrl for &str {
    fn into_url(self, base: Option<&Url>) -> Result<Url, InvalidUrl> {
        match base.filter(|_| self.starts_with('/')) {
            Some(base) => base.append(self),
            None => Url::parse(self),
        }
    }
}

impl IntoUrl for &String {
    fn into_url(self, base: Option<&Url>) -> Result<Url, InvalidUrl> {
        self.as_str().into_url(base)
    }
}

impl IntoUrl for String {
    fn into_url(self, base: Option<&Url>) -> Result<Url, InvalidUrl> {
        self.as_str().into_url(base)
    }
}

impl IntoUrl for Url {
    fn into_url(self, _base: Option<&Url>) -> Result<Url, InvalidUrl> {
        Ok(self)
    }
}

impl IntoUrl for &Url {
    fn into_url(self, _base: Option<&Url>) -> Result<Url, InvalidUrl> {
        Ok(self.clone())
    }
}
