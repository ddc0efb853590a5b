//! How long a server keeps an idle connection, in its own words.

use std::time::Duration;

use crate::{grammar, headers::Headers};

/// What a `Keep-Alive` field says (RFC 2068, Section 19.7.1.1). It is a hint, and its syntax was never
/// settled: what is not understood is passed over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct KeepAlive {
    /// How long the idle connection is kept.
    pub(crate) timeout: Option<Duration>,
    /// How many more requests it serves after this one.
    pub(crate) max_exchanges: Option<u64>,
}

impl KeepAlive {
    /// The hints of a response.
    pub(crate) fn of(headers: &Headers) -> KeepAlive {
        let mut hints = KeepAlive::default();
        for value in headers.get_all("Keep-Alive") {
            grammar::list_members(value.as_bytes()).for_each(|member| hints.read(member));
        }
        hints
    }

    fn read(&mut self, member: &[u8]) {
        let Some(equals) = member.iter().position(|byte| *byte == b'=') else { return };
        let (name, value) =
            (grammar::trim_blanks(&member[..equals]), grammar::trim_blanks(&member[equals + 1..]));
        let Some(number) = grammar::decimal(value) else { return };
        if name.eq_ignore_ascii_case(b"timeout") {
            self.timeout = Some(Duration::from_secs(number));
        } else if name.eq_ignore_ascii_case(b"max") {
            self.max_exchanges = Some(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_is_passed_over() {
        for (text, timeout, max) in [
            ("timeout=5, max=100", Some(5), Some(100)),
            ("Timeout = 15", Some(15), None),
            ("max=0", None, Some(0)),
            ("timeout=+5, max=1x, other=3, 7", None, None),
            ("timeout=99999999999999999999", None, None),
            ("", None, None),
        ] {
            let mut headers = Headers::new();
            headers.append("Keep-Alive", text).unwrap();
            let expected = KeepAlive { timeout: timeout.map(Duration::from_secs), max_exchanges: max };
            assert_eq!(KeepAlive::of(&headers), expected, "{text:?}");
        }
    }
}
