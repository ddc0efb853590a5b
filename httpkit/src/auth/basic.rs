//! The scheme `Basic` (RFC 7617).

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use percent_encoding::percent_decode_str;

/// The value of `Authorization` for a user and password.
pub(crate) fn basic(user: &[u8], password: &[u8]) -> String {
    format!("Basic {}", BASE64.encode([user, b":", password].concat()))
}

/// The value of `Authorization` for the user info of a URL, which is percent-encoded.
pub(crate) fn basic_of_user_info(user_info: &str) -> String {
    let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
    let decoded = |part| percent_decode_str(part).collect::<Vec<u8>>();
    basic(&decoded(user), &decoded(password))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7617, Sections 2 and 2.1.
    #[test]
    fn basic_as_in_the_examples_of_rfc_7617() {
        assert_eq!(basic(b"Aladdin", b"open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(basic_of_user_info("test:123%C2%A3"), "Basic dGVzdDoxMjPCow==");
        assert_eq!(basic_of_user_info("Aladdin:open%20sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(basic_of_user_info("a"), basic(b"a", b""));
        assert_eq!(basic_of_user_info("a:b:c"), basic(b"a", b"b:c"));
    }
}
