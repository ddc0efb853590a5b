//! The five classes of status codes, RFC 9110 §15: the first digit of a code decides, and nothing
//! else does.

use core::fmt;

/// The class of a status code: how a client acts on a code that it does not know.
///
/// RFC 9110 §15 has a client treat an unrecognised code as the `x00` of its class, and a code from
/// 600 to 999, which no server should send, as a server error. There is no sixth class, so a
/// `match` over these five is complete.
///
/// # Examples
/// ```
/// use httpkit_status::{StatusClass, StatusCode};
///
/// fn retry(status: StatusCode) -> bool {
///     match status.class() {
///         StatusClass::ServerError => true,
///         StatusClass::ClientError => status == StatusCode::TooManyRequests,
///         StatusClass::Informational | StatusClass::Successful | StatusClass::Redirection => false,
///     }
/// }
///
/// assert!(retry(StatusCode::ServiceUnavailable));
/// assert!(!retry(StatusCode::Conflict));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusClass {
    /// 1xx: an interim response; the final one follows (RFC 9110 §15.2).
    Informational,
    /// 2xx: the request was received, understood and accepted (RFC 9110 §15.3).
    Successful,
    /// 3xx: the client has to act further to complete the request (RFC 9110 §15.4).
    Redirection,
    /// 4xx: the client seems to have erred (RFC 9110 §15.5).
    ClientError,
    /// 5xx: the server erred or cannot do what was asked (RFC 9110 §15.6); 600 to 999 act alike.
    ServerError,
}

impl StatusClass {
    pub(crate) const fn of(code: u16) -> Self {
        match code / 100 {
            1 => Self::Informational,
            2 => Self::Successful,
            3 => Self::Redirection,
            4 => Self::ClientError,
            _ => Self::ServerError,
        }
    }
}

/// Shows the class as RFC 9110 titles its section: "Client Error".
impl fmt::Display for StatusClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Informational => "Informational",
            Self::Successful => "Successful",
            Self::Redirection => "Redirection",
            Self::ClientError => "Client Error",
            Self::ServerError => "Server Error",
        })
    }
}
