//! `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): by it a server tells a repetition.

use crate::{
    grammar,
    violation::{Culprit, InvalidRequest},
};

/// Writes a key as the field's value: a String of RFC 9651, Section 4.1.6.
pub(crate) fn quoted_key(key: &str) -> Result<String, InvalidRequest> {
    if key.is_empty() {
        return Err(InvalidRequest::without_value("an idempotency key must not be empty"));
    }
    if let Some(position) = key.bytes().position(|byte| !grammar::is_string_byte(byte)) {
        return Err(InvalidRequest::without_value(format!(
            "an idempotency key must consist of visible ASCII characters and spaces; found {} (RFC 9651, Section 3.3.3)",
            Culprit { value: key.as_bytes(), position }
        )));
    }
    let mut value = String::with_capacity(key.len() + 2);
    value.push('"');
    for character in key.chars() {
        if matches!(character, '"' | '\\') {
            value.push('\\');
        }
        value.push(character);
    }
    value.push('"');
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_quoted_strings() {
        for (key, value) in [
            ("8e03978e-40d5-43dd-bc93-6894a57f9324", Some(r#""8e03978e-40d5-43dd-bc93-6894a57f9324""#)),
            ("a b", Some(r#""a b""#)),
            (r#"a"b\c"#, Some(r#""a\"b\\c""#)),
            ("", None),
            ("schlüssel", None),
            ("a\tb", None),
            ("a\r\nX: y", None),
            ("\u{7f}", None),
        ] {
            assert_eq!(quoted_key(key).ok().as_deref(), value, "{key:?}");
        }
    }
}
