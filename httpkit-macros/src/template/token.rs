//! Splits a template at its braces.

use super::literal::{CLOSE, OPEN, must_be_encoded};

/// Literal text, or what stands between braces.
pub(super) enum Token<'a> {
    Literal(String),
    Expression(Expression<'a>),
}

impl<'a> Token<'a> {
    /// Returns the source of a plain `{x}`.
    pub(super) fn as_value(&self) -> Option<&'a str> {
        match self {
            Self::Expression(Expression { source, operator: None, .. }) => Some(source),
            _ => None,
        }
    }
}

/// `{`, operator, names, `}`.
pub(super) struct Expression<'a> {
    /// The whole, with its braces.
    pub(super) source: &'a str,
    /// One of `+`, `*`, `/`, `?`, `&`.
    pub(super) operator: Option<char>,
    /// At least one.
    pub(super) variables: Vec<Variable<'a>>,
}

/// A name, and whether a `*` follows it.
pub(super) struct Variable<'a> {
    pub(super) name: &'a str,
    pub(super) exploded: bool,
}

/// What to write instead of an expression that is not supported.
pub(super) const SUPPORTED: &str =
    "placeholders are `{x}`, `{+x}`, `{*x}`, `{/x}`, `{/x*}`, `{?x,y}`, `{?x*}` and `{&x}`";

/// Splits a template into literal text and expressions.
pub(super) fn split(text: &str) -> Result<Vec<Token<'_>>, String> {
    let mut tokens = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if rest.starts_with("{{") || rest.starts_with("}}") {
            literal.push(if character == '{' { OPEN } else { CLOSE });
            rest = &rest[2..];
        } else if character == '{' {
            let source = rest.split_inclusive('}').next().unwrap_or(rest);
            if !literal.is_empty() {
                tokens.push(Token::Literal(std::mem::take(&mut literal)));
            }
            tokens.push(Token::Expression(expression(source)?));
            rest = &rest[source.len()..];
        } else if character == '}' {
            return Err("`}` closes no placeholder\nhelp: `}}` is a literal brace".into());
        } else {
            literal.push(match character {
                OPEN | CLOSE => return Err(must_be_encoded(character)),
                other => other,
            });
            rest = &rest[character.len_utf8()..];
        }
    }
    if !literal.is_empty() {
        tokens.push(Token::Literal(literal));
    }
    Ok(tokens)
}

fn expression(source: &str) -> Result<Expression<'_>, String> {
    let unclosed =
        || format!("placeholder `{source}` is not closed\nhelp: `{{name}}`, or `{{{{` for a literal brace");
    let inner = source[1..].strip_suffix('}').ok_or_else(unclosed)?;
    if inner.contains('{') {
        return Err(unclosed());
    }
    let operator = inner.chars().next().filter(|first| "+*/?&#;.|=!@,".contains(*first));
    if let Some(operator) = operator.filter(|operator| !"+*/?&".contains(*operator)) {
        return Err(format!(
            "operator `{operator}` of RFC 6570 is not supported, found `{source}`\nhelp: {SUPPORTED}"
        ));
    }
    let names = &inner[operator.map_or(0, char::len_utf8)..];
    let variables = names.split(',').map(|name| variable(source, operator, name));
    let variables = variables.collect::<Result<Vec<_>, _>>()?;
    if variables.len() > 1 && matches!(operator, None | Some('+' | '*')) {
        return Err(format!("a path placeholder has one name, found `{source}`\nhelp: {SUPPORTED}"));
    }
    Ok(Expression { source, operator, variables })
}

fn variable<'a>(source: &str, operator: Option<char>, text: &'a str) -> Result<Variable<'a>, String> {
    let (name, exploded) = text.strip_suffix('*').map_or((text, false), |name| (name, true));
    if text.is_empty() {
        return Err(format!(
            "placeholder `{source}` names no parameter\n\
             help: `{{name}}`, or `{{{{` and `}}}}` for literal braces"
        ));
    }
    if is_prefix(name) {
        return Err(format!("prefixes of RFC 6570 are not supported, found `{source}`\nhelp: {SUPPORTED}"));
    }
    if !is_parameter_name(name) {
        let help = match operator {
            Some('?' | '&') => "a key that is no Rust name goes to the parameter: `#[query(\"…\")]`",
            _ => "`{{` and `}}` are literal braces",
        };
        return Err(format!("`{name}` in `{source}` is not the name of a parameter\nhelp: {help}"));
    }
    if exploded && matches!(operator, None | Some('+' | '*')) {
        return Err(format!(
            "`*` repeats a list, found `{source}`\n\
             help: `{{/{name}*}}` for segments, `{{?{name}*}}` for the query"
        ));
    }
    Ok(Variable { name, exploded })
}

/// `{x:3}` of RFC 6570, Section 2.4.1.
fn is_prefix(name: &str) -> bool {
    name.split_once(':').is_some_and(|(name, length)| {
        is_parameter_name(name) && length.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn is_parameter_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name != "_"
}
