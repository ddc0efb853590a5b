//! The headers that parameters give.

use super::Call;
use crate::{
    error::Result,
    exchange::basic,
    headers::Headers,
    query::{parameter_error, unfit},
    shape::Shape,
    typed::values::HeaderText,
};

/// Sets a header, and says what is wrong with its value, or only that something is.
type Set = fn(&mut Headers, &str, &str) -> Result<()>;

impl Call<'_> {
    /// A header: a line, a line for each value of a list, and none for `None`. Replaces a constant header of
    /// the same name, unless there is none.
    pub fn header<T: HeaderText + ?Sized>(&mut self, name: &'static str, value: &T) {
        let lines = lines(name, value).and_then(|lines| self.replace(name, &lines, append_open));
        self.park(lines);
    }

    /// As [`header`](Call::header), with a value that no error shows.
    pub fn secret_header<T: HeaderText + ?Sized>(&mut self, name: &'static str, value: &T) {
        let lines = lines(name, value).and_then(|lines| self.replace(name, &lines, append_secret));
        self.park(lines);
    }

    /// `Authorization: Bearer …` (RFC 6750, Section 2.1), and none for `None`.
    pub fn bearer<T: HeaderText + ?Sized>(&mut self, token: &T) {
        let set = lines("bearer", token).and_then(|mut tokens| {
            for token in &mut tokens {
                token.insert_str(0, "Bearer ");
            }
            self.replace("Authorization", &tokens, append_secret)
        });
        self.park(set);
    }

    /// `Authorization: Basic …` of user and password (RFC 7617, Section 2).
    pub fn basic<U: AsRef<str>, P: AsRef<str>>(&mut self, (user, password): (U, P)) {
        let value = basic(user.as_ref().as_bytes(), password.as_ref().as_bytes());
        let set = set_secret(&mut self.headers, "Authorization", &value);
        self.park(set);
    }

    fn replace(&mut self, name: &str, lines: &[String], append: Set) -> Result<()> {
        if !lines.is_empty() {
            self.headers.remove(name);
        }
        lines.iter().try_for_each(|line| append(&mut self.headers, name, line))
    }
}

/// Sets a header whose value no error shows.
pub(in crate::typed) fn set_secret(headers: &mut Headers, name: &str, value: &str) -> Result<()> {
    headers.remove(name);
    append_secret(headers, name, value)
}

fn append_open(headers: &mut Headers, name: &str, value: &str) -> Result<()> {
    Ok(headers.append(name, value)?)
}

fn append_secret(headers: &mut Headers, name: &str, value: &str) -> Result<()> {
    headers.append(name, value).map_err(|_| {
        parameter_error(name, "its value, a secret, has control bytes (RFC 9110, Section 5.5)".into())
    })
}

/// The values of a header, a line each.
fn lines<T: HeaderText + ?Sized>(name: &str, value: &T) -> Result<Vec<String>> {
    match Shape::of(value).map_err(|reason| unfit(name, &reason))? {
        Shape::Nothing => Ok(Vec::new()),
        Shape::Text(text) => Ok(vec![text]),
        Shape::List(members) => Ok(members),
        Shape::Fields(_) => {
            Err(parameter_error(name, "it has fields, and a header has a text or a list".into()))
        }
    }
}
