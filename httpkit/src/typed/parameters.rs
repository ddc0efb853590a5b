//! What the parameters of a typed client can be, by their place in the request.
//!
//! Rule of this file: a trait for each place, implemented once, for all that fits. So what does not fit is
//! refused in the words of `#[http_client]`, and not in those of the implementation; and because generated
//! code calls the methods of these traits, the compiler has no bound of ours to point at.

use super::call::{Call, FormParts};

/// The value of a variable in the path.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in the path of a request",
    label = "has no `Display`",
    note = "path values are written by `Display`, and are always there: for an `Option` or a list, write `{{/x}}` or `{{/x*}}`"
)]
pub trait PathParameter {
    /// `{x}`: everything but `unreserved` is encoded. Empty, `.` and `..` are errors.
    fn segment(&self, name: &'static str, call: &mut Call<'_>);

    /// `{+x}`: what a path may hold is kept, `/` and escapes included. Dot segments, encoded or not, and
    /// control bytes are errors. `?`, `#`, `[` and `]` are encoded: they would end the path, or do not
    /// belong there.
    fn reserved(&self, name: &'static str, call: &mut Call<'_>);

    /// `{*x}`: each byte is encoded once, except `unreserved` and `/`. The server decodes the value as it was, empty
    /// segments included. Dot segments are errors.
    fn key(&self, name: &'static str, call: &mut Call<'_>);
}

/// The value of optional segments, or of the query.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in the query or the optional segments of a request",
    label = "has no `Serialize`",
    note = "derive `serde::Serialize` for it"
)]
pub trait QueryParameter {
    /// `{/x}`: a segment with its slash, and commas between the values of a list. `None` and an empty list add
    /// nothing; each value is judged as that of `{x}`.
    fn segment(&self, name: &'static str, call: &mut Call<'_>);

    /// `{/x*}`: as [`segment`](QueryParameter::segment), but with a segment for each value of a list.
    fn segments(&self, name: &'static str, call: &mut Call<'_>);

    /// `{?x}`: `x=a`, `x=a,b` for a list, and nothing for `None`.
    fn query(&self, key: &'static str, call: &mut Call<'_>);

    /// `{?x*}`: as [`query`](QueryParameter::query), but `x=a&x=b` for a list, and a pair for each field of a
    /// struct or map.
    fn query_exploded(&self, key: &'static str, call: &mut Call<'_>);

    /// A pair for each field of a struct, map, or list of pairs.
    fn query_flattened(&self, call: &mut Call<'_>);
}

/// The value of a flag in the query: `bool`.
#[diagnostic::on_unimplemented(
    message = "a flag is a `bool`, found `{Self}`",
    label = "not a `bool`",
    note = "a flag is sent or not: for a parameter that has a value, use `#[query]`"
)]
pub trait FlagParameter {
    /// The key alone, if the value is true.
    fn flag(&self, key: &'static str, call: &mut Call<'_>);
}

/// The value of a header.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a header of a request",
    label = "has no `Serialize`",
    note = "derive `serde::Serialize` for it"
)]
pub trait HeaderParameter {
    /// A header: a line, a line for each value of a list, and none for `None`. Replaces a constant header of
    /// the same name, unless there is none.
    fn header(&self, name: &'static str, call: &mut Call<'_>);

    /// As [`header`](HeaderParameter::header), with a value that no error shows.
    fn secret_header(&self, name: &'static str, call: &mut Call<'_>);

    /// `Authorization: Bearer …` (RFC 6750, Section 2.1), and none for `None`.
    fn bearer(&self, call: &mut Call<'_>);
}

/// User and password.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not user and password",
    label = "not a pair of texts",
    note = "pass them as `(&str, &str)`"
)]
pub trait BasicParameter {
    /// `Authorization: Basic …` (RFC 7617, Section 2).
    fn basic(&self, call: &mut Call<'_>);
}

/// The URL of the request.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a URL",
    label = "neither text nor a `Url`",
    note = "pass a `&str`, `String` or `httpkit::Url`"
)]
pub trait UrlParameter {
    /// An absolute URL in place of the base URL; the query is written behind it. Credentials of the service
    /// are left out where it is of another origin.
    fn url(self, call: &mut Call<'_>);
}

/// What can be sent as JSON.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as JSON",
    label = "has no `Serialize`",
    note = "derive `serde::Serialize` for it"
)]
pub trait JsonParameter {
    /// Content as JSON (RFC 8259), `application/json` unless a header says otherwise.
    fn json(&self, call: &mut Call<'_>);
}

/// What can be sent as a form.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a form",
    label = "has no `Serialize`",
    note = "derive `serde::Serialize` for it"
)]
pub trait FormParameter {
    /// Content as a form, `application/x-www-form-urlencoded` unless a header says otherwise.
    fn form(&self, call: &mut Call<'_>);
}

/// What can be sent as it is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the raw content of a request",
    label = "neither text nor bytes",
    note = "pass text, bytes or an `httpkit::RequestBody`; for a value, use `#[json]` or `#[form]`"
)]
pub trait BodyParameter {
    /// Content as it is, of this type in place of what the headers say.
    fn body<'a>(self, content_type: Option<&'static str>, call: &mut Call<'a>)
    where
        Self: 'a;
}

/// The value of a field of a form with files.
#[cfg_attr(
    feature = "multipart",
    diagnostic::on_unimplemented(
        message = "`{Self}` is not a field of a form with files",
        label = "neither a part nor text",
        note = "pass an `httpkit::multipart::Part`, text, a number, or an `Option` or a list of these"
    )
)]
#[cfg_attr(
    not(feature = "multipart"),
    diagnostic::on_unimplemented(
        message = "`#[part]` takes the feature `multipart` of httpkit",
        label = "a field of a form with files",
        note = "enable it in `Cargo.toml`: `httpkit = {{ …, features = [\"multipart\"] }}`"
    )
)]
pub trait PartParameter {
    /// A field of this name: one for each value of a list, and none for `None`.
    fn part<'a>(self, name: &'static str, form: &mut FormParts<'a>)
    where
        Self: 'a;
}
