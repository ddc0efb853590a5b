//! The rules for text that is known at compile time: base URL, HTTP method, constant headers.

use std::net::Ipv6Addr;

use syn::LitStr;

use crate::errors::{Errors, error, error_with_help};
use crate::parse::HeaderSyntax;
use crate::template::Template;

/// Checks the base URL: what every target is appended to.
pub(super) fn base(base: &LitStr) -> syn::Result<()> {
    let text = base.value();
    let fail = |rule: String, help: &str| Err(error_with_help(base, rule, help));
    let Some((scheme, rest)) = text.split_once("://") else {
        return fail(format!("the base URL is absolute, found `{text}`"), "`base = \"https://…\"`");
    };
    if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        let rule = format!("the base URL begins with `http` or `https`, found `{scheme}`");
        return fail(rule, "`base = \"https://…\"`");
    }
    if let Some(found) = rest.chars().find(|character| "?#".contains(*character)) {
        let rule = format!("the base URL has neither query nor fragment, found `{found}`");
        return fail(rule, "put a query into the paths: `#[get(\"/…?key=value\")]`");
    }
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    if authority.contains('@') {
        let rule = "the base URL holds no credentials: they would end up in logs".to_owned();
        return fail(rule, "give them to the client's builder");
    }
    if let Err(found) = check_authority(authority) {
        return fail(
            format!("the base URL names a host and maybe a port, {found}"),
            "`https://host:port/path`",
        );
    }
    if path.is_empty() {
        return Ok(());
    }
    let template = Template::parse(path).map_err(|message| error(base, message))?;
    match template.names().first() {
        Some(name) => {
            fail(format!("the base URL has no placeholders, found `{name}`"), "put it into the paths")
        }
        None => Ok(()),
    }
}

/// Checks host and port, RFC 3986, Section 3.2. Numeric hosts and other alphabets are judged when
/// the client is built.
fn check_authority(authority: &str) -> Result<(), String> {
    let end = if authority.starts_with('[') { authority.find(']').map_or(0, |end| end + 1) } else { 0 };
    let (host, port) = match authority[end..].rfind(':') {
        Some(colon) => (&authority[..end + colon], Some(&authority[end + colon + 1..])),
        None => (authority, None),
    };
    let is_address = end > 0 && end == host.len() && host[1..end - 1].parse::<Ipv6Addr>().is_ok();
    let is_name = !host.is_empty()
        && host.chars().all(|character| character.is_alphanumeric() || "-._".contains(character));
    if !is_address && !is_name {
        return Err(format!("found host `{}`", host.escape_debug()));
    }
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    match port.filter(|port| !is_port(port)) {
        Some(port) => Err(format!("found port `{}`", port.escape_debug())),
        None => Ok(()),
    }
}

/// Checks an HTTP method: a token, RFC 9110, Section 9.1.
pub(super) fn method(method: &LitStr) -> syn::Result<String> {
    const KNOWN: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];
    let text = method.value();
    check_token(method, "an HTTP method")?;
    if text == "CONNECT" {
        return Err(error_with_help(
            method,
            "`CONNECT` asks a proxy for a tunnel and has no path",
            "configure a proxy on the client",
        ));
    }
    match KNOWN.iter().find(|known| known.eq_ignore_ascii_case(&text) && **known != text) {
        Some(known) => Err(error_with_help(
            method,
            format_args!("HTTP methods are case-sensitive, found `{text}`"),
            format_args!("`\"{known}\"`"),
        )),
        None => Ok(text),
    }
}

/// Checks the pairs of one `headers(…)`.
pub(super) fn headers(headers: &[HeaderSyntax], errors: &mut Errors) {
    let mut names = Vec::new();
    for HeaderSyntax { name, value } in headers {
        let text = name.value().to_ascii_lowercase();
        errors.value(header_name(name));
        errors.value(header_value(value));
        if names.contains(&text) {
            let help = "a header that is a list has its values in one line: `\"a, b\"`";
            errors.push(error_with_help(name, format_args!("header `{text}` is given twice"), help));
        }
        names.push(text);
    }
}

/// Checks the name of a header: a token, RFC 9110, Section 5.1, that the transport leaves to users.
pub(super) fn header_name(name: &LitStr) -> syn::Result<()> {
    const TRANSPORT: [&str; 4] = ["connection", "content-length", "host", "transfer-encoding"];
    check_token(name, "the name of a header")?;
    let text = name.value();
    if TRANSPORT.iter().any(|reserved| text.eq_ignore_ascii_case(reserved)) {
        let rule = format!("the transport sets `{text}`: a second value would garble the connection");
        return Err(error_with_help(name, rule, "remove it"));
    }
    Ok(())
}

/// Checks the value of a header, RFC 9110, Section 5.5.
pub(super) fn header_value(value: &LitStr) -> syn::Result<()> {
    let text = value.value();
    let is_forbidden = |character: &char| character.is_ascii_control() && *character != '\t';
    if let Some(found) = text.chars().find(is_forbidden) {
        let rule =
            format!("the value of a header has no control characters, found `{}`", found.escape_debug());
        return Err(error_with_help(value, rule, "remove it"));
    }
    if text.starts_with([' ', '\t']) || text.ends_with([' ', '\t']) {
        let rule = "the value of a header begins and ends without blanks: they are lost on the way";
        return Err(error_with_help(value, rule, format_args!("`\"{}\"`", text.trim())));
    }
    Ok(())
}

/// Checks a content type, RFC 9110, Section 8.3.
pub(super) fn content_type(value: &LitStr) -> syn::Result<()> {
    header_value(value)?;
    let text = value.value();
    let essence = text.split(';').next().unwrap_or_default().trim_end();
    let is_type = essence.split('/').count() == 2 && essence.split('/').all(is_token);
    if is_type {
        return Ok(());
    }
    let rule = format!("a content type is `type/subtype`, found `{text}`");
    Err(error_with_help(value, rule, "`#[body(\"text/csv\")]`"))
}

fn check_token(literal: &LitStr, what: &str) -> syn::Result<()> {
    let text = literal.value();
    match text.char_indices().find(|(_, character)| !is_tchar(*character)) {
        Some((index, found)) => Err(error_with_help(
            literal,
            format_args!(
                "{what} has no `{}` (at index {index}), found `{}`",
                found.escape_debug(),
                text.escape_debug()
            ),
            "letters, digits and ``!#$%&'*+-.^_`|~`` are allowed",
        )),
        None if text.is_empty() => Err(error(literal, format_args!("{what} is not empty"))),
        None => Ok(()),
    }
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_tchar)
}

/// `tchar` of RFC 9110, Section 5.6.2.
fn is_tchar(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
}
