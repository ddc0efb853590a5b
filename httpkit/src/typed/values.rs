//! What the parameters of a typed client can be, by their place in the request.
//!
//! Rule of this file: a trait for each place, implemented once for all that fits, so that what does not fit
//! is refused in the words of `#[http_client]` and not in those of the implementation.

use std::fmt::Display;

use serde::Serialize;

/// The value of a path variable.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in the path of a request",
    label = "has no `Display`",
    note = "path values are written by `Display`, and are always there: for an `Option` or a list, write `{{/x}}` or `{{/x*}}`"
)]
pub trait PathValue: Display {}

#[diagnostic::do_not_recommend]
impl<T: Display + ?Sized> PathValue for T {}

/// The value of a query parameter.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in the query or the optional segments of a request",
    label = "has no `Serialize`",
    note = "derive `serde::Serialize` for it"
)]
pub trait QueryValue: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> QueryValue for T {}

/// The value of a header or credential.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a header of a request",
    label = "has no `Serialize`",
    note = "derive `serde::Serialize` for it"
)]
pub trait HeaderText: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> HeaderText for T {}

/// What can be sent as JSON.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as JSON",
    label = "has no `Serialize`",
    note = "derive `serde::Serialize` for it"
)]
pub trait JsonValue: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> JsonValue for T {}

/// What can be sent as a form.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a form",
    label = "has no `Serialize`",
    note = "derive `serde::Serialize` for it"
)]
pub trait FormValue: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> FormValue for T {}

/// The value of a flag: `bool`.
#[diagnostic::on_unimplemented(
    message = "a flag is a `bool`, found `{Self}`",
    label = "not a `bool`",
    note = "a flag is sent or not: for a parameter that has a value, use `#[query]`"
)]
pub trait FlagValue {
    /// Whether the flag is sent.
    fn into_bool(self) -> bool;
}

impl FlagValue for bool {
    fn into_bool(self) -> bool {
        self
    }
}
