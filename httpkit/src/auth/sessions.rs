//! The nonces that servers have given, so that only the first request to each is challenged.

use std::{
    collections::HashMap,
    fmt, io,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::digest::{DigestChallenge, DigestCredentials, hexadecimal};
use crate::{
    headers::Headers,
    method::Method,
    url::{Origin, Url},
};

/// So many are kept; then all are forgotten, which costs each server one more challenge.
const MAX_SESSIONS: usize = 1000;

/// The challenges that were answered last, for each origin and user. They hold no password.
#[derive(Default)]
pub(crate) struct DigestSessions(Mutex<HashMap<(Origin, String), Session>>);

struct Session {
    challenge: DigestChallenge,
    cnonce: String,
    /// How many requests have been sent with this nonce.
    count: u32,
}

impl DigestSessions {
    /// The value of `Authorization` for a request, by what its server has asked for before.
    pub(crate) fn authorization(
        &self,
        credentials: &DigestCredentials,
        method: &Method,
        url: &Url,
    ) -> Option<Vec<u8>> {
        let key = (url.origin(), credentials.user.clone());
        let mut sessions = self.lock();
        let session = sessions.get_mut(&key)?;
        session.count = session.count.checked_add(1)?;
        let Session { challenge, cnonce, count } = session;
        Some(challenge.answer(credentials, method, url.target(), cnonce, *count))
    }

    /// Takes what a response with status 401 asks for, and says whether an answer may help: the first of an
    /// exchange does, and another where the nonce was stale.
    pub(crate) fn challenged(
        &self,
        credentials: &DigestCredentials,
        url: &Url,
        response: &Headers,
        answers: u32,
    ) -> io::Result<bool> {
        let Some(challenge) = DigestChallenge::strongest(response) else {
            return Ok(false);
        };
        if answers > 0 && !(challenge.is_stale() && answers < MAX_ANSWERS) {
            return Ok(false);
        }
        let session = Session { challenge, cnonce: random_cnonce()?, count: 0 };
        let mut sessions = self.lock();
        if sessions.len() >= MAX_SESSIONS {
            sessions.clear();
        }
        sessions.insert((url.origin(), credentials.user.clone()), session);
        Ok(true)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(Origin, String), Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A server that calls each nonce stale is answered so many times.
const MAX_ANSWERS: u32 = 3;

/// 128 random bits (RFC 7616, Section 5.12).
fn random_cnonce() -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::getrandom(&mut bytes)?;
    Ok(hexadecimal(&bytes))
}

impl fmt::Debug for DigestSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DigestSessions").field("count", &self.lock().len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_are_counted_by_origin_and_user() {
        let sessions = DigestSessions::default();
        let user = |user: &str| DigestCredentials { user: user.into(), password: "p".into() };
        let url = |text: &str| Url::parse(text).unwrap();
        let mut response = Headers::new();
        response.append("WWW-Authenticate", "Digest realm=r, nonce=n, qop=auth").unwrap();
        assert!(sessions.challenged(&user("a"), &url("http://h/"), &response, 0).unwrap());
        let count = |credentials: &DigestCredentials, text: &str| {
            let value = sessions.authorization(credentials, &Method::GET, &url(text))?;
            let value = String::from_utf8(value).unwrap();
            Some(value.split_once("nc=").unwrap().1[..8].to_owned())
        };
        assert_eq!(count(&user("a"), "http://h/x").as_deref(), Some("00000001"));
        assert_eq!(count(&user("a"), "http://h/y").as_deref(), Some("00000002"));
        assert_eq!(count(&user("b"), "http://h/x"), None);
        for other in ["https://h/", "http://h:81/", "http://x.h/"] {
            assert_eq!(count(&user("a"), other), None, "{other}");
        }
    }

    #[test]
    fn a_refusal_after_an_answer_is_final_unless_the_nonce_was_stale() {
        let sessions = DigestSessions::default();
        let credentials = DigestCredentials { user: "a".into(), password: "p".into() };
        let url = Url::parse("http://h/").unwrap();
        let answered = |challenge: &str, answers: u32| {
            let mut response = Headers::new();
            response.append("WWW-Authenticate", challenge).unwrap();
            sessions.challenged(&credentials, &url, &response, answers).unwrap()
        };
        let (fresh, stale) = ("Digest realm=r, nonce=n", "Digest realm=r, nonce=n, stale=TRUE");
        assert!(answered(fresh, 0) && answered(stale, 0) && answered(stale, 1) && answered(stale, 2));
        assert!(!answered(fresh, 1) && !answered(stale, 3));
        assert!(!answered("Basic realm=r", 0));
    }
}
