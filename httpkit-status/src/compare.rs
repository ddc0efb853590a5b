//! Status codes are equal, ordered and hashed by their number, and compare with plain numbers.
//!
//! Equality itself is derived beside the enum, because only a derived one lets constants stand in
//! patterns. It agrees with this file, for `Unregistered` never holds the code of another variant.
//! Order and hash cannot be derived: the discriminant of `Unregistered` precedes all others.

use core::{
    cmp::Ordering,
    hash::{Hash, Hasher},
};

use crate::registry::StatusCode;

impl Ord for StatusCode {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        self.code().cmp(&other.code())
    }
}

impl PartialOrd for StatusCode {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for StatusCode {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.code().hash(state);
    }
}

impl PartialEq<u16> for StatusCode {
    #[inline]
    fn eq(&self, code: &u16) -> bool {
        self.code() == *code
    }
}

impl PartialEq<StatusCode> for u16 {
    #[inline]
    fn eq(&self, status: &StatusCode) -> bool {
        *self == status.code()
    }
}

impl PartialOrd<u16> for StatusCode {
    #[inline]
    fn partial_cmp(&self, code: &u16) -> Option<Ordering> {
        self.code().partial_cmp(code)
    }
}

impl PartialOrd<StatusCode> for u16 {
    #[inline]
    fn partial_cmp(&self, status: &StatusCode) -> Option<Ordering> {
        self.partial_cmp(&status.code())
    }
}
