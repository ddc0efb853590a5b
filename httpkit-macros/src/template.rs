//! The grammar of request templates: what stands in `#[get("…")]`.
//!
//! ```text
//! template   = path [ "?" pair *( "&" pair ) ] *( query )
//! path       = *( "/" segment / "{/" name [ "*" ] *( "," name [ "*" ] ) "}" )
//! segment    = *( literal / "{" name "}" / "{+" name "}" / "{*" name "}" )
//! pair       = key "=" value / key / key "=" "{" name "}"
//! query      = "{?" list "}" / "{&" list "}"
//! literal    = pchar of RFC 3986, Section 3.3, "{{" and "}}" for braces
//! ```
//!
//! Rule of this file: it knows text alone, neither parameters nor tokens.

mod literal;
mod reader;
#[cfg(test)]
mod tests;
mod token;

use std::collections::HashSet;

use reader::Reader;
use token::Token;

/// A template, split for the run time.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Template {
    /// The literal text as on the wire: one before each path variable, one behind the last.
    pub(crate) parts: Vec<String>,
    /// The path variables, in order.
    pub(crate) path: Vec<PathVariable>,
    /// The query variables, in order.
    pub(crate) query: Vec<QueryVariable>,
    /// The keys of the literal query.
    pub(crate) literal_keys: Vec<String>,
    /// Whether the template has no operators, so that it is a format string too.
    pub(crate) plain: bool,
}

/// A variable in the path.
#[derive(Debug, PartialEq)]
pub(crate) struct PathVariable {
    /// The name of the parameter.
    pub(crate) name: String,
    /// How its value is written.
    pub(crate) expansion: PathExpansion,
}

/// How the value of a path variable is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum PathExpansion {
    /// `{x}`: everything but unreserved characters is encoded.
    Segment,
    /// `{+x}`: reserved characters are kept.
    Reserved,
    /// `{*x}`: `/` and unreserved characters are kept, and every other byte is encoded.
    Key,
    /// `{/x}`: a segment behind a `/`, where there is a value.
    Optional,
    /// `{/x*}`: any number of segments, each behind a `/`.
    Segments,
}

/// A variable in the query.
#[derive(Debug, PartialEq)]
pub(crate) struct QueryVariable {
    /// The key on the wire.
    pub(crate) key: String,
    /// The name of the parameter.
    pub(crate) name: String,
    /// Whether a list repeats the key: `{?x*}`.
    pub(crate) exploded: bool,
}

impl Template {
    /// Parses a template. An error is a whole message: the rule, what was found, the fix.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        check_start(text)?;
        let mut reader = Reader::new();
        let mut tokens = token::split(text)?.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                Token::Literal(text) => {
                    let next = tokens.peek().and_then(Token::as_value);
                    reader.literal(&text, next)?;
                }
                Token::Expression(expression) => reader.expression(&expression)?,
            }
        }
        reader.finish()
    }

    /// The template of a request whose URL is given with the call: there is nothing to add to it.
    pub(crate) fn of_url() -> Self {
        Self { parts: vec![String::new()], ..Self::default() }
    }

    /// Returns the names of all variables, each once, in order.
    pub(crate) fn names(&self) -> Vec<&str> {
        let path = self.path.iter().map(|variable| variable.name.as_str());
        let query = self.query.iter().map(|variable| variable.name.as_str());
        let mut seen = HashSet::new();
        path.chain(query).filter(|name| seen.insert(*name)).collect()
    }

    /// Returns whether a path variable has this name.
    pub(crate) fn has_path(&self, name: &str) -> bool {
        self.path.iter().any(|variable| variable.name == name)
    }

    /// Returns whether there is a query.
    pub(crate) fn has_any_query(&self) -> bool {
        !self.query.is_empty() || !self.literal_keys.is_empty()
    }

    /// Returns whether a query variable has this name.
    pub(crate) fn has_query(&self, name: &str) -> bool {
        self.query.iter().any(|variable| variable.name == name)
    }
}

fn check_start(text: &str) -> Result<(), String> {
    let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
    if !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err("a path is appended to the base URL, and this is an absolute URL\n\
                    help: `base = \"…\"` of `#[http_client]` takes scheme and host"
            .into());
    }
    if text.starts_with('/') || text.starts_with("{/") {
        return Ok(());
    }
    Err(format!("a path starts with `/`: it is appended to the base URL\nhelp: `\"/{text}\"`"))
}
