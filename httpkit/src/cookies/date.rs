//! Dates in the attribute `Expires` (RFC 6265bis, Section 5.1.1): whatever order they come in.

use std::time::{Duration, SystemTime};

use crate::grammar;

/// Reads a date; one before 1970 is as good as its first second.
pub(super) fn parse(text: &[u8]) -> Option<SystemTime> {
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    for token in text.split(|byte| is_delimiter(*byte)).filter(|token| !token.is_empty()) {
        if time.is_none()
            && let Some(found) = time_of_day(token)
        {
            time = Some(found);
        } else if day.is_none()
            && let Some(found) = digits(token, 1..=2)
        {
            day = Some(found);
        } else if month.is_none()
            && let Some(found) = month_number(token)
        {
            month = Some(found);
        } else if year.is_none()
            && let Some(found) = digits(token, 2..=4)
        {
            year = Some(found);
        }
    }
    let days = days_since_1970(full_year(year?)?, month?, day?)?;
    let seconds = days * 86_400 + time?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// `delimiter = %x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E`
fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'\t' | b' '..=b'/' | b';'..=b'@' | b'['..=b'`' | b'{'..=b'~')
}

/// The number that a token begins with, if it has so many digits.
fn digits(token: &[u8], count: std::ops::RangeInclusive<usize>) -> Option<i64> {
    let length = token.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = grammar::decimal(&token[..length]).filter(|_| count.contains(&length))?;
    i64::try_from(number).ok()
}

/// `hms-time = time-field ":" time-field ":" time-field`, in seconds.
fn time_of_day(token: &[u8]) -> Option<i64> {
    let mut fields = token.splitn(3, |byte| *byte == b':');
    let whole = |field: &[u8]| field.len() <= 2 && field.iter().all(u8::is_ascii_digit);
    let hours = digits(fields.next().filter(|field| whole(field))?, 1..=2)?;
    let minutes = digits(fields.next().filter(|field| whole(field))?, 1..=2)?;
    let seconds = digits(fields.next()?, 1..=2)?;
    (hours <= 23 && minutes <= 59 && seconds <= 59).then_some(hours * 3600 + minutes * 60 + seconds)
}

fn month_number(token: &[u8]) -> Option<i64> {
    const MONTHS: &[u8; 36] = b"janfebmaraprmayjunjulaugsepoctnovdec";
    let name = token.first_chunk::<3>()?.to_ascii_lowercase();
    (1..).zip(MONTHS.chunks(3)).find_map(|(number, month)| (month == name).then_some(number))
}

fn full_year(year: i64) -> Option<i64> {
    match year {
        0..=69 => Some(year + 2000),
        70..=99 => Some(year + 1900),
        1601.. => Some(year),
        _ => None,
    }
}

/// In the Gregorian calendar; `None` for a day that a month does not have. Years begin with March here, so
/// that the day which some lack comes last.
fn days_since_1970(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(is_leap),
        _ => 31,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    Some(365 * year + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<u64> {
        Some(parse(text.as_bytes())?.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs())
    }

    #[test]
    fn dates_in_any_order_and_form() {
        for (text, expected) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
            ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
            ("Sun Nov  6 08:49:37 1994", 784_111_777),
            ("1994 November 6 8:49:37", 784_111_777),
            ("08:49:37 6nd nOvXYZ 1994x", 784_111_777),
            ("Thu, 01-Jan-1970 00:00:00 GMT", 0),
            ("Thu, 01-Jan-1970 00:00:01 GMT", 1),
            ("31 Dec 1969 23:59:59", 0),
            ("1 Jan 1601 0:0:0", 0),
            ("29 Feb 2000 12:00:00", 951_825_600),
            ("28 Feb 2100 00:00:00", 4_107_456_000),
            ("1 Mar 69 00:00:00", 3_129_321_600),
            ("19 Jan 2038 03:14:08", 2_147_483_648),
            ("31 Dec 9999 23:59:59", 253_402_300_799),
            ("1 2 Jan 2020 00:00:00 2021", 1_577_836_800),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "tomorrow",
            "06 Nov 1994",
            "Nov 1994 08:49:37",
            "06 1994 08:49:37",
            "06 Nov 08:49:37",
            "00 Nov 1994 08:49:37",
            "32 Oct 1994 08:49:37",
            "31 Nov 1994 08:49:37",
            "29 Feb 1900 08:49:37",
            "29 Feb 2001 08:49:37",
            "06 Nov 1600 08:49:37",
            "06 Nov 123 08:49:37",
            "06 Nov 19944 08:49:37",
            "06 Nov 1994 24:00:00",
            "06 Nov 1994 08:60:00",
            "06 Nov 1994 08:49:60",
            "06 Nov 1994 008:49:37",
            "06 Nov 1994 x8:49:37",
            "006 Nov 94x 08:49",
        ] {
            assert_eq!(seconds(text), None, "{text:?}");
        }
    }
}
