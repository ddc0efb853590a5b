//! The attributes of methods: the verbs, and `#[headers(…)]`.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, LitStr, Meta, Path, Token, TraitItemFn};

use super::{HeaderSyntax, is_foreign, literal, name_of, roles};
use crate::errors::{Errors, error_with_help, nearest};

/// The verb of a method.
pub(crate) enum Verb {
    /// There is none.
    Missing,
    /// There is one, and a mistake in it has been reported.
    Faulty,
    /// `#[get("/…")]`.
    Given {
        /// The path of the attribute.
        attribute: Path,
        /// The HTTP method.
        method: LitStr,
        /// What follows it; nothing where a parameter is the URL.
        template: Option<LitStr>,
    },
}

/// The attributes of methods: the verbs, then the others.
const NAMES: [&str; 11] =
    ["get", "post", "put", "patch", "delete", "head", "options", "trace", "query", "http", "headers"];

/// The verbs as a message lists them.
pub(crate) const LIST: &str =
    "`get`, `post`, `put`, `patch`, `delete`, `head`, `options`, `trace`, `query`, and `http` for any other";

/// Takes the attributes of this crate off a method.
pub(crate) fn take(method: &mut TraitItemFn, errors: &mut Errors) -> (Verb, Vec<HeaderSyntax>) {
    let before = errors.count();
    let mut verb = None;
    let mut first = None;
    let mut headers = Vec::new();
    for attribute in std::mem::take(&mut method.attrs) {
        let name = name_of(&attribute);
        if name == "headers" {
            headers.extend(errors.value(self::headers(&attribute)).unwrap_or_default());
        } else if !NAMES.contains(&name.as_str()) {
            match mistake(&name, &attribute) {
                Some(error) => errors.push(error),
                None => method.attrs.push(attribute),
            }
        } else if let Some(first) = &first {
            let rule = format!("a method has one verb, and `#[{first}]` is already here");
            errors.push(error_with_help(&attribute, rule, "declare a method for each"));
        } else {
            verb = errors.value(self::verb(&name, &attribute));
            first = Some(name);
        }
    }
    let verb = match verb {
        Some(verb) => verb,
        None if errors.count() > before => Verb::Faulty,
        None => stranger(method, errors),
    };
    (verb, headers)
}

/// Judges an attribute that is none of this crate's on methods.
fn mistake(name: &str, attribute: &Attribute) -> Option<syn::Error> {
    if roles::NAMES.contains(&name) {
        let help = format!("`#[{name}] name: Type`");
        return Some(error_with_help(attribute, format!("`#[{name}]` belongs on a parameter"), help));
    }
    if name == "cfg_attr" && mentions_name(attribute) {
        let rule = "`#[cfg_attr]` cannot hold a verb or headers: it is read after `#[http_client]`";
        return Some(error_with_help(attribute, rule, "use `#[cfg]` on the whole method"));
    }
    let known = nearest(name, NAMES).filter(|_| !is_foreign(attribute))?;
    let help = format!("did you mean `{known}`?");
    Some(error_with_help(attribute.path(), format!("unknown attribute `{name}`"), help))
}

fn mentions_name(attribute: &Attribute) -> bool {
    let Meta::List(list) = &attribute.meta else {
        return false;
    };
    let mut tokens = list.tokens.clone().into_iter();
    tokens.any(|token| matches!(token, TokenTree::Ident(name) if NAMES.iter().any(|known| name == known)))
}

/// Judges a method without a verb: an attribute that nobody knows was meant as one.
fn stranger(method: &mut TraitItemFn, errors: &mut Errors) -> Verb {
    let found = method.attrs.iter().position(|attribute| !is_foreign(attribute));
    match found.filter(|_| method.default.is_none()) {
        Some(index) => {
            let attribute = method.attrs.remove(index);
            let rule = format!("`#[{}]` is no HTTP verb", name_of(&attribute));
            errors.push(error_with_help(attribute.path(), rule, format_args!("the verbs are {LIST}")));
            Verb::Faulty
        }
        None => Verb::Missing,
    }
}

/// Parses `#[get("/…")]` and `#[http("PURGE", "/…")]`, whose paths may be missing.
fn verb(name: &str, attribute: &Attribute) -> syn::Result<Verb> {
    let usage = match name {
        "http" => "`#[http(\"PURGE\", \"/…\")]`".to_owned(),
        _ => format!("`#[{name}(\"/…\")]`"),
    };
    let missing = || error_with_help(attribute, "a verb needs a path", &usage);
    let path = attribute.path();
    let bare = |method: LitStr| Verb::Given { attribute: path.clone(), method, template: None };
    let own = || LitStr::new(&name.to_ascii_uppercase(), path.span());
    let list = match &attribute.meta {
        Meta::List(list) if !list.tokens.is_empty() => list,
        Meta::Path(_) if name != "http" => return Ok(bare(own())),
        _ => return Err(missing()),
    };
    list.parse_args_with(|input: ParseStream| {
        let method = if name == "http" { literal(input, "method")? } else { own() };
        if name == "http" && input.is_empty() {
            return Ok(bare(method));
        }
        if name == "http" {
            input.parse::<Token![,]>()?;
        }
        let template = Some(literal(input, "path")?);
        input.parse::<Option<Token![,]>>()?;
        if !input.is_empty() {
            let rest = input.parse::<TokenStream>()?;
            return Err(error_with_help(rest, "a verb takes nothing behind its path", &usage));
        }
        Ok(Verb::Given { attribute: path.clone(), method, template })
    })
}

/// Parses `#[headers("name" = "value", …)]`.
fn headers(attribute: &Attribute) -> syn::Result<Vec<HeaderSyntax>> {
    let list = attribute.meta.require_list().map_err(|_| {
        error_with_help(attribute, "`#[headers]` needs pairs", "`#[headers(\"name\" = \"value\")]`")
    })?;
    let headers = list.parse_args_with(Punctuated::<HeaderSyntax, Token![,]>::parse_terminated)?;
    Ok(headers.into_iter().collect())
}
