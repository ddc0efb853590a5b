//! Reads the tokens of a template from left to right.

use std::collections::HashSet;

use super::literal::{encoded, readable};
use super::token::{Expression, SUPPORTED};
use super::{PathExpansion, PathVariable, QueryVariable, Template};

/// Which part of the target the reader is in.
#[derive(PartialEq)]
enum State {
    Path,
    /// Behind a literal `?`.
    Query,
    /// Behind a query variable: no more literal text but `&key={x}`.
    Variables,
    /// Behind `{?…}` or `{&…}`.
    Expressions,
}

/// Reads tokens into a template.
pub(super) struct Reader {
    template: Template,
    state: State,
    /// The path as written, by segment.
    segments: Vec<String>,
    /// The key whose value is the next placeholder.
    pending: Option<String>,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self {
            template: Template { parts: vec![String::new()], plain: true, ..Template::default() },
            state: State::Path,
            segments: vec![String::new()],
            pending: None,
        }
    }

    /// Reads literal text, which `value` follows if that is a plain `{x}`.
    pub(super) fn literal(&mut self, text: &str, value: Option<&str>) -> Result<(), String> {
        match self.state {
            State::Path => {
                let (path, query) = match text.split_once('?') {
                    Some((path, query)) => (path, Some(query)),
                    None => (text, None),
                };
                self.path_text(path)?;
                if let Some(query) = query {
                    self.state = State::Query;
                    self.pairs(query, value)?;
                }
                Ok(())
            }
            State::Query | State::Variables => match text.strip_prefix('&') {
                Some(pairs) => self.pairs(pairs, value),
                None => Err(whole_value(text)),
            },
            State::Expressions => Err(format!(
                "nothing follows `{{?…}}`, found `{}`\nhelp: put it before the query",
                readable(text)
            )),
        }
    }

    fn path_text(&mut self, text: &str) -> Result<(), String> {
        let mut segments = text.split('/');
        self.segment().push_str(&readable(segments.next().unwrap_or_default()));
        self.segments.extend(segments.map(readable));
        let encoded = encoded(text, "/")?;
        self.part().push_str(&encoded);
        Ok(())
    }

    /// Reads `a=1&b=2`, whose last value may be the next token.
    fn pairs(&mut self, text: &str, value: Option<&str>) -> Result<(), String> {
        let mut pairs: Vec<&str> = text.split('&').collect();
        if let Some(value) = value {
            self.pending = pairs.pop().map(|pair| variable_key(pair, value)).transpose()?;
        }
        for pair in pairs {
            if pair.is_empty() {
                return Err(format!(
                    "the query has an empty pair, found `{}`\nhelp: `?key=value&other=value`",
                    readable(text)
                ));
            }
            if self.state == State::Variables {
                return Err(format!(
                    "literal pairs of the query stand before placeholders, found `{}`\n\
                     help: `?{}&key={{name}}`",
                    readable(pair),
                    readable(pair)
                ));
            }
            let encoded = encoded(pair, "/?")?;
            let separator = if self.template.literal_keys.is_empty() { '?' } else { '&' };
            self.part().push(separator);
            self.part().push_str(&encoded);
            let key = encoded.split('=').next().unwrap_or_default();
            self.template.literal_keys.push(key.to_owned());
        }
        Ok(())
    }

    /// Reads what stands between braces.
    pub(super) fn expression(&mut self, expression: &Expression<'_>) -> Result<(), String> {
        self.template.plain &= expression.operator.is_none();
        match (&self.state, expression.operator) {
            (State::Path, Some('?')) => self.query_expression(expression),
            (State::Path, Some('&')) => {
                let query = expression.source.replacen('&', "?", 1);
                Err(format!(
                    "`{}` continues a query, and there is none before it\nhelp: `{query}`",
                    expression.source
                ))
            }
            (State::Path, operator) => self.path_expression(operator, expression),
            (_, Some('?')) => {
                let query = expression.source.replacen('?', "&", 1);
                Err(format!("the query has begun before `{}`\nhelp: `{query}`", expression.source))
            }
            (_, Some('&')) => self.query_expression(expression),
            (_, None) => self.query_value(expression),
            (_, Some(_)) => Err(format!(
                "`{}` belongs to the path, and stands in the query\nhelp: {SUPPORTED}",
                expression.source
            )),
        }
    }

    fn path_expression(&mut self, operator: Option<char>, expression: &Expression<'_>) -> Result<(), String> {
        if operator == Some('/') {
            self.segments.push(String::new());
        }
        self.segment().push_str(expression.source);
        for variable in &expression.variables {
            let name = variable.name.to_owned();
            let expansion = match operator {
                None => PathExpansion::Segment,
                Some('+') => PathExpansion::Reserved,
                Some('*') => PathExpansion::Key,
                Some(_) if variable.exploded => PathExpansion::Segments,
                Some(_) => PathExpansion::Optional,
            };
            self.template.path.push(PathVariable { name, expansion });
            self.template.parts.push(String::new());
        }
        Ok(())
    }

    fn query_expression(&mut self, expression: &Expression<'_>) -> Result<(), String> {
        self.state = State::Expressions;
        for variable in &expression.variables {
            self.template.query.push(QueryVariable {
                key: variable.name.to_owned(),
                name: variable.name.to_owned(),
                exploded: variable.exploded,
            });
        }
        Ok(())
    }

    /// Reads the `{x}` of `key={x}`.
    fn query_value(&mut self, expression: &Expression<'_>) -> Result<(), String> {
        let key = self.pending.take().ok_or_else(|| whole_value(expression.source))?;
        let name = expression.variables[0].name.to_owned();
        self.state = State::Variables;
        self.template.query.push(QueryVariable { key, name, exploded: false });
        Ok(())
    }

    /// Checks what concerns the template as a whole.
    pub(super) fn finish(self) -> Result<Template, String> {
        check_segments(&self.segments)?;
        let template = self.template;
        let literal = template.literal_keys.iter();
        let keys = literal.chain(template.query.iter().map(|variable| &variable.key));
        let mut seen = HashSet::new();
        if let Some(key) = keys.into_iter().find(|key| !seen.insert(*key)) {
            return Err(format!("query key `{key}` is set twice\nhelp: a list repeats it: `{{?{key}*}}`"));
        }
        Ok(template)
    }

    fn part(&mut self) -> &mut String {
        self.template.parts.last_mut().expect("there is a part behind every variable")
    }

    fn segment(&mut self) -> &mut String {
        self.segments.last_mut().expect("a path has a segment before its first `/`")
    }
}

/// Refuses empty segments, but behind the last `/`, and dot segments, encoded or not.
fn check_segments(segments: &[String]) -> Result<(), String> {
    let is_dot =
        |segment: &&String| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
    let last = segments.len() - 1;
    let inner = &segments[1..last.max(1)];
    let found = if let Some(segment) = segments.iter().find(is_dot) {
        format!("the path has a dot segment `{segment}`")
    } else if inner.iter().any(String::is_empty) {
        "the path has an empty segment".to_owned()
    } else {
        return Ok(());
    };
    let kept = segments.iter().filter(|segment| !segment.is_empty() && !is_dot(segment));
    let kept = kept.map(|segment| match segment.strip_prefix("{/") {
        Some(_) => segment.clone(),
        None => format!("/{segment}"),
    });
    let expected: String = kept.collect();
    let expected = if expected.is_empty() { "/" } else { &expected };
    Err(format!("{found}, and servers differ in what they make of it\nhelp: `{expected}`"))
}

/// Returns the key of `key=`, which `value` follows.
fn variable_key(pair: &str, value: &str) -> Result<String, String> {
    let key = pair.strip_suffix('=').filter(|key| !key.is_empty() && !key.contains('='));
    let key = key.ok_or_else(|| whole_value(&format!("{pair}{value}")))?;
    if key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)) {
        return Ok(key.to_owned());
    }
    Err(format!(
        "the key `{}` of a placeholder holds more than letters, digits, `-`, `.`, `_`, `~`\n\
         help: give it to the parameter: `#[query(\"…\")]`",
        readable(key)
    ))
}

fn whole_value(found: &str) -> String {
    format!(
        "in the query, a placeholder is the whole value of a key, found `{}`\n\
         help: `?key={{name}}`, or `{{?name}}`",
        readable(found)
    )
}
