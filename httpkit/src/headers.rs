//! Header and trailer fields: one buffer of bytes and a list of ranges.
//!
//! Wire order and the case of names are kept, repeated fields stay apart, and values are bytes. A section of
//! any size costs two allocations.

mod field;
mod iter;
mod value;
mod values;

use std::fmt;

pub(crate) use self::field::{FieldRange, check_field, write_field};
use self::values::Values;
pub use self::{iter::HeaderIter, value::HeaderValue};
use crate::{
    secrecy::{Message, Shown, View, is_for_any_origin, is_listed},
    violation::InvalidRequest,
};

/// A header or trailer section (RFC 9110, Section 5): its fields in the order of the wire.
///
/// Names compare without regard to case and are shown as they were received. A value is bytes; that it is
/// not UTF-8 is no error.
///
/// ```
/// use httpkit::Headers;
///
/// let mut headers = Headers::new();
/// headers.append("Accept", "text/html")?;
/// headers.append("accept", "text/plain")?;
/// assert_eq!(headers.get("ACCEPT").unwrap(), "text/html");
/// assert_eq!(headers.get_all("accept").count(), 2);
/// headers.set("Accept", "*/*")?;
/// assert_eq!(headers.len(), 1);
/// # Ok::<(), httpkit::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Headers {
    /// Field lines with their ends, when they were made here: ready for the wire. What was parsed may also
    /// have lines of other shapes.
    bytes: Vec<u8>,
    fields: Vec<FieldRange>,
    source: Source,
    /// The names whose values were marked as secret.
    marked: Vec<Box<str>>,
}

/// Where a section comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Source {
    /// The caller has put it together.
    #[default]
    Made,
    /// A message was parsed.
    Parsed(Message),
}

impl Headers {
    /// Makes an empty section; nothing is allocated.
    pub const fn new() -> Headers {
        Headers { bytes: Vec::new(), fields: Vec::new(), source: Source::Made, marked: Vec::new() }
    }

    /// Copies a section that a parser has found in `bytes`. Names are tokens, values have no dangerous byte.
    pub(crate) fn from_parsed(bytes: &[u8], fields: &[FieldRange], of: Message) -> Headers {
        Headers { source: Source::Parsed(of), ..Headers::new().parsed(bytes, fields) }
    }

    /// As [`from_parsed`](Headers::from_parsed) for a response, in the space of a section that is no longer needed.
    pub(crate) fn parsed(mut self, bytes: &[u8], fields: &[FieldRange]) -> Headers {
        self.bytes.clear();
        self.bytes.extend_from_slice(bytes);
        self.fields.clear();
        self.fields.extend_from_slice(fields);
        self.source = Source::Parsed(Message::Response);
        self.marked.clear();
        self
    }

    /// Adds a field line behind the others, also where the name is there already.
    ///
    /// # Errors
    /// `InvalidRequest` when `name` is no token or `value` holds a control byte other than HTAB (RFC 9110,
    /// Sections 5.1 and 5.5). Blanks at both ends of the value are left out.
    pub fn append(&mut self, name: &str, value: impl AsRef<[u8]>) -> Result<(), InvalidRequest> {
        let value = check_field(name, value.as_ref())?;
        self.push(name.as_bytes(), value);
        Ok(())
    }

    /// Appends a field whose value is a secret: it is not shown, and a redirect to another origin does not take it
    /// along, even if its name is known to hold no secret. Other values of this name are treated alike.
    ///
    /// # Errors
    /// [`InvalidRequest`], as [`Headers::append`].
    pub fn append_sensitive(&mut self, name: &str, value: impl AsRef<[u8]>) -> Result<(), InvalidRequest> {
        self.append(name, value)?;
        self.mark(name);
        Ok(())
    }

    /// Replaces all fields of this name by one whose value is a secret; see
    /// [`append_sensitive`](Headers::append_sensitive).
    ///
    /// # Errors
    /// [`InvalidRequest`], as [`Headers::append`]. Nothing has changed then.
    pub fn set_sensitive(&mut self, name: &str, value: impl AsRef<[u8]>) -> Result<(), InvalidRequest> {
        self.set(name, value)?;
        self.mark(name);
        Ok(())
    }

    fn mark(&mut self, name: &str) {
        if !self.is_marked(name) {
            self.marked.push(name.into());
        }
    }

    /// Returns whether the value of this name was marked as secret.
    pub(crate) fn is_marked(&self, name: &str) -> bool {
        !self.marked.is_empty() && is_listed(name, &self.marked)
    }

    /// Replaces all fields of this name by one, which stands last.
    ///
    /// # Errors
    /// As [`Headers::append`]; then nothing has changed.
    pub fn set(&mut self, name: &str, value: impl AsRef<[u8]>) -> Result<(), InvalidRequest> {
        check_field(name, value.as_ref())?;
        self.remove(name);
        self.append(name, value)
    }

    /// Removes all fields of this name, and says how many there were.
    pub fn remove(&mut self, name: &str) -> usize {
        let count = self.get_all(name).count();
        if count > 0 {
            self.retain(|kept| !kept.eq_ignore_ascii_case(name));
        }
        // The mark belongs to the values.
        self.marked.retain(|marked| !marked.eq_ignore_ascii_case(name));
        count
    }

    /// Adds the fields of `other`, in place of those of the same names.
    pub(crate) fn replace_by(&mut self, other: &Headers) {
        for (name, _) in other {
            self.remove(name);
        }
        other.raw().for_each(|(name, value)| self.push(name, value));
        other.marked.iter().for_each(|name| self.mark(name));
    }

    /// Keeps the fields of which `is_kept` says so, by their name.
    pub(crate) fn retain(&mut self, is_kept: impl Fn(&str) -> bool) {
        let mut before = std::mem::take(self);
        for (name, value) in before.iter().filter(|(name, _)| is_kept(name)) {
            self.push(name.as_bytes(), value.as_bytes());
        }
        self.marked = std::mem::take(&mut before.marked);
    }

    /// Returns whether any origin may get all fields.
    pub(crate) fn are_for_any_origin(&self) -> bool {
        self.marked.is_empty() && self.iter().all(|(name, _)| is_for_any_origin(name))
    }

    /// Keeps the fields that any origin may get, and those in `kept`; of both, none that was marked as secret.
    pub(crate) fn keep_for_any_origin(&mut self, kept: &[Box<str>]) {
        let marked = std::mem::take(&mut self.marked);
        self.retain(|name| (is_for_any_origin(name) || is_listed(name, kept)) && !is_listed(name, &marked));
    }

    /// The value of the first field of this name.
    pub fn get(&self, name: &str) -> Option<HeaderValue<'_>> {
        self.get_all(name).next()
    }

    /// The values of all fields of this name, in order.
    pub fn get_all<'a>(&'a self, name: &str) -> impl Iterator<Item = HeaderValue<'a>> {
        Values { bytes: &self.bytes, fields: self.fields.iter(), name: name.as_bytes() }
    }

    /// Whether a field of this name is there.
    #[inline]
    pub fn contains(&self, name: &str) -> bool {
        self.contains_raw(name.as_bytes())
    }

    #[inline]
    pub(crate) fn contains_raw(&self, name: &[u8]) -> bool {
        self.fields.iter().any(|field| field.is_named(&self.bytes, name))
    }

    /// The fields whose names have a length that is wanted, as bytes.
    #[inline]
    pub(crate) fn of_lengths(
        &self,
        is_wanted: impl Fn(usize) -> bool,
    ) -> impl Iterator<Item = (&[u8], &[u8])> {
        let wanted = self.fields.iter().filter(move |field| is_wanted(field.name_length()));
        wanted.map(|field| (field.name(&self.bytes), field.value(&self.bytes)))
    }

    /// All fields as bytes: what sending and judging them needs.
    pub(crate) fn raw(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.fields.iter().map(|field| (field.name(&self.bytes), field.value(&self.bytes)))
    }

    /// All fields in the order of the wire: the name as received, and the value.
    pub fn iter(&self) -> HeaderIter<'_> {
        HeaderIter::new(&self.bytes, &self.fields)
    }

    /// How many field lines there are.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether there is no field.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// How many bytes there is room for.
    pub(crate) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    /// Writes each field as a field line with its CRLF.
    pub(crate) fn write_to(&self, head: &mut Vec<u8>) {
        match self.source {
            Source::Made => head.extend_from_slice(&self.bytes),
            Source::Parsed(_) => self.raw().for_each(|(name, value)| write_field(head, name, value)),
        }
    }

    /// Adds a field that has been judged.
    fn push(&mut self, name: &[u8], value: &[u8]) {
        let offset = |length: usize| u32::try_from(length).expect("a section is smaller than 4 GiB");
        let name_start = self.bytes.len();
        write_field(&mut self.bytes, name, value);
        let value_end = self.bytes.len() - b"\r\n".len();
        self.fields.push(FieldRange {
            name_start: offset(name_start),
            name_end: offset(name_start + name.len()),
            value_start: offset(value_end - value.len()),
            value_end: offset(value_end),
        });
    }
}

impl<'a> IntoIterator for &'a Headers {
    type Item = (&'a str, HeaderValue<'a>);
    type IntoIter = HeaderIter<'a>;

    fn into_iter(self) -> HeaderIter<'a> {
        self.iter()
    }
}

impl Headers {
    /// How the value of a field is shown, if the caller also wants to see those in `shown`.
    pub(crate) fn view(&self, name: &str, shown: &[Box<str>]) -> View {
        let message = match self.source {
            Source::Made => Message::Request,
            Source::Parsed(message) => message,
        };
        if self.is_marked(name) { View::Length } else { message.view_with(name, shown) }
    }

    /// Shows the section like `Debug`, and the values of the names in `shown` too.
    pub(crate) fn showing<'a>(&'a self, shown: &'a [Box<str>]) -> impl fmt::Debug + 'a {
        Showing { headers: self, shown }
    }
}

/// A section with the names whose values are shown on top of the usual ones.
struct Showing<'a> {
    headers: &'a Headers,
    shown: &'a [Box<str>],
}

impl fmt::Debug for Showing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, value) in self.headers {
            let view = self.headers.view(name, self.shown);
            let shown = Shown(value.as_bytes(), view);
            match view {
                View::Length => map.entry(&name, &format_args!("{shown}")),
                View::Whole | View::Urls => map.entry(&name, &format_args!("\"{shown}\"")),
            };
        }
        map.finish()
    }
}

/// Names and values in order. Of a request, the values of names that are known to hold no secret are shown; of a
/// response, all but credentials and cookies, with redacted URLs. A value that is not shown is its length, as in
/// `<12 bytes>`.
impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.showing(&[]).fmt(f)
    }
}

/// Equal when the same names (without regard to case) have the same values in the same order.
impl PartialEq for Headers {
    fn eq(&self, other: &Headers) -> bool {
        self.len() == other.len()
            && self.iter().zip(other.iter()).all(|((name, value), (other_name, other_value))| {
                name.eq_ignore_ascii_case(other_name) && value == other_value
            })
    }
}

impl Eq for Headers {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_case_and_repetition_are_kept() {
        let mut headers = Headers::new();
        for (name, value) in [("Set-Cookie", "a=1"), ("X-One", "1"), ("set-cookie", "b=2")] {
            headers.append(name, value).unwrap();
        }
        let names: Vec<&str> = headers.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["Set-Cookie", "X-One", "set-cookie"]);
        let cookies: Vec<HeaderValue<'_>> = headers.get_all("SET-COOKIE").collect();
        assert_eq!(cookies, [HeaderValue::new(b"a=1"), HeaderValue::new(b"b=2")]);
        assert_eq!(headers.remove("set-cookie"), 2);
        assert_eq!(headers.len(), 1);
    }

    #[test]
    fn a_field_that_could_split_the_head_is_refused() {
        let mut headers = Headers::new();
        for value in ["a\r\nX: y", "a\nb", "a\rb", "a\0b", "a\x01", "\x7f"] {
            assert!(headers.append("X-Test", value).is_err(), "{value:?}");
        }
        for name in ["", "X Y", "X:", "X\r\nY", "Ü"] {
            assert!(headers.append(name, "1").is_err(), "{name:?}");
        }
        assert!(headers.is_empty());
        headers.append("X-Latin", b" caf\xe9\t").unwrap();
        assert_eq!(headers.get("x-latin").unwrap().as_bytes(), b"caf\xe9");
    }

    #[test]
    fn other_origin_gets_listed_fields_only() {
        let mut sent = Headers::new();
        for name in [
            "Accept",
            "Authorization",
            "AUTHORIZATION",
            "Proxy-Authorization",
            "Cookie",
            "Host",
            "Origin",
            "Referer",
            "Range",
            "X-Api-Key",
            "X-Trace",
            "user-agent",
            "x-whatever-comes",
        ] {
            sent.append(name, "1").unwrap();
        }
        sent.append_sensitive("TE", "secret").unwrap();
        sent.keep_for_any_origin(&["x-trace".into(), "te".into()]);
        let names: Vec<&str> = sent.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["Accept", "Range", "X-Trace", "user-agent"]);
    }

    #[test]
    fn mark_belongs_to_the_value() {
        let mut headers = Headers::new();
        headers.append_sensitive("Accept", "hunter2").unwrap();
        assert!(!format!("{headers:?}").contains("hunter2"));
        let mut others = Headers::new();
        others.replace_by(&headers);
        others.append("accept", "hunter2").unwrap();
        assert!(!format!("{:?}", others.clone()).contains("hunter2"));
        others.set("accept", "*/*").unwrap();
        assert!(format!("{others:?}").contains("*/*"));
    }

    #[test]
    fn debug_shows_no_credentials() {
        let mut headers = Headers::new();
        headers.append("Authorization", "Bearer hunter2").unwrap();
        headers.append("Cookie", "sid=hunter2").unwrap();
        headers.append("Accept", "*/*").unwrap();
        let error = headers.append("Authorization", "Bearer hunter2\n").unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
        let shown = format!("{headers:?}");
        assert!(!shown.contains("hunter2") && shown.contains("*/*"), "{shown}");
    }
}
