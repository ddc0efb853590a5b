//! The head of a part.

use crate::{error::Result, headers::Headers};

/// Writes the delimiter of a part and its header fields.
pub(super) fn head(
    boundary: &str,
    name: &str,
    file_name: Option<&str>,
    content_type: Option<&str>,
) -> Result<Vec<u8>> {
    let mut disposition = ["form-data; name=\"", &escaped(name), "\""].concat();
    if let Some(file_name) = file_name {
        disposition.extend(["; filename=\"", &escaped(file_name), "\""]);
    }
    let mut headers = Headers::new();
    headers.append("Content-Disposition", disposition)?;
    if let Some(content_type) = content_type {
        headers.append("Content-Type", content_type)?;
    }
    let mut head = format!("--{boundary}\r\n").into_bytes();
    headers.write_to(&mut head);
    head.extend_from_slice(b"\r\n");
    Ok(head)
}

/// Percent-encodes what would end the quoted string or its line, and nothing else, as browsers do (HTML
/// Standard, "multipart/form-data encoding algorithm").
fn escaped(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '"' => escaped.push_str("%22"),
            '\r' => escaped.push_str("%0D"),
            '\n' => escaped.push_str("%0A"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_quotes() {
        let head = head("b", "a\"; x=\r\n\r\n\\", Some("\u{fc}%22\".txt"), Some("text/plain")).unwrap();
        let expected = [
            "--b",
            "Content-Disposition: form-data; name=\"a%22; x=%0D%0A%0D%0A\\\"; filename=\"\u{fc}%22%22.txt\"",
            "Content-Type: text/plain",
            "",
            "",
        ];
        assert_eq!(String::from_utf8(head).unwrap(), expected.join("\r\n"));
    }

    #[test]
    fn what_no_field_can_hold_is_refused() {
        assert!(head("b", "a", None, Some("text/plain\r\nX: y")).is_err());
        assert!(head("b", "a\0", None, None).is_err());
    }
}
