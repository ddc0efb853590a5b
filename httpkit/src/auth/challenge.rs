//! What a server asks for: the challenges of `WWW-Authenticate` (RFC 9110, Sections 11.3 and 11.6.1).

use crate::grammar;

/// A challenge: its scheme and its parameters, in order. That of a `token68` has none.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Challenge<'v> {
    scheme: &'v [u8],
    parameters: Vec<(&'v [u8], Vec<u8>)>,
}

impl Challenge<'_> {
    pub(super) fn is_of_scheme(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme.as_bytes())
    }

    /// The value of a parameter, free of quotes.
    pub(super) fn parameter(&self, name: &str) -> Option<&[u8]> {
        let is_named = |(found, _): &&(&[u8], Vec<u8>)| found.eq_ignore_ascii_case(name.as_bytes());
        self.parameters.iter().find(is_named).map(|(_, value)| value.as_slice())
    }
}

/// The challenges of one field. What is malformed ends the list, and the challenge that it stands in is left
/// out.
///
/// `challenge = auth-scheme [ 1*SP ( token68 / #auth-param ) ]`: a comma may stand between two parameters as
/// well as between two challenges, so a token is a parameter if a `=` follows.
pub(super) fn challenges(value: &[u8]) -> Vec<Challenge<'_>> {
    let mut rest = Rest(value);
    let mut challenges = Vec::new();
    loop {
        rest.skip_commas();
        if rest.0.is_empty() {
            return challenges;
        }
        let Some(challenge) = rest.challenge() else { return challenges };
        challenges.push(challenge);
    }
}

/// What has not been read yet.
struct Rest<'v>(&'v [u8]);

impl<'v> Rest<'v> {
    fn challenge(&mut self) -> Option<Challenge<'v>> {
        let scheme = self.token()?;
        let mut challenge = Challenge { scheme, parameters: Vec::new() };
        if self.0.first().is_some_and(|byte| *byte != b' ' && *byte != b',') {
            return None;
        }
        self.skip_blanks();
        if self.skip_token68() {
            return Some(challenge);
        }
        loop {
            self.skip_commas();
            let before = self.0;
            let Some(name) = self.token().filter(|_| self.skip_equals()) else {
                // The next challenge, the end, or what is neither.
                self.0 = before;
                return Some(challenge);
            };
            challenge.parameters.push((name, self.value()?));
            self.skip_blanks();
            if self.0.first().is_some_and(|byte| *byte != b',') {
                return None;
            }
        }
    }

    fn token(&mut self) -> Option<&'v [u8]> {
        let (token, rest) = self.0.split_at(grammar::token_length(self.0));
        self.0 = rest;
        Some(token).filter(|token| !token.is_empty())
    }

    /// `token / quoted-string` (RFC 9110, Section 5.6.4).
    fn value(&mut self) -> Option<Vec<u8>> {
        let Some(quoted) = self.0.strip_prefix(b"\"") else {
            return self.token().map(<[u8]>::to_vec);
        };
        let mut value = Vec::new();
        let mut bytes = quoted.iter();
        loop {
            match bytes.next()? {
                b'"' => break,
                b'\\' => value.push(*bytes.next()?),
                byte => value.push(*byte),
            }
        }
        self.0 = bytes.as_slice();
        Some(value)
    }

    /// `token68 = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`, where nothing but a comma or
    /// the end follows.
    fn skip_token68(&mut self) -> bool {
        let is_mark = |byte: u8| matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/');
        let count =
            |bytes: &[u8], is: &dyn Fn(u8) -> bool| bytes.iter().take_while(|byte| is(**byte)).count();
        let length = count(self.0, &|byte| byte.is_ascii_alphanumeric() || is_mark(byte));
        let end = length + count(&self.0[length..], &|byte| byte == b'=');
        let mut behind = Rest(&self.0[end..]);
        behind.skip_blanks();
        let is_token68 = length > 0 && behind.0.first().is_none_or(|byte| *byte == b',');
        if is_token68 {
            self.0 = behind.0;
        }
        is_token68
    }

    fn skip_equals(&mut self) -> bool {
        self.skip_blanks();
        let Some(rest) = self.0.strip_prefix(b"=") else { return false };
        self.0 = rest;
        self.skip_blanks();
        true
    }

    fn skip_blanks(&mut self) {
        while let [byte, rest @ ..] = self.0
            && grammar::is_blank(*byte)
        {
            self.0 = rest;
        }
    }

    fn skip_commas(&mut self) {
        while let [byte, rest @ ..] = self.0
            && (*byte == b',' || grammar::is_blank(*byte))
        {
            self.0 = rest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `scheme name=value name=value; scheme`.
    fn shown(value: &str) -> String {
        let parsed = challenges(value.as_bytes());
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let parameter = |(name, value): &(&[u8], Vec<u8>)| format!(" {}={}", text(name), text(value));
        let one = |challenge: &Challenge<'_>| {
            text(challenge.scheme) + &challenge.parameters.iter().map(parameter).collect::<String>()
        };
        parsed.iter().map(one).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn challenges_are_told_apart() {
        for (value, expected) in [
            ("Basic realm=\"x\"", "Basic realm=x"),
            ("Basic", "Basic"),
            ("Negotiate, Basic realm=x", "Negotiate; Basic realm=x"),
            ("Negotiate a87421==, Basic realm=x", "Negotiate; Basic realm=x"),
            (
                "Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\", Basic realm=\"simple\"",
                "Newauth realm=apps type=1 title=Login to \"apps\"; Basic realm=simple",
            ),
            (
                "Digest realm=\"a, b=c\", nonce = \"n\" ,qop=\"auth,auth-int\"",
                "Digest realm=a, b=c nonce=n qop=auth,auth-int",
            ),
            (",, Basic realm=x ,, Digest nonce=y,", "Basic realm=x; Digest nonce=y"),
            ("Basic realm=x, Digest", "Basic realm=x; Digest"),
            ("Bearer, Basic", "Bearer; Basic"),
            // By the grammar, `realm=` is a token68.
            ("Basic realm=", "Basic"),
            ("Basic realm=\"\\\\\"", "Basic realm=\\"),
            ("", ""),
        ] {
            assert_eq!(shown(value), expected, "{value:?}");
        }
    }

    #[test]
    fn what_is_malformed_is_left_out() {
        for (value, expected) in [
            ("Basic realm=\"x", ""),
            ("Basic realm=x y=z", ""),
            ("Basic realm=\"x\\", ""),
            ("Basic realm=x, Digest nonce=\"y", "Basic realm=x"),
            ("\"Basic\"", ""),
            ("=x", ""),
            ("Basic\x01", ""),
        ] {
            assert_eq!(shown(value), expected, "{value:?}");
        }
    }
}
