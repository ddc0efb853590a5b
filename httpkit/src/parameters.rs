//! Parameters behind a value: `;name=value`, as media types and links have them.

use std::borrow::Cow;

/// `SP / HTAB`, as `OWS` has them (RFC 9110, Section 5.6.3).
pub(crate) const BLANKS: [char; 2] = [' ', '\t'];

/// The parameters of a value, `*( OWS ";" OWS [ parameter ] )` (RFC 9110, Section 5.6.6), in order. As RFC 8288,
/// Section 3 has it, blanks may stand around the `=`, and a parameter without one has an empty value. What is
/// neither a token nor a quoted string is the value that it looks like.
pub(crate) struct Parameters<'v> {
    /// Begins with the semicolon of the next parameter.
    rest: &'v str,
    /// What a parameter ends before.
    ends: &'static [char],
}

impl<'v> Parameters<'v> {
    /// The parameters of a value that stands alone, from their first semicolon on.
    pub(crate) fn of_value(text: &'v str) -> Parameters<'v> {
        Parameters { rest: text, ends: &[';'] }
    }

    /// The parameters of a member of a list, from their first semicolon on. They end before a comma.
    pub(crate) fn of_member(text: &'v str) -> Parameters<'v> {
        Parameters { rest: text, ends: &[';', ','] }
    }

    /// What follows the parameters that have been read.
    pub(crate) fn rest(&self) -> &'v str {
        self.rest
    }

    /// Reads `token / quoted-string` (RFC 9110, Section 5.6.6), and leaves what follows.
    fn read_value(&mut self, text: &'v str) -> Cow<'v, str> {
        let text = text.trim_start_matches(BLANKS);
        if let Some(quoted) = text.strip_prefix('"')
            && let Some(length) = quoted_length(quoted)
        {
            let behind = &quoted[length + 1..];
            self.rest = &behind[self.length(behind)..];
            let value = &quoted[..length];
            return if value.contains('\\') { Cow::Owned(unescaped(value)) } else { Cow::Borrowed(value) };
        }
        let (value, behind) = text.split_at(self.length(text));
        self.rest = behind;
        Cow::Borrowed(value.trim_end_matches(BLANKS))
    }

    /// How long the text is up to where a parameter ends.
    fn length(&self, text: &str) -> usize {
        text.find(self.ends).unwrap_or(text.len())
    }
}

impl<'v> Iterator for Parameters<'v> {
    type Item = (&'v str, Cow<'v, str>);

    fn next(&mut self) -> Option<(&'v str, Cow<'v, str>)> {
        let parameter = self.rest.strip_prefix(';')?;
        let is_end = |mark: char| mark == '=' || self.ends.contains(&mark);
        let (name, behind) = parameter.split_at(parameter.find(is_end).unwrap_or(parameter.len()));
        self.rest = behind;
        let value = behind.strip_prefix('=').map_or(Cow::Borrowed(""), |value| self.read_value(value));
        Some((name.trim_matches(BLANKS), value))
    }
}

/// How long a quoted string is, up to its second quote.
fn quoted_length(quoted: &str) -> Option<usize> {
    let mut is_escaped = false;
    quoted.bytes().position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    })
}

/// Takes the backslash off each `quoted-pair` (RFC 9110, Section 5.6.4).
fn unescaped(quoted: &str) -> String {
    let mut characters = quoted.chars();
    std::iter::from_fn(|| match characters.next() {
        Some('\\') => characters.next(),
        next => next,
    })
    .collect()
}
