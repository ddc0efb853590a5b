//! `application/x-www-form-urlencoded`, as HTML forms send it.

use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};

/// Writes the fields of a struct, map or list of pairs as a form; a sequence repeats its name, `None` is left
/// out.
///
/// ```
/// let form = httpkit::encode_form(&[("spam", 1), ("eggs", 2), ("bacon", 0)])?;
/// assert_eq!(form, "spam=1&eggs=2&bacon=0");
/// # Ok::<(), httpkit::Error>(())
/// ```
///
/// # Errors
/// `Parameter` when a value has no place in a form, as a map within a field.
pub fn encode_form<T: Serialize + ?Sized>(fields: &T) -> Result<String> {
    serde_html_form::to_string(fields).map_err(|error| {
        Error::new(ErrorKind::Parameter { name: "form".into(), reason: error.to_string() }).unsent()
    })
}
