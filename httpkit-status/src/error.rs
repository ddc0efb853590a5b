//! The one error of the crate. It keeps what was found, so that its message can name the rule, the
//! value and the limits; of a text it keeps the start, because it must not allocate.

use core::fmt::{self, Write as _};

/// How many characters of a refused text the message shows.
const EXCERPT: usize = 12;

/// Tells that a number or a text is no status code.
///
/// A status code is a number from 100 to 999; as text it has exactly three ASCII digits
/// (RFC 9110 §15, RFC 9112 §4).
///
/// # Examples
/// ```
/// use httpkit_status::StatusCode;
///
/// let error = StatusCode::try_from(1000).expect_err("one too many");
/// assert_eq!(
///     error.to_string(),
///     "expected a status code of three digits from 100 to 999 (RFC 9110, Section 15), found 1000"
/// );
///
/// let error = "+20".parse::<StatusCode>().expect_err("a sign is no digit");
/// assert!(error.to_string().ends_with("found \"+20\""));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidStatusCode {
    found: Found,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Found {
    Number(u16),
    Text { start: [char; EXCERPT], length: usize },
}

impl InvalidStatusCode {
    pub(crate) const fn number(code: u16) -> Self {
        Self { found: Found::Number(code) }
    }

    pub(crate) fn text(text: &str) -> Self {
        let mut start = ['\0'; EXCERPT];
        for (slot, character) in start.iter_mut().zip(text.chars()) {
            *slot = character;
        }
        Self { found: Found::Text { start, length: text.chars().count() } }
    }
}

impl fmt::Display for InvalidStatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a status code of three digits from 100 to 999 (RFC 9110, Section 15), found ")?;
        match &self.found {
            Found::Number(code) => write!(f, "{code}"),
            Found::Text { start, length } => {
                f.write_char('"')?;
                for character in start.iter().take(*length) {
                    write!(f, "{}", character.escape_debug())?;
                }
                f.write_str(if *length > EXCERPT { "…\"" } else { "\"" })
            }
        }
    }
}

impl core::error::Error for InvalidStatusCode {}
