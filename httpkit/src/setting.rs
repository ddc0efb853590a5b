//! A setting: its value, and whether it was set or is the default.
//!
//! A request, a typed client and a client can each set a value. The first of them that does takes precedence; otherwise
//! the default applies. "Off" is a value that can be set, so that a request can turn off a setting of its client.

use std::fmt;

/// A value, and whether a caller has set it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) is_chosen: bool,
}

impl<T> Setting<T> {
    /// Returns a setting that was not set, with its default.
    pub(crate) const fn default_of(value: T) -> Setting<T> {
        Setting { value, is_chosen: false }
    }

    /// Returns a setting with a value that was set.
    pub(crate) const fn chosen(value: T) -> Setting<T> {
        Setting { value, is_chosen: true }
    }

    /// Returns this setting if it was set, else `other`.
    #[must_use]
    pub(crate) fn or(self, other: Setting<T>) -> Setting<T> {
        if self.is_chosen { self } else { other }
    }
}

impl<T: Default> Default for Setting<T> {
    fn default() -> Setting<T> {
        Setting::default_of(T::default())
    }
}

impl<T: fmt::Debug> fmt::Debug for Setting<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}
