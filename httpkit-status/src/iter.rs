//! Walks over the registered codes: the iterator, and `strum`'s traits, written by hand from the
//! registry because `strum`'s derive costs every user a second `syn`.

use core::{fmt, iter::FusedIterator, slice};

use strum::{EnumCount, IntoEnumIterator, VariantNames};

use crate::registry::{self, Entry, StatusCode};

/// Iterates over all registered codes in ascending order, from either end.
///
/// Made by [`StatusCode::iter`].
///
/// # Examples
/// ```
/// use httpkit_status::StatusCode;
///
/// let mut codes = StatusCode::iter();
/// assert_eq!(codes.len(), 63);
/// assert_eq!(codes.next(), Some(StatusCode::Continue));
/// assert_eq!(codes.next_back(), Some(StatusCode::NetworkAuthenticationRequired));
/// ```
#[derive(Clone)]
#[must_use = "iterators are lazy"]
pub struct StatusCodeIter {
    entries: slice::Iter<'static, Entry>,
}

impl StatusCode {
    /// Iterates over all registered codes in ascending order, the two unused ones included.
    ///
    /// # Examples
    /// ```
    /// use httpkit_status::StatusCode;
    ///
    /// let webdav = StatusCode::iter()
    ///     .filter(|status| status.reference().is_some_and(|rfc| rfc.starts_with("RFC 4918")));
    /// assert!(webdav.map(StatusCode::code).eq([207, 423, 424, 507]));
    /// ```
    #[inline]
    pub fn iter() -> StatusCodeIter {
        StatusCodeIter { entries: registry::ENTRIES.iter() }
    }
}

impl Iterator for StatusCodeIter {
    type Item = StatusCode;

    #[inline]
    fn next(&mut self) -> Option<StatusCode> {
        self.entries.next().map(|entry| entry.status)
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.entries.size_hint()
    }
}

impl DoubleEndedIterator for StatusCodeIter {
    #[inline]
    fn next_back(&mut self) -> Option<StatusCode> {
        self.entries.next_back().map(|entry| entry.status)
    }
}

impl ExactSizeIterator for StatusCodeIter {}

impl FusedIterator for StatusCodeIter {}

impl fmt::Debug for StatusCodeIter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl IntoEnumIterator for StatusCode {
    type Iterator = StatusCodeIter;

    fn iter() -> StatusCodeIter {
        Self::iter()
    }
}

/// Counts the registered codes: as many as [`StatusCode::iter`] yields.
impl EnumCount for StatusCode {
    const COUNT: usize = registry::NAMES.len();
}

/// Names the variants of the registered codes, in the order of [`StatusCode::iter`].
impl VariantNames for StatusCode {
    const VARIANTS: &'static [&'static str] = &registry::NAMES;
}
