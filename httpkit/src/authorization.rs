//! `Authorization` by the schemes `Basic` (RFC 7617) and `Bearer` (RFC 6750).
//!
//! Rule of this file: a credential is sent exactly as given, or refused. No refusal shows it.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use percent_encoding::percent_decode_str;

use crate::violation::{Culprit, InvalidRequest};

/// Returns the value of `Authorization` for a user and password.
///
/// # Errors
/// `InvalidRequest` if the user contains a colon: the recipient would read another user (RFC 7617 §2).
pub(crate) fn basic(user: &[u8], password: &[u8]) -> Result<String, InvalidRequest> {
    if user.contains(&b':') {
        let rule = "the user of `Basic` credentials must not contain a colon (RFC 7617, Section 2)";
        return Err(InvalidRequest::without_value(rule));
    }
    Ok(format!("Basic {}", BASE64.encode([user, b":", password].concat())))
}

/// Returns the value of `Authorization` for the user info of a URL, which is percent-encoded.
///
/// # Errors
/// As [`basic`].
pub(crate) fn basic_of_user_info(user_info: &str) -> Result<String, InvalidRequest> {
    let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
    let decoded = |part| percent_decode_str(part).collect::<Vec<u8>>();
    basic(&decoded(user), &decoded(password))
}

/// Returns the value of `Authorization` for a token.
///
/// RFC 6750 §2.1 allows fewer characters. Servers issue tokens with others, such as `|`, so only what could not arrive
/// as it is given is refused.
///
/// # Errors
/// `InvalidRequest` if the token is empty, or has a byte that is not visible ASCII.
pub(crate) fn bearer(token: &str) -> Result<String, InvalidRequest> {
    if token.is_empty() {
        return Err(InvalidRequest::without_value(
            "a bearer token must not be empty (RFC 6750, Section 2.1)",
        ));
    }
    if let Some(position) = token.bytes().position(|byte| !byte.is_ascii_graphic()) {
        let culprit = Culprit { value: token.as_bytes(), position };
        return Err(InvalidRequest::without_value(format!(
            "a bearer token must consist of visible ASCII characters; found {culprit} (RFC 6750, Section 2.1)"
        )));
    }
    Ok(format!("Bearer {token}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7617, Sections 2 and 2.1.
    #[test]
    fn basic_as_in_the_examples_of_rfc_7617() {
        let of_user_info = |text| basic_of_user_info(text).unwrap();
        assert_eq!(basic(b"Aladdin", b"open sesame").unwrap(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(of_user_info("test:123%C2%A3"), "Basic dGVzdDoxMjPCow==");
        assert_eq!(of_user_info("Aladdin:open%20sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(of_user_info("a"), basic(b"a", b"").unwrap());
        assert_eq!(of_user_info("a:b:c"), basic(b"a", b"b:c").unwrap());
        assert!(basic(b"a:b", b"c").is_err() && basic_of_user_info("a%3Ab:c").is_err());
    }

    #[test]
    fn bearer_is_sent_as_given_or_refused() {
        for token in ["abc.DEF-_~+/==", "1|laravel", "a:b"] {
            assert_eq!(bearer(token).unwrap(), format!("Bearer {token}"));
        }
        for token in ["", "s3cr3t ", "s3 cr3t", "s3cr3t\n", "s3cr3t\u{f6}"] {
            let error = bearer(token).unwrap_err();
            assert!(!error.to_string().contains("cr3t"), "{error}");
        }
    }
}
