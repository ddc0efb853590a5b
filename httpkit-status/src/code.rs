//! What a status code knows, and its way from and to numbers and texts. The variants themselves
//! stand in the registry.

use core::{fmt, str};

use crate::{
    class::StatusClass,
    error::InvalidStatusCode,
    registry::{self, Entry, StatusCode},
    unregistered::Unregistered,
};

/// The least and the greatest code that three digits can spell without a leading zero.
const LEAST: u16 = 100;
const GREATEST: u16 = 999;

impl StatusCode {
    /// Makes a status code of a number from 100 to 999; any other gives `None`.
    ///
    /// A registered code becomes its own variant, every other one
    /// [`Unregistered`](StatusCode::Unregistered). `StatusCode::try_from` does the same with an
    /// error that can be shown.
    ///
    /// # Examples
    /// ```
    /// use httpkit_status::StatusCode;
    ///
    /// assert_eq!(StatusCode::from_u16(200), Some(StatusCode::Ok));
    /// assert_eq!(StatusCode::from_u16(99), None);
    ///
    /// const ENHANCE_YOUR_CALM: StatusCode = StatusCode::from_u16(420).unwrap();
    /// assert!(ENHANCE_YOUR_CALM.is_client_error());
    /// ```
    #[inline]
    pub const fn from_u16(code: u16) -> Option<Self> {
        match registry::entry(code) {
            Some(entry) => Some(entry.status),
            None if code >= LEAST && code <= GREATEST => Some(Self::Unregistered(Unregistered::new(code))),
            None => None,
        }
    }

    /// Returns the phrase that the registry gives the code, or `None` for an unregistered code.
    ///
    /// `None` is not an empty phrase: a server may send its own words with any code, or none at
    /// all, and a client should ignore them (RFC 9112 §4). The two unused codes answer as they are
    /// registered, with `(Unused)`.
    ///
    /// # Examples
    /// ```
    /// use httpkit_status::StatusCode;
    ///
    /// assert_eq!(StatusCode::ContentTooLarge.reason(), Some("Content Too Large"));
    /// assert_eq!(StatusCode::try_from(299)?.reason(), None);
    /// # Ok::<(), httpkit_status::InvalidStatusCode>(())
    /// ```
    #[inline]
    pub const fn reason(self) -> Option<&'static str> {
        match self.entry() {
            Some(entry) => Some(entry.phrase),
            None => None,
        }
    }

    /// Returns the RFC and the section that define the code, or `None` for an unregistered code.
    ///
    /// The RFC is the one that the registry names today.
    ///
    /// # Examples
    /// ```
    /// use httpkit_status::StatusCode;
    ///
    /// assert_eq!(StatusCode::NotFound.reference(), Some("RFC 9110, Section 15.5.5"));
    /// assert_eq!(StatusCode::ImUsed.reference(), Some("RFC 3229, Section 10.4.1"));
    /// ```
    #[inline]
    pub const fn reference(self) -> Option<&'static str> {
        match self.entry() {
            Some(entry) => Some(entry.reference),
            None => None,
        }
    }

    /// Returns the class of the code, which every code has.
    ///
    /// The first digit decides; 6xx to 9xx count as server errors (RFC 9110 §15).
    ///
    /// # Examples
    /// ```
    /// use httpkit_status::{StatusClass, StatusCode};
    ///
    /// assert_eq!(StatusCode::SeeOther.class(), StatusClass::Redirection);
    /// assert_eq!(StatusCode::try_from(999)?.class(), StatusClass::ServerError);
    /// # Ok::<(), httpkit_status::InvalidStatusCode>(())
    /// ```
    #[inline]
    pub const fn class(self) -> StatusClass {
        StatusClass::of(self.code())
    }

    /// Tells whether the code is 1xx: an interim response, which a final one follows.
    ///
    /// # Examples
    /// ```
    /// use httpkit_status::StatusCode;
    ///
    /// assert!(StatusCode::EarlyHints.is_informational());
    /// assert!(!StatusCode::Ok.is_informational());
    /// ```
    #[inline]
    pub const fn is_informational(self) -> bool {
        matches!(self.class(), StatusClass::Informational)
    }

    /// Tells whether the code is 2xx: the request was accepted.
    ///
    /// # Examples
    /// ```
    /// use httpkit_status::StatusCode;
    ///
    /// assert!(StatusCode::NoContent.is_success());
    /// assert!(!StatusCode::NotModified.is_success());
    /// ```
    #[inline]
    pub const fn is_success(self) -> bool {
        matches!(self.class(), StatusClass::Successful)
    }

    /// Tells whether the code is 3xx: the client has to act further.
    ///
    /// # Examples
    /// ```
    /// use httpkit_status::StatusCode;
    ///
    /// assert!(StatusCode::PermanentRedirect.is_redirection());
    /// assert!(!StatusCode::BadRequest.is_redirection());
    /// ```
    #[inline]
    pub const fn is_redirection(self) -> bool {
        matches!(self.class(), StatusClass::Redirection)
    }

    /// Tells whether the code is 4xx: the client seems to have erred.
    ///
    /// # Examples
    /// ```
    /// use httpkit_status::StatusCode;
    ///
    /// assert!(StatusCode::Forbidden.is_client_error());
    /// assert!(!StatusCode::BadGateway.is_client_error());
    /// ```
    #[inline]
    pub const fn is_client_error(self) -> bool {
        matches!(self.class(), StatusClass::ClientError)
    }

    /// Tells whether the code is 5xx, or 6xx to 9xx, which count as server errors.
    ///
    /// # Examples
    /// ```
    /// use httpkit_status::StatusCode;
    ///
    /// assert!(StatusCode::GatewayTimeout.is_server_error());
    /// assert!(!StatusCode::RequestTimeout.is_server_error());
    /// ```
    #[inline]
    pub const fn is_server_error(self) -> bool {
        matches!(self.class(), StatusClass::ServerError)
    }

    /// Tells whether the registry lists the code, be it as unused.
    ///
    /// # Examples
    /// ```
    /// use httpkit_status::StatusCode;
    ///
    /// assert!(StatusCode::Gone.is_registered());
    /// assert!(!StatusCode::try_from(599)?.is_registered());
    /// # Ok::<(), httpkit_status::InvalidStatusCode>(())
    /// ```
    #[inline]
    pub const fn is_registered(self) -> bool {
        !matches!(self, Self::Unregistered(_))
    }

    /// Tells whether the registry keeps the code as unused: 306 and 418, and no other.
    ///
    /// # Examples
    /// ```
    /// use httpkit_status::StatusCode;
    ///
    /// assert!(StatusCode::Unused418.is_unused());
    /// assert!(StatusCode::iter().filter(|status| status.is_unused()).count() == 2);
    /// ```
    #[inline]
    pub const fn is_unused(self) -> bool {
        matches!(self, Self::Unused306 | Self::Unused418)
    }

    #[inline]
    const fn entry(self) -> Option<&'static Entry> {
        registry::entry(self.code())
    }
}

impl TryFrom<u16> for StatusCode {
    type Error = InvalidStatusCode;

    #[inline]
    fn try_from(code: u16) -> Result<Self, InvalidStatusCode> {
        Self::from_u16(code).ok_or(InvalidStatusCode::number(code))
    }
}

impl From<StatusCode> for u16 {
    #[inline]
    fn from(status: StatusCode) -> Self {
        status.code()
    }
}

/// Reads exactly three ASCII digits, as on a status line: no sign, no blank, no other digits.
impl str::FromStr for StatusCode {
    type Err = InvalidStatusCode;

    fn from_str(text: &str) -> Result<Self, InvalidStatusCode> {
        match text.as_bytes() {
            [a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9'] => {
                let value = |digit: &u8| u16::from(digit - b'0');
                Self::from_u16(value(a) * 100 + value(b) * 10 + value(c))
            }
            _ => None,
        }
        .ok_or_else(|| InvalidStatusCode::text(text))
    }
}

/// Shows the code and its phrase, "404 Not Found"; an unregistered code stands alone, "299".
impl fmt::Display for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(entry) = self.entry() {
            return f.pad(entry.text);
        }
        let digit = |unit: u16| b"0123456789"[usize::from(self.code() / unit % 10)];
        let digits = [digit(100), digit(10), digit(1)];
        f.pad(str::from_utf8(&digits).expect("digits are ASCII"))
    }
}

/// Shows the variant: `NotFound`, `Unregistered(299)`.
impl fmt::Debug for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.entry() {
            Some(entry) => f.pad(entry.name),
            None => f.debug_tuple("Unregistered").field(&self.code()).finish(),
        }
    }
}
