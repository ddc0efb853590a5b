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

/// Whether a field name is this one, without regard to case (RFC 9110, Section 5.1); most are written alike.
#[inline]
pub(crate) fn is_name(found: &[u8], name: &[u8]) -> bool {
    found == name || found.eq_ignore_ascii_case(name)
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

/// `opaque-tag = DQUOTE *etagc DQUOTE` (RFC 9110, Section 8.8.3): an entity tag that is not weak.
pub(crate) fn is_strong_etag(bytes: &[u8]) -> bool {
    match bytes {
        [b'"', tag @ .., b'"'] => tag.iter().all(|byte| matches!(byte, 0x21 | 0x23..=0x7e | 0x80..)),
        _ => false,
    }
}

/// The part of a whole that a `Content-Range` names, its last byte included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ContentRange {
    pub(crate) first: u64,
    pub(crate) last: u64,
    /// Of the whole, where it is known.
    pub(crate) length: Option<u64>,
}

/// `range-unit SP first-pos "-" last-pos "/" ( complete-length / "*" )` in bytes, and valid: neither does it end
/// before its begin nor behind the whole (RFC 9110, Section 14.4).
pub(crate) fn content_range(bytes: &[u8]) -> Option<ContentRange> {
    let (range, length) = split_at(in_bytes(bytes)?, b'/')?;
    let (first, last) = split_at(range, b'-')?;
    let (first, last) = (decimal(first)?, decimal(last)?);
    let length = if length == b"*" { None } else { Some(decimal(length)?) };
    let is_valid = first <= last && last < length.unwrap_or(u64::MAX);
    is_valid.then_some(ContentRange { first, last, length })
}

/// `range-unit SP "*/" complete-length` in bytes: the length of the whole, in a 416 (RFC 9110, Section 14.4).
pub(crate) fn unsatisfied_range(bytes: &[u8]) -> Option<u64> {
    decimal(in_bytes(bytes)?.strip_prefix(b"*/")?)
}

/// What stands behind the `range-unit` of bytes, which is a token of either case (RFC 9110, Section 14.1).
fn in_bytes(bytes: &[u8]) -> Option<&[u8]> {
    let (unit, rest) = split_at(bytes, b' ')?;
    unit.eq_ignore_ascii_case(b"bytes").then_some(rest)
}

fn split_at(bytes: &[u8], mark: u8) -> Option<(&[u8], &[u8])> {
    let at = bytes.iter().position(|byte| *byte == mark)?;
    Some((&bytes[..at], &bytes[at + 1..]))
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
    fn content_ranges_are_read_strictly() {
        let part = |first, last, length| Some(ContentRange { first, last, length });
        for (text, expected) in [
            ("bytes 0-4/5", part(0, 4, Some(5))),
            ("Bytes 2-3/9", part(2, 3, Some(9))),
            ("bytes 7-7/*", part(7, 7, None)),
            ("bytes 0-18446744073709551614/18446744073709551615", part(0, u64::MAX - 1, Some(u64::MAX))),
            ("bytes 0-18446744073709551615/*", None),
            ("bytes 0-5/5", None),
            ("bytes 5-4/9", None),
            ("bytes */5", None),
            ("bytes 0-4", None),
            ("bytes 0-4/", None),
            ("bytes +0-4/5", None),
            ("bytes 0-4/5 ", None),
            ("bytes  0-4/5", None),
            ("bytes=0-4/5", None),
            ("items 0-4/5", None),
            ("", None),
        ] {
            assert_eq!(content_range(text.as_bytes()), expected, "{text:?}");
        }
        for (text, length) in [
            ("bytes */5", Some(5)),
            ("bytes */*", None),
            ("bytes 0-4/5", None),
            ("items */5", None),
            ("*/5", None),
        ] {
            assert_eq!(unsatisfied_range(text.as_bytes()), length, "{text:?}");
        }
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
