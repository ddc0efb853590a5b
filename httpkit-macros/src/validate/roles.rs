//! The rules for parameters with attributes: one content, one `Authorization`, every name once.

use syn::{Attribute, LitStr};

use super::constants;
use crate::errors::{Errors, error_with_help};
use crate::model::{
    Argument, Content, ContentKind, Credentials, HeaderArgument, HeaderKind, PartArgument, QueryArgument,
    QueryKind, Scheme,
};
use crate::parse::{Role, name_of};

/// What the attributes of parameters say.
pub(super) struct Roles {
    /// The query behind that of the template.
    pub(super) query: Vec<QueryArgument>,
    /// The URL.
    pub(super) url: Option<Argument>,
    /// The headers.
    pub(super) fields: Vec<HeaderArgument>,
    /// The content.
    pub(super) content: Option<Content>,
    /// The credentials.
    pub(super) credentials: Option<Credentials>,
    /// The HTTP method.
    verb: String,
    /// The keys of the query so far.
    keys: Vec<String>,
    /// Which attribute sets `Authorization`.
    authorization: Option<String>,
}

impl Roles {
    /// No roles yet; the template sets `keys`.
    pub(super) fn new(verb: &str, keys: impl Iterator<Item = String>) -> Self {
        Self {
            query: Vec::new(),
            url: None,
            fields: Vec::new(),
            content: None,
            credentials: None,
            verb: verb.to_owned(),
            keys: keys.collect(),
            authorization: None,
        }
    }

    /// Adds the parameter `name`.
    pub(super) fn add(
        &mut self,
        role: Role,
        attribute: &Attribute,
        name: &str,
        value: Argument,
        errors: &mut Errors,
    ) {
        let result = match role {
            // The template has placed it.
            Role::Path(_) => Ok(()),
            Role::Query(key) => self.key(text_or(key.as_ref(), name), attribute).map(|key| {
                self.query.push(QueryArgument { kind: QueryKind::Value(key), value });
            }),
            Role::Flag(key) => self.key(text_or(key.as_ref(), name), attribute).map(|key| {
                self.query.push(QueryArgument { kind: QueryKind::Flag(key), value });
            }),
            Role::Flatten => {
                self.query.push(QueryArgument { kind: QueryKind::Flattened, value });
                Ok(())
            }
            Role::Header { name, kind } => self.header(&name, kind, attribute, value),
            Role::Json => self.content(ContentKind::Json, attribute, value),
            Role::Form => self.content(ContentKind::Form, attribute, value),
            Role::Body(content_type) => {
                content_type.as_ref().map_or(Ok(()), constants::content_type).and_then(|()| {
                    let kind = ContentKind::Body(content_type.map(|literal| literal.value()));
                    self.content(kind, attribute, value)
                })
            }
            Role::Part(field) => self.part(text_or(field.as_ref(), name), attribute, value),
            Role::Url => self.url(attribute, value),
            Role::Bearer => self.credentials(Scheme::Bearer, attribute, value),
            Role::Basic => self.credentials(Scheme::Basic, attribute, value),
        };
        errors.value(result);
    }

    fn url(&mut self, attribute: &Attribute, value: Argument) -> syn::Result<()> {
        if let Some(first) = &self.url {
            let rule = format!("a request has one URL, and `#[url] {}` is it", first.ident);
            return Err(error_with_help(attribute, rule, "remove one of them"));
        }
        self.url = Some(value);
        Ok(())
    }

    fn key(&mut self, key: String, attribute: &Attribute) -> syn::Result<String> {
        if self.keys.contains(&key) {
            let rule = format!("query key `{key}` is set twice");
            return Err(error_with_help(attribute, rule, "a list under one key repeats it"));
        }
        self.keys.push(key.clone());
        Ok(key)
    }

    fn header(
        &mut self,
        name: &LitStr,
        kind: HeaderKind,
        attribute: &Attribute,
        value: Argument,
    ) -> syn::Result<()> {
        constants::header_name(name)?;
        let text = name.value();
        if self.fields.iter().any(|field| field.name.eq_ignore_ascii_case(&text)) {
            let rule = format!("header `{text}` is set twice");
            return Err(error_with_help(name, rule, "a list under one name repeats it"));
        }
        if text.eq_ignore_ascii_case("authorization") {
            self.authorization(attribute)?;
        }
        self.fields.push(HeaderArgument { name: text, kind, value });
        Ok(())
    }

    fn content(&mut self, kind: ContentKind, attribute: &Attribute, value: Argument) -> syn::Result<()> {
        if let Some(first) = &self.content {
            let help = match first {
                Content::Whole(..) => "join both in a struct, or send one as `#[query]`",
                Content::Parts(_) => "make it a `#[part]` as well, or send it as `#[query]`",
            };
            return Err(second_content(attribute, first, help));
        }
        self.check_content(attribute)?;
        self.content = Some(Content::Whole(kind, value));
        Ok(())
    }

    fn part(&mut self, name: String, attribute: &Attribute, value: Argument) -> syn::Result<()> {
        self.check_content(attribute)?;
        let first = self.content.get_or_insert_with(|| Content::Parts(Vec::new()));
        let Content::Parts(parts) = first else {
            let help = "make each of them a `#[part]`, or send one as `#[query]`";
            return Err(second_content(attribute, first, help));
        };
        if parts.iter().any(|part| part.name == name) {
            let rule = format!("field `{name}` of the form is set twice");
            return Err(error_with_help(attribute, rule, "a list under one name repeats it"));
        }
        parts.push(PartArgument { name, value });
        Ok(())
    }

    fn check_content(&self, attribute: &Attribute) -> syn::Result<()> {
        if self.verb == "TRACE" {
            let rule = "TRACE must not carry content (RFC 9110, Section 9.3.8)";
            return Err(error_with_help(attribute, rule, "remove the parameter"));
        }
        Ok(())
    }

    fn credentials(&mut self, scheme: Scheme, attribute: &Attribute, value: Argument) -> syn::Result<()> {
        self.authorization(attribute)?;
        self.credentials = Some(Credentials { scheme, value });
        Ok(())
    }

    fn authorization(&mut self, attribute: &Attribute) -> syn::Result<()> {
        if let Some(first) = &self.authorization {
            let rule = format!("`Authorization` has one value, and `#[{first}]` sets it");
            return Err(error_with_help(attribute, rule, "remove one of them"));
        }
        self.authorization = Some(name_of(attribute));
        Ok(())
    }
}

fn second_content(attribute: &Attribute, first: &Content, help: &str) -> syn::Error {
    let (name, value) = match first {
        Content::Whole(ContentKind::Json, value) => ("json", value),
        Content::Whole(ContentKind::Form, value) => ("form", value),
        Content::Whole(ContentKind::Body(_), value) => ("body", value),
        Content::Parts(parts) => ("part", &parts[0].value),
    };
    let rule = format!("a request has one content, and `#[{name}] {}` is it", value.ident);
    error_with_help(attribute, rule, help)
}

/// Returns the text of a literal, else `name`.
pub(super) fn text_or(literal: Option<&LitStr>, name: &str) -> String {
    literal.map_or_else(|| name.to_owned(), LitStr::value)
}
