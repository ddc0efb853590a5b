//! The file `.netrc`, in which users keep their credentials by host.

use std::{fmt, iter::Peekable, str::Chars};

use crate::{authorization::basic, violation::InvalidRequest};

/// The entries of a file.
///
/// Tokens are separated by blanks and line ends; one in double quotes may hold these, with `\` before a `"` or
/// `\`. A `#` where a keyword is expected begins a comment.
#[derive(Clone, Default)]
pub(crate) struct Netrc {
    machines: Vec<(Machine, Login)>,
}

/// How a request came to the host that it is sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Visit {
    /// The caller has named the host.
    ByCaller,
    /// A redirect has left the origin that the caller named.
    ByRedirect,
}

#[derive(Clone, PartialEq, Eq)]
enum Machine {
    Named(String),
    /// For each host that no entry before names, if the caller has named it: a server that redirects must not choose
    /// who gets a password.
    Default,
}

#[derive(Clone, Default)]
struct Login {
    user: Option<String>,
    password: Option<String>,
}

/// What is wrong with a file. It shows nothing of it: a password may stand anywhere.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {rule}")]
pub(crate) struct InvalidNetrc {
    line: usize,
    rule: &'static str,
}

impl Netrc {
    /// Reads a file.
    pub(crate) fn parse(text: &str) -> Result<Netrc, InvalidNetrc> {
        let mut tokens = Tokens { text: text.chars().peekable(), line: 1 };
        let mut machines: Vec<(Machine, Login)> = Vec::new();
        while let Some(keyword) = tokens.keyword()? {
            match keyword.as_str() {
                "machine" => {
                    let name = tokens.value()?.to_ascii_lowercase();
                    machines.push((Machine::Named(name), Login::default()));
                }
                "default" => machines.push((Machine::Default, Login::default())),
                "macdef" => tokens.skip_macro(),
                "login" | "user" => tokens.login(&mut machines)?.user = Some(tokens.value()?),
                "password" => tokens.login(&mut machines)?.password = Some(tokens.value()?),
                "account" => drop(tokens.value()?),
                _ => {
                    return Err(
                        tokens.error("a keyword is machine, default, login, password, account or macdef")
                    );
                }
            }
        }
        Ok(Netrc { machines })
    }

    /// Returns the value of `Authorization` for a host, in lower case. The first entry that applies counts, alone: if it
    /// has no user or no password, there are no credentials. The entry `default` is for `visit`s that it is meant for.
    ///
    /// # Errors
    /// `InvalidRequest` for a user that `Basic` cannot express.
    pub(crate) fn authorization(&self, host: &str, visit: Visit) -> Result<Option<String>, InvalidRequest> {
        let applies = |machine: &Machine| match machine {
            Machine::Named(name) => name == host,
            Machine::Default => visit == Visit::ByCaller,
        };
        let login = self.machines.iter().find(|(machine, _)| applies(machine)).map(|(_, login)| login);
        match login {
            Some(Login { user: Some(user), password: Some(password), .. }) => {
                basic(user.as_bytes(), password.as_bytes()).map(Some)
            }
            _ => Ok(None),
        }
    }
}

impl fmt::Debug for Netrc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Netrc").field("machines", &self.machines.len()).finish_non_exhaustive()
    }
}

struct Tokens<'t> {
    text: Peekable<Chars<'t>>,
    line: usize,
}

impl Tokens<'_> {
    fn keyword(&mut self) -> Result<Option<String>, InvalidNetrc> {
        self.skip_blanks();
        while self.text.peek() == Some(&'#') {
            self.skip_line();
            self.skip_blanks();
        }
        self.token()
    }

    fn value(&mut self) -> Result<String, InvalidNetrc> {
        self.skip_blanks();
        self.token()?.ok_or(self.error("a value is missing at the end"))
    }

    fn login<'m>(&self, machines: &'m mut [(Machine, Login)]) -> Result<&'m mut Login, InvalidNetrc> {
        machines
            .last_mut()
            .map(|(_, login)| login)
            .ok_or(self.error("credentials follow a machine or default"))
    }

    fn token(&mut self) -> Result<Option<String>, InvalidNetrc> {
        if self.text.next_if_eq(&'"').is_some() {
            return self.quoted().map(Some);
        }
        let mut token = String::new();
        while let Some(character) = self.text.next_if(|character| !character.is_ascii_whitespace()) {
            token.push(character);
        }
        Ok(Some(token).filter(|token| !token.is_empty()))
    }

    fn quoted(&mut self) -> Result<String, InvalidNetrc> {
        let unended = self.error("a quoted value ends on its line");
        let mut token = String::new();
        loop {
            match self.text.next() {
                Some('"') => return Ok(token),
                Some('\\') => token.extend(self.text.next_if(|character| *character != '\n')),
                Some('\n') | None => return Err(unended),
                Some(character) => token.push(character),
            }
        }
    }

    /// Skips a macro, which ends with an empty line.
    fn skip_macro(&mut self) {
        self.skip_line();
        while self.text.peek().is_some() && !self.skip_line() {}
    }

    /// Skips the rest of the line, and returns whether it was empty. Lines may end with CR LF.
    fn skip_line(&mut self) -> bool {
        let mut is_empty = true;
        for character in self.text.by_ref() {
            match character {
                '\n' => {
                    self.line += 1;
                    break;
                }
                '\r' => {}
                _ => is_empty = false,
            }
        }
        is_empty
    }

    fn skip_blanks(&mut self) {
        while let Some(blank) = self.text.next_if(char::is_ascii_whitespace) {
            self.line += usize::from(blank == '\n');
        }
    }

    fn error(&self, rule: &'static str) -> InvalidNetrc {
        InvalidNetrc { line: self.line, rule }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, host: &str) -> Option<String> {
        Netrc::parse(text).unwrap().authorization(host, Visit::ByCaller).unwrap()
    }

    #[test]
    fn entries_are_found_by_host() {
        let file = "# ours\nmachine a.example login one password 1\nmachine B.example\n\tlogin two\r\n\taccount x\n\
                    \tpassword \"2 \\\"#\\\\\" # comment\nmacdef init\nmachine c.example login mac password mac\n\n\
                    machine d.example password #4 user \"fo ur\"\ndefault login any password 9\n\
                    machine e.example login late password late\n";
        for (host, user, password) in [
            ("a.example", "one", "1"),
            ("b.example", "two", "2 \"#\\"),
            ("c.example", "any", "9"),
            ("d.example", "fo ur", "#4"),
            ("e.example", "any", "9"),
            ("x.a.example", "any", "9"),
            ("::1", "any", "9"),
        ] {
            for file in [file, &file.replace('\n', "\r\n")] {
                assert_eq!(
                    found(file, host),
                    Some(basic(user.as_bytes(), password.as_bytes()).unwrap()),
                    "{host}"
                );
            }
        }
    }

    #[test]
    fn an_entry_never_takes_the_password_of_another() {
        let file =
            "machine a login one\nmachine b login two password 2\nmachine a password 3\nmachine c password 4";
        assert_eq!(found(file, "a"), None);
        assert_eq!(found(file, "c"), None);
        assert_eq!(found(file, "b"), Some(basic(b"two", b"2").unwrap()));
        assert_eq!(found(file, "d"), None);
        assert_eq!(found("", "a"), None);
        assert_eq!(found("machine a login \"\" password \"\"", "a"), Some(basic(b"", b"").unwrap()));
    }

    #[test]
    fn what_cannot_be_read_is_an_error_that_shows_nothing_of_the_file() {
        for (file, line) in [
            ("login x", 1),
            ("machine a\nlogin x hunter2", 2),
            ("machine a login x\n\npassword", 3),
            ("machine a login x password \"hunter2", 1),
            ("machine a login x\npassword \"hun\nter2\"", 2),
            ("machine", 1),
        ] {
            let error = Netrc::parse(file).err().unwrap();
            assert_eq!(error.line, line, "{file:?}: {error}");
            assert!(!error.to_string().contains("hun"), "{error}");
        }
        assert!(!format!("{:?}", Netrc::parse("machine a login x password hunter2")).contains("hunter2"));
    }
}
