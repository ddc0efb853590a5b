//! The grammar of HTTP's octets: the one file that judges bytes.
//!
//! Rule of this file: each function carries the ABNF that it stands for, and decides about single bytes or
//! short tokens only. What a judgement means (refuse, unfold, close) is decided by the callers. Numbers are
//! never read by `str::parse` or `from_str_radix`: both accept a sign that the grammar does not have.

use std::time::SystemTime;

/// What a byte may be; one bit for each class, so that one table serves every test.
const TCHAR: u8 = 1;
const VALUE: u8 = 2;
const TARGET: u8 = 4;

const CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    loop {
        let mut class = 0;
        let token_mark = matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        );
        if byte.is_ascii_alphanumeric() || token_mark {
            class |= TCHAR;
        }
        if byte == b'\t' || byte == b' ' || byte.is_ascii_graphic() || byte >= 0x80 {
            class |= VALUE;
        }
        if byte.is_ascii_graphic() && byte != b'#' {
            class |= TARGET;
        }
        table[byte as usize] = class;
        if byte == u8::MAX {
            return table;
        }
        byte += 1;
    }
}

/// `tchar` (RFC 9110, Section 5.6.2): what a method or a field name is made of.
pub(crate) const fn is_tchar(byte: u8) -> bool {
    CLASSES[byte as usize] & TCHAR != 0
}

/// `token = 1*tchar` (RFC 9110, Section 5.6.2).
pub(crate) const fn is_token(bytes: &[u8]) -> bool {
    let mut index = 0;
    while index < bytes.len() {
        if !is_tchar(bytes[index]) {
            return false;
        }
        index += 1;
    }
    !bytes.is_empty()
}

/// How many bytes at the front are `tchar`.
pub(crate) fn token_length(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !is_tchar(*byte)).unwrap_or(bytes.len())
}

/// `HTAB / SP / VCHAR / obs-text` (RFC 9110, Section 5.5; RFC 9112, Section 4): what a field value or a
/// reason phrase is made of.
pub(crate) const fn is_value_byte(byte: u8) -> bool {
    CLASSES[byte as usize] & VALUE != 0
}

/// `*( HTAB / SP / VCHAR / obs-text )`: the whole of a value, blanks around it included.
pub(crate) fn is_value(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| is_value_byte(*byte))
}

/// How many bytes come before the first control byte, HTAB included: of most values, all up to the line's
/// end. Looks at eight bytes at once.
pub(crate) fn length_before_control(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((word, behind)) = rest.split_first_chunk::<8>() {
        let controls = control_bytes(u64::from_le_bytes(*word));
        if controls != 0 {
            return bytes.len() - rest.len() + controls.trailing_zeros() as usize / 8;
        }
        rest = behind;
    }
    let before = rest.iter().position(u8::is_ascii_control).unwrap_or(rest.len());
    bytes.len() - rest.len() + before
}

/// Sets the high bit of each byte below SP and of each DEL, at least of the first one in the word.
const fn control_bytes(word: u64) -> u64 {
    const EACH: u64 = u64::from_le_bytes([1; 8]);
    let below_space = word.wrapping_sub(EACH * 0x20) & !word;
    let without_del = word ^ (EACH * 0x7f);
    let is_del = without_del.wrapping_sub(EACH) & !without_del;
    (below_space | is_del) & (EACH * 0x80)
}

/// `CR`, `LF` and `NUL`: never part of a field value, whoever is lenient (RFC 9110, Section 5.5).
pub(crate) const fn is_dangerous(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n' | b'\0')
}

/// A byte of a request target (RFC 9112, Section 3.2): visible ASCII; `#` would begin a fragment, which is
/// never sent.
pub(crate) const fn is_target_byte(byte: u8) -> bool {
    CLASSES[byte as usize] & TARGET != 0
}

/// Whether all bytes are [target bytes](is_target_byte).
pub(crate) fn is_target(bytes: &[u8]) -> bool {
    bytes.iter().fold(TARGET, |class, byte| class & CLASSES[*byte as usize]) != 0
}

/// `SP / HTAB`, the bytes of `OWS` and `BWS` (RFC 9110, Section 5.6.3).
pub(crate) const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Strips `OWS` at both ends (RFC 9110, Section 5.6.3).
pub(crate) const fn trim_blanks(mut bytes: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = bytes {
        if !is_blank(*first) {
            break;
        }
        bytes = rest;
    }
    while let [rest @ .., last] = bytes {
        if !is_blank(*last) {
            break;
        }
        bytes = rest;
    }
    bytes
}

/// `1*DIGIT` within 64 bits; `None` for anything else, a sign included.
pub(crate) fn decimal(bytes: &[u8]) -> Option<u64> {
    if bytes.is_empty() {
        return None;
    }
    bytes.iter().try_fold(0_u64, |value, byte| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        value.checked_mul(10)?.checked_add(digit)
    })
}

/// The value of a `HEXDIG` (RFC 5234, Appendix B.1), both cases.
pub(crate) const fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// The members of `#element` (RFC 9110, Section 5.6.1.2), empty ones left out. For lists whose members hold
/// no quoted string: codings, connection options, lengths.
pub(crate) fn list_members(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| *byte == b',').map(trim_blanks).filter(|member| !member.is_empty())
}

/// A character of `sf-string` (RFC 9651, Section 3.3.3): visible ASCII and SP; of these, `"` and `\\` stand
/// behind a `\\`.
pub(crate) const fn is_string_byte(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// `HTTP-date = IMF-fixdate / obs-date` (RFC 9110, Section 5.6.7).
pub(crate) fn http_date(bytes: &[u8]) -> Option<SystemTime> {
    let text = str::from_utf8(bytes).ok().filter(|text| text.is_ascii())?;
    httpdate::parse_http_date(text).ok()
}

/// `status-code = 3DIGIT` (RFC 9112, Section 4), 100 to 999.
pub(crate) const fn status_code(bytes: &[u8]) -> Option<u16> {
    let &[a @ b'1'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9'] = bytes else {
        return None;
    };
    Some((a - b'0') as u16 * 100 + (b - b'0') as u16 * 10 + (c - b'0') as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_agree_with_the_abnf_for_every_byte() {
        for byte in 0..=u8::MAX {
            let tchar = byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
            assert_eq!(is_tchar(byte), tchar, "{byte:#x}");
            let value = matches!(byte, 9 | 0x20..=0x7e | 0x80..);
            assert_eq!(is_value_byte(byte), value, "{byte:#x}");
            for index in 0..19 {
                let mut bytes = *b"\xffsome\x80value\x7eof~~ 19";
                bytes[index] = byte;
                let before = if byte.is_ascii_control() { index } else { bytes.len() };
                assert_eq!(length_before_control(&bytes), before, "{byte:#x} at {index}");
            }
            assert_eq!(is_target_byte(byte), matches!(byte, 0x21..=0x7e) && byte != b'#', "{byte:#x}");
        }
    }

    #[test]
    fn decimal_takes_digits_alone() {
        for (text, value) in [
            ("0", Some(0)),
            ("007", Some(7)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("", None),
            ("+5", None),
            ("-5", None),
            ("5 ", None),
            ("0x5", None),
            ("5_0", None),
            ("\u{665}", None),
        ] {
            assert_eq!(decimal(text.as_bytes()), value, "{text:?}");
        }
    }

    #[test]
    fn lists_drop_empty_members() {
        let members: Vec<&[u8]> = list_members(b" , chunked\t,,gzip ,").collect();
        assert_eq!(members, [&b"chunked"[..], b"gzip"]);
    }

    #[test]
    fn status_codes_are_three_digits_from_100() {
        for (text, code) in [
            ("200", Some(200)),
            ("999", Some(999)),
            ("099", None),
            ("20", None),
            ("2000", None),
            ("+20", None),
        ] {
            assert_eq!(status_code(text.as_bytes()), code, "{text:?}");
        }
    }
}
