//! The attributes of parameters: `#[query]`, `#[json]` and so on.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Ident, LitStr, Meta, Token};

use crate::errors::{error_with_help, unknown};
use crate::model::HeaderKind;

/// What a parameter is to the request.
pub(crate) enum Role {
    /// `#[path]`: a placeholder of another name.
    Path(Option<LitStr>),
    /// `#[query]`: a key of the query.
    Query(Option<LitStr>),
    /// `#[query(flatten)]`: the keys of a struct or map.
    Flatten,
    /// `#[flag]`: a key without a value.
    Flag(Option<LitStr>),
    /// `#[header("name")]`, `#[header("name", secret)]`.
    Header { name: LitStr, kind: HeaderKind },
    /// `#[json]`.
    Json,
    /// `#[form]`.
    Form,
    /// `#[body]`, `#[body("content/type")]`.
    Body(Option<LitStr>),
    /// `#[part]`: a field of a form with files.
    Part(Option<LitStr>),
    /// `#[bearer]`.
    Bearer,
    /// `#[basic]`.
    Basic,
    /// `#[url]`.
    Url,
}

/// The names of the attributes.
pub(crate) const NAMES: [&str; 11] =
    ["path", "query", "flag", "header", "json", "form", "body", "part", "bearer", "basic", "url"];

/// The attributes as a message lists them.
pub(crate) const LIST: &str = "`#[path]`, `#[query]`, `#[flag]`, `#[header(\"name\")]`, \
                               `#[json]`, `#[form]`, `#[body]`, `#[part]`, `#[bearer]`, `#[basic]` and `#[url]`";

/// Returns how an attribute is written.
fn usage(name: &str) -> String {
    match name {
        "query" => "`#[query]`, `#[query(\"key\")]` or `#[query(flatten)]`".into(),
        "header" => "`#[header(\"name\")]` or `#[header(\"name\", secret)]`".into(),
        "body" => "`#[body]` or `#[body(\"content/type\")]`".into(),
        "path" | "flag" | "part" => format!("`#[{name}]` or `#[{name}(\"name\")]`"),
        _ => format!("`#[{name}]`"),
    }
}

/// Returns the options of an attribute.
fn options(name: &str) -> &'static [&'static str] {
    match name {
        "query" => &["flatten"],
        "header" => &["secret"],
        _ => &[],
    }
}

/// Parses the attribute `name`, one of [`NAMES`].
pub(crate) fn role(name: &str, attribute: &Attribute) -> syn::Result<Role> {
    let mut words = Words::parse(name, attribute)?;
    let role = match name {
        "path" => Role::Path(words.literal.take()),
        "query" if words.option.is_some() => Role::Flatten,
        "query" => Role::Query(words.literal.take()),
        "flag" => Role::Flag(words.literal.take()),
        "header" => Role::Header {
            name: words.literal.take().ok_or_else(|| {
                let rule = "a header needs a name: that of a parameter says little about it";
                error_with_help(attribute, rule, usage(name))
            })?,
            kind: if words.option.is_some() { HeaderKind::Secret } else { HeaderKind::Open },
        },
        "json" => Role::Json,
        "form" => Role::Form,
        "body" => Role::Body(words.literal.take()),
        "part" => Role::Part(words.literal.take()),
        "bearer" => Role::Bearer,
        "url" => Role::Url,
        _ => Role::Basic,
    };
    match words.literal {
        Some(literal) => Err(unexpected(name, &literal)),
        None => Ok(role),
    }
}

/// What stands in the parentheses: a name, an option.
#[derive(Default)]
struct Words {
    literal: Option<LitStr>,
    option: Option<Ident>,
}

impl Words {
    fn parse(name: &str, attribute: &Attribute) -> syn::Result<Self> {
        match &attribute.meta {
            Meta::Path(_) => Ok(Self::default()),
            Meta::List(list) => list.parse_args_with(|input: ParseStream| {
                let mut words = Self::default();
                while !input.is_empty() {
                    words.word(name, input)?;
                    if !input.is_empty() {
                        input.parse::<Token![,]>()?;
                    }
                }
                Ok(words)
            }),
            Meta::NameValue(_) => Err(unexpected(name, attribute)),
        }
    }

    fn word(&mut self, name: &str, input: ParseStream) -> syn::Result<()> {
        if input.peek(LitStr) && self.literal.is_none() {
            self.literal = Some(input.parse()?);
        } else if input.peek(Ident::peek_any) {
            let option = input.call(Ident::parse_any)?;
            let text = option.to_string();
            if !options(name).contains(&text.as_str()) || input.peek(Token![=]) {
                let rule = format!("unknown option `{text}` of `#[{name}]`");
                return Err(unknown(&option, rule, &text, options(name), usage(name)));
            }
            self.option = Some(option);
        } else {
            return Err(unexpected(name, input.parse::<TokenStream>()?));
        }
        Ok(())
    }
}

fn unexpected(name: &str, found: impl ToTokens) -> syn::Error {
    let found = found.into_token_stream();
    let rule = format!("`#[{name}]` does not take `{found}`");
    error_with_help(found, rule, usage(name))
}
