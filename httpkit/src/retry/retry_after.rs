//! How long a server asks to wait.

use std::time::{Duration, SystemTime};

use crate::{grammar, headers::Headers};

/// The wait of `Retry-After` (RFC 9110, Section 10.2.3): seconds, or a date, which is measured from the
/// response's own `Date` where it has one, since clocks differ. `None` where there is none that can be read.
pub(super) fn retry_after(headers: &Headers, now: SystemTime) -> Option<Duration> {
    let value = headers.get("retry-after")?;
    if let Some(seconds) = grammar::decimal(value.as_bytes()) {
        return Some(Duration::from_secs(seconds));
    }
    let date = |name| headers.get(name).and_then(|value| grammar::http_date(value.as_bytes()));
    let from = date("date").unwrap_or(now);
    // A date that has passed asks for no wait.
    Some(date("retry-after")?.duration_since(from).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: &str = "Mon, 23 Nov 2026 12:00:00 GMT";

    fn asked(fields: &[(&str, &str)]) -> Option<u64> {
        let mut headers = Headers::new();
        for (name, value) in fields {
            headers.append(name, value).unwrap();
        }
        let now = grammar::http_date(b"Mon, 23 Nov 2026 11:59:00 GMT").unwrap();
        retry_after(&headers, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_and_dates_are_read() {
        for (value, seconds) in [
            ("0", Some(0)),
            ("120", Some(120)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("+5", None),
            ("-5", None),
            ("1.5", None),
            ("", None),
            ("soon", None),
            (NOON, Some(60)),
            ("Monday, 23-Nov-26 12:00:00 GMT", Some(60)),
            ("Mon Nov 23 12:00:00 2026", Some(60)),
            ("Mon, 23 Nov 2026 11:00:00 GMT", Some(0)),
            ("Mon, 23 Nov 2026 12:00:00 CET", None),
            ("Mon, 23 Nov 2026 25:00:00 GMT", None),
        ] {
            assert_eq!(asked(&[("Retry-After", value)]), seconds, "{value:?}");
        }
        assert_eq!(asked(&[]), None);
    }

    #[test]
    fn a_date_is_measured_by_the_clock_that_made_it() {
        let date = "Mon, 23 Nov 2026 11:59:50 GMT";
        assert_eq!(asked(&[("Date", date), ("Retry-After", NOON)]), Some(10));
        assert_eq!(asked(&[("Date", "today"), ("Retry-After", NOON)]), Some(60));
        assert_eq!(asked(&[("Date", NOON), ("Retry-After", date)]), Some(0));
        assert_eq!(asked(&[("Date", date), ("Retry-After", "7")]), Some(7));
    }
}
