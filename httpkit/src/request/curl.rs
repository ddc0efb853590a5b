//! A request as a command line.

use std::fmt::Write;

use super::Request;
use crate::secrecy::{Shown, View};

/// A content beyond this goes through a pipe: an argument may have 128 KiB on Linux.
const MAX_ARGUMENT: usize = 64 * 1024;
/// Beyond this, curl would ask first whether it may send the content.
const ASKS_FIRST: usize = 1024 * 1024;

impl Request<'_> {
    /// Returns the request as a command line for `curl` and a POSIX shell, to paste into a bug report. A header that may
    /// hold a secret has the length of its value, as in `<12 bytes>`; the URL has neither user info nor the values of
    /// its query. The content is complete: check it before you publish it.
    ///
    /// The request alone is written: what the client adds by its defaults (`User-Agent`, `Accept` …) is not
    /// known here, and curl adds its own. `None` where the content is a file or a reader, of which a command
    /// line can say nothing, or where HEAD has one, which curl cannot send.
    ///
    /// ```
    /// use httpkit::Client;
    ///
    /// let request = Client::new().put("http://h/menu?day=1").bearer("x7").body("it's spam").build()?;
    /// assert_eq!(
    ///     request.to_curl().unwrap(),
    ///     r"curl -X PUT -H 'Authorization: <9 bytes>' -H 'Content-Type:' --data-raw 'it'\''s spam' 'http://h/menu?day=...'"
    /// );
    /// # Ok::<(), httpkit::Error>(())
    /// ```
    pub fn to_curl(&self) -> Option<String> {
        self.command(Secrets::Redacted)
    }

    /// As [`to_curl`](Request::to_curl), with the credentials: not for bug reports.
    pub fn to_curl_with_secrets(&self) -> Option<String> {
        self.command(Secrets::Shown)
    }

    fn command(&self, secrets: Secrets) -> Option<String> {
        let content = self.body.as_bytes()?;
        let has_content = !self.body.is_none() || self.method.anticipates_content();
        let mut command = String::from("curl");
        match (self.method.as_str(), has_content) {
            ("GET", false) => {}
            ("HEAD", false) => command.push_str(" --head"),
            ("HEAD", true) => return None,
            (method, _) => argument(&mut command, "-X", method),
        }
        self.write_headers(&mut command, secrets);
        if has_content {
            self.leave_out_what_curl_adds(&mut command, content.len());
            command = write_content(command, content);
        }
        let url = match secrets {
            Secrets::Redacted => self.url.redacted().to_string(),
            Secrets::Shown => self.url.to_text_with_user_info(),
        };
        if url.contains(['[', ']', '{', '}']) {
            command.push_str(" --globoff");
        }
        write!(command, " {}", quoted(&url)).expect("a String takes any write");
        Some(command)
    }

    fn write_headers(&self, command: &mut String, secrets: Secrets) {
        for (name, value) in &self.headers {
            let view = self.headers.view(name, self.shown_headers());
            let line = match value.as_bytes() {
                value if secrets == Secrets::Redacted && view != View::Whole => {
                    format!("{name}: {}", Shown(value, view)).into_bytes()
                }
                // What curl takes for a field without a value.
                b"" => format!("{name};").into_bytes(),
                value => [name.as_bytes(), b": ", value].concat(),
            };
            match str::from_utf8(&line) {
                Ok(line) => argument(command, "-H", line),
                Err(_) => {
                    write!(command, " -H \"$({})\"", printf(&line)).expect("a String takes any write");
                }
            }
        }
    }

    fn leave_out_what_curl_adds(&self, command: &mut String, length: usize) {
        if !self.headers.contains("content-type") {
            argument(command, "-H", "Content-Type:");
        }
        if length > ASKS_FIRST && !self.headers.contains("expect") {
            argument(command, "-H", "Expect:");
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Secrets {
    Redacted,
    Shown,
}

/// Text as an argument, other bytes through a pipe.
fn write_content(mut command: String, content: &[u8]) -> String {
    match str::from_utf8(content) {
        Ok(text) if text.len() <= MAX_ARGUMENT && !text.contains('\0') => {
            argument(&mut command, "--data-raw", text);
            command
        }
        _ => format!("{} | {command} --data-binary @-", printf(content)),
    }
}

fn argument(command: &mut String, option: &str, value: &str) {
    write!(command, " {option} {}", quoted(value)).expect("a String takes any write");
}

/// A word as it is, anything else in single quotes, within which a shell leaves all but these alone.
fn quoted(text: &str) -> String {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A command that prints these bytes.
fn printf(bytes: &[u8]) -> String {
    let mut command = String::from("printf '");
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || b" .,:;=/_{}[]\"".contains(byte) {
            command.push(char::from(*byte));
        } else {
            write!(command, "\\{byte:03o}").expect("a String takes any write");
        }
    }
    command.push('\'');
    command
}
