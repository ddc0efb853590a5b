//! One setting: its value, and whether it was chosen or is the default.
//!
//! A request, a typed client and a client can each choose a value. The first one that does decides, and the default
//! holds when none does. "Off" is a chosen value, so that a request can turn off what its client has set.

use std::fmt;

/// A value, and whether someone has chosen it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) is_chosen: bool,
}

impl<T> Setting<T> {
    /// The default of a setting that nobody has chosen.
    pub(crate) const fn default_of(value: T) -> Setting<T> {
        Setting { value, is_chosen: false }
    }

    /// A value that was chosen.
    pub(crate) const fn chosen(value: T) -> Setting<T> {
        Setting { value, is_chosen: true }
    }

    /// Returns this setting if it was chosen, else `other`.
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
