//! The scheme `Digest` (RFC 7616): MD5 and SHA-256, also with `-sess`, and the quality of protection `auth`.

use std::fmt::{self, Write};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::Digest as _;

use super::challenge::{Challenge, challenges};
use crate::{headers::Headers, method::Method};

/// A user and a password, for servers that ask for `Digest`.
#[derive(Clone)]
pub(crate) struct DigestCredentials {
    pub(crate) user: String,
    pub(crate) password: String,
}

impl fmt::Debug for DigestCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DigestCredentials(<redacted>)")
    }
}

/// In the order of their strength.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Algorithm {
    Md5,
    Sha256,
}

impl Algorithm {
    /// `H(a ":" b ":" …)`, in hexadecimal (RFC 7616, Section 3.3).
    fn hash(self, parts: &[&[u8]]) -> String {
        let joined = parts.join(&b':');
        match self {
            Algorithm::Md5 => hexadecimal(&md5::Md5::digest(joined)),
            Algorithm::Sha256 => hexadecimal(&sha2::Sha256::digest(joined)),
        }
    }
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes any write");
        text
    })
}

/// The maximum length of realm, nonce and opaque of a challenge together. They are kept for each of up to 1,000
/// origins and users, so this limits them to 4 MB. Servers send some 100 to 300 bytes.
const MAX_LENGTH: usize = 4096;

/// The parts of a `Digest` challenge (RFC 7616 §3.3) that are supported here.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "they are what the challenge says")]
pub(super) struct DigestChallenge {
    realm: Vec<u8>,
    nonce: Vec<u8>,
    opaque: Option<Vec<u8>>,
    algorithm: Algorithm,
    /// As the server writes it, to be repeated.
    algorithm_name: Option<Vec<u8>>,
    is_session: bool,
    /// Whether it speaks of a quality of protection; those of RFC 2069 do not.
    has_qop: bool,
    hashes_user: bool,
    is_stale: bool,
}

impl DigestChallenge {
    /// The strongest that the response offers; of two alike, the first.
    pub(super) fn strongest(response: &Headers) -> Option<DigestChallenge> {
        let mut strongest: Option<DigestChallenge> = None;
        for value in response.get_all("www-authenticate") {
            for found in challenges(value.as_bytes()).iter().filter_map(DigestChallenge::of) {
                if strongest.as_ref().is_none_or(|best| found.algorithm > best.algorithm) {
                    strongest = Some(found);
                }
            }
        }
        strongest
    }

    /// Returns `None` for another scheme, for an unsupported algorithm or quality of protection, and for a challenge
    /// that is too long to keep.
    fn of(challenge: &Challenge<'_>) -> Option<DigestChallenge> {
        let name = challenge.parameter("algorithm");
        let (algorithm, is_session) = match name.unwrap_or(b"MD5").to_ascii_lowercase().as_slice() {
            b"md5" => (Algorithm::Md5, false),
            b"md5-sess" => (Algorithm::Md5, true),
            b"sha-256" => (Algorithm::Sha256, false),
            b"sha-256-sess" => (Algorithm::Sha256, true),
            _ => return None,
        };
        let qop = challenge.parameter("qop");
        let offers_auth = |list: &[u8]| {
            crate::grammar::list_members(list).any(|member| member.eq_ignore_ascii_case(b"auth"))
        };
        if !challenge.is_of_scheme("Digest") || !qop.is_none_or(offers_auth) {
            return None;
        }
        let is_true =
            |name| challenge.parameter(name).is_some_and(|value| value.eq_ignore_ascii_case(b"true"));
        let (realm, nonce) = (challenge.parameter("realm")?, challenge.parameter("nonce")?);
        let opaque = challenge.parameter("opaque");
        if realm.len() + nonce.len() + opaque.map_or(0, <[u8]>::len) > MAX_LENGTH {
            return None;
        }
        Some(DigestChallenge {
            realm: realm.to_vec(),
            nonce: nonce.to_vec(),
            opaque: opaque.map(<[u8]>::to_vec),
            algorithm,
            algorithm_name: name.map(<[u8]>::to_vec),
            is_session,
            has_qop: qop.is_some(),
            hashes_user: is_true("userhash"),
            is_stale: is_true("stale"),
        })
    }

    /// Whether the answer before was right, but its nonce too old.
    pub(super) fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// The value of `Authorization` (RFC 7616, Section 3.4) for the request number `count` with this nonce.
    pub(super) fn answer(
        &self,
        credentials: &DigestCredentials,
        method: &Method,
        target: &str,
        cnonce: &str,
        count: u32,
    ) -> Vec<u8> {
        let count = format!("{count:08x}");
        let response = self.response(credentials, method, target, cnonce, &count);
        let mut value = b"Digest ".to_vec();
        self.put_user(&mut value, &credentials.user);
        put_quoted(&mut value, "realm", &self.realm);
        put_quoted(&mut value, "nonce", &self.nonce);
        put_quoted(&mut value, "uri", target.as_bytes());
        put_quoted(&mut value, "response", response.as_bytes());
        if let Some(name) = &self.algorithm_name {
            put_plain(&mut value, "algorithm", name);
        }
        if let Some(opaque) = &self.opaque {
            put_quoted(&mut value, "opaque", opaque);
        }
        if self.has_qop {
            put_plain(&mut value, "qop", b"auth");
            put_plain(&mut value, "nc", count.as_bytes());
        }
        if self.has_qop || self.is_session {
            put_quoted(&mut value, "cnonce", cnonce.as_bytes());
        }
        if self.hashes_user {
            put_plain(&mut value, "userhash", b"true");
        }
        value.truncate(value.len() - ", ".len());
        value
    }

    /// RFC 7616, Sections 3.4.1 to 3.4.3; without a quality of protection, RFC 2069, Section 2.4.
    fn response(
        &self,
        credentials: &DigestCredentials,
        method: &Method,
        target: &str,
        cnonce: &str,
        count: &str,
    ) -> String {
        let hash = |parts: &[&[u8]]| self.algorithm.hash(parts);
        let mut a1 = hash(&[credentials.user.as_bytes(), &self.realm, credentials.password.as_bytes()]);
        if self.is_session {
            a1 = hash(&[a1.as_bytes(), &self.nonce, cnonce.as_bytes()]);
        }
        let a2 = hash(&[method.as_str().as_bytes(), target.as_bytes()]);
        let (a1, a2) = (a1.as_bytes(), a2.as_bytes());
        if self.has_qop {
            hash(&[a1, &self.nonce, count.as_bytes(), cnonce.as_bytes(), b"auth", a2])
        } else {
            hash(&[a1, &self.nonce, a2])
        }
    }

    /// The user (RFC 7616, Sections 3.4 and 3.4.4): hashed where the server asks for it, and encoded where a
    /// quoted string cannot hold the name.
    fn put_user(&self, value: &mut Vec<u8>, user: &str) {
        if self.hashes_user {
            put_quoted(value, "username", self.algorithm.hash(&[user.as_bytes(), &self.realm]).as_bytes());
        } else if user.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
            put_quoted(value, "username", user.as_bytes());
        } else {
            let encoded = format!("UTF-8''{}", utf8_percent_encode(user, NON_ALPHANUMERIC));
            put_plain(value, "username*", encoded.as_bytes());
        }
    }
}

fn put_plain(value: &mut Vec<u8>, name: &str, parameter: &[u8]) {
    value.extend_from_slice(name.as_bytes());
    value.push(b'=');
    value.extend_from_slice(parameter);
    value.extend_from_slice(b", ");
}

fn put_quoted(value: &mut Vec<u8>, name: &str, parameter: &[u8]) {
    let mut quoted = vec![b'"'];
    for byte in parameter {
        if matches!(byte, b'"' | b'\\') {
            quoted.push(b'\\');
        }
        quoted.push(*byte);
    }
    quoted.push(b'"');
    put_plain(value, name, &quoted);
}

#[cfg(test)]
mod tests {
    use super::*;

    const RFC_7616: &str = "realm=\"http-auth@example.org\", qop=\"auth, auth-int\", \
        nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
    const CNONCE: &str = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

    fn strongest(fields: &[&str]) -> Option<DigestChallenge> {
        let mut headers = Headers::new();
        for field in fields {
            headers.append("WWW-Authenticate", field).unwrap();
        }
        DigestChallenge::strongest(&headers)
    }

    fn answer(challenge: &str, user: &str, password: &str, cnonce: &str, count: u32) -> String {
        let credentials = DigestCredentials { user: user.into(), password: password.into() };
        let challenge = strongest(&[challenge]).unwrap();
        let value = challenge.answer(&credentials, &Method::GET, "/dir/index.html", cnonce, count);
        String::from_utf8(value).unwrap()
    }

    #[test]
    fn ignores_challenge_that_is_too_long() {
        for name in ["realm", "nonce", "opaque"] {
            let challenge = |length: usize| {
                let [realm, nonce, opaque] = ["realm", "nonce", "opaque"].map(|other| {
                    // Two of them have one byte each.
                    "x".repeat(if other == name { length - 2 } else { 1 })
                });
                format!("Digest realm=\"{realm}\", nonce=\"{nonce}\", opaque=\"{opaque}\"")
            };
            assert!(strongest(&[&challenge(MAX_LENGTH)]).is_some(), "{name}");
            assert!(strongest(&[&challenge(MAX_LENGTH + 1)]).is_none(), "{name}");
            let other = "Digest realm=r, nonce=short";
            assert_eq!(strongest(&[&challenge(MAX_LENGTH + 1), other]).unwrap().nonce, b"short", "{name}");
        }
    }

    /// RFC 7616, Section 3.9.1.
    #[test]
    fn answers_as_in_the_examples_of_rfc_7616() {
        for (algorithm, response) in [
            ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
            ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ] {
            let challenge = format!("Digest {RFC_7616}, algorithm={algorithm}");
            let expected = format!(
                "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", \
                 nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", uri=\"/dir/index.html\", \
                 response=\"{response}\", algorithm={algorithm}, \
                 opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\", qop=auth, nc=00000001, \
                 cnonce=\"{CNONCE}\""
            );
            assert_eq!(answer(&challenge, "Mufasa", "Circle of Life", CNONCE, 1), expected);
        }
    }

    fn response(challenge: &str, user: &str, password: &str, cnonce: &str, count: u32) -> String {
        let answer = answer(challenge, user, password, cnonce, count);
        let (_, rest) = answer.split_once("response=\"").unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    }

    #[test]
    fn older_forms_and_sessions_are_answered() {
        let old = "Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"";
        for (challenge, password, count, expected) in [
            // RFC 2617, Section 3.5.
            (
                format!("{old}, qop=\"auth,auth-int\""),
                "Circle Of Life",
                1,
                "6629fae49393a05397450978507c4ef1",
            ),
            // RFC 2069, Section 2.4, as corrected by its erratum.
            (old.to_owned(), "CircleOfLife", 1, "1949323746fe6a43ef61f9606e7febea"),
            // By the formulas of RFC 7616, computed with other programs.
            (format!("{old}, qop=auth, algorithm=MD5-sess"), "Circle Of Life", 1, MD5_SESS),
            (format!("{old}, qop=auth, algorithm=SHA-256-sess"), "Circle Of Life", 2, SHA_256_SESS),
        ] {
            assert_eq!(response(&challenge, "Mufasa", password, "0a4f113b", count), expected, "{challenge}");
        }
    }

    const MD5_SESS: &str = "8e3825c57e897f5a0dec6c2d4e5059d0";
    const SHA_256_SESS: &str = "da9692cb42087d7011243410f92f21c13acecaa6bbafa73f6da70d95ef263f0b";

    #[test]
    fn the_strongest_that_is_understood_is_answered() {
        let algorithm =
            |fields: &[&str]| strongest(fields).map(|challenge| (challenge.algorithm, challenge.is_session));
        let with = |rest: &str| format!("Digest realm=r, nonce=n, {rest}");
        let (md5, sha) = (with("algorithm=MD5"), with("algorithm=sha-256, qop=\"auth-int, auth\""));
        assert_eq!(algorithm(&[&md5, &sha]), Some((Algorithm::Sha256, false)));
        assert_eq!(algorithm(&[&format!("Basic realm=x, {sha}, {md5}")]), Some((Algorithm::Sha256, false)));
        assert_eq!(algorithm(&[&with("algorithm=MD5-sess"), &md5]), Some((Algorithm::Md5, true)));
        assert_eq!(algorithm(&[&with("opaque=x")]), Some((Algorithm::Md5, false)));
        for unknown in [
            &with("algorithm=SHA-512-256"),
            &with("qop=auth-int"),
            "Digest realm=r",
            "Digest nonce=n",
            "Basic realm=r, nonce=n",
            "Digest realm=\"r, nonce=n",
        ] {
            assert_eq!(algorithm(&[unknown]), None, "{unknown}");
        }
    }

    #[test]
    fn users_are_quoted_encoded_or_hashed() {
        let user = |rest: &str, user: &str| {
            let answer = answer(&format!("Digest realm=\"a\\\"b\", nonce=n{rest}"), user, "p", "c", 1);
            answer.split_once(", realm=\"a\\\"b\"").unwrap().0.to_owned()
        };
        assert_eq!(user("", "a\"b\\c"), "Digest username=\"a\\\"b\\\\c\"");
        assert_eq!(user("", "Jäsøn\r\n"), "Digest username*=UTF-8''J%C3%A4s%C3%B8n%0D%0A");
        let hash = Algorithm::Md5.hash(&[b"Mufasa", b"a\"b"]);
        assert_eq!(user(", userhash=true", "Mufasa"), format!("Digest username=\"{hash}\""));
    }

    #[test]
    fn debug_shows_no_password() {
        let credentials = DigestCredentials { user: "Mufasa".into(), password: "hunter2".into() };
        assert!(!format!("{credentials:?}").contains("hunter2"));
    }
}
