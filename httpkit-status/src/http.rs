//! Conversions from and to the `http` crate's status code. Both types hold exactly the codes from
//! 100 to 999, so neither direction can fail.

use crate::registry::StatusCode;

impl From<StatusCode> for ::http::StatusCode {
    fn from(status: StatusCode) -> Self {
        Self::from_u16(status.code()).expect("both types accept 100 to 999")
    }
}

impl From<::http::StatusCode> for StatusCode {
    fn from(status: ::http::StatusCode) -> Self {
        Self::from_u16(status.as_u16()).expect("both types accept 100 to 999")
    }
}
