//! `application/x-www-form-urlencoded`, as HTML forms send it.

use serde::Serialize;

use crate::{error::Result, query::Query};

/// Writes the fields of a struct, a map or a list of pairs as a form (URL Standard §5.2). A list repeats its name, and
/// `None` is left out, as in [`RequestBuilder::query`](crate::RequestBuilder::query).
///
/// ```
/// let form = httpkit::encode_form(&[("spam", Some("1 2")), ("eggs", None), ("bacon", Some("0"))])?;
/// assert_eq!(form, "spam=1+2&bacon=0");
/// # Ok::<(), httpkit::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Parameter`](crate::ErrorKind::Parameter) if a value cannot be part of a form, such as a struct in a
/// field. It names the field.
pub fn encode_form<T: Serialize + ?Sized>(fields: &T) -> Result<String> {
    let mut form = String::new();
    Query::form(&mut form).flatten("form", fields)?;
    Ok(form)
}
