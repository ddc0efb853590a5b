//! The payload of the one variant without a name. Only this crate makes it, and only for a code
//! that no other variant stands for: so one code has one spelling.

use core::fmt;

/// Holds a code from 100 to 999 that the registry does not list.
///
/// It comes out of [`StatusCode::Unregistered`](crate::StatusCode::Unregistered) and cannot be
/// made by hand: [`StatusCode::from_u16`](crate::StatusCode::from_u16) decides which codes it
/// holds.
///
/// # Examples
/// ```
/// use httpkit_status::StatusCode;
///
/// match StatusCode::try_from(420)? {
///     StatusCode::TooManyRequests => panic!("429 has a variant of its own"),
///     StatusCode::Unregistered(unregistered) => assert_eq!(unregistered.code(), 420),
///     _ => panic!("420 is not registered"),
/// }
/// # Ok::<(), httpkit_status::InvalidStatusCode>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unregistered {
    code: u16,
}

impl Unregistered {
    pub(crate) const fn new(code: u16) -> Self {
        Self { code }
    }

    /// Returns the code as a number.
    ///
    /// # Examples
    /// ```
    /// use httpkit_status::StatusCode;
    ///
    /// let Some(StatusCode::Unregistered(unregistered)) = StatusCode::from_u16(799) else {
    ///     panic!("799 is a code without a name");
    /// };
    /// assert_eq!(unregistered.code(), 799);
    /// ```
    #[inline]
    pub const fn code(self) -> u16 {
        self.code
    }
}

impl fmt::Debug for Unregistered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.code, f)
    }
}
