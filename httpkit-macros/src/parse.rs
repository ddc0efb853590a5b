//! Takes a trait apart: separates the attributes of this crate from everything else.
//!
//! Rule of this file and its children: they know how a thing is written, not whether it makes
//! sense beside other things.

mod arguments;
mod roles;
mod verbs;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, Expr, FnArg, Ident, Item, ItemTrait, LitStr, PatType, Token, TraitItem, TraitItemFn,
    Visibility,
};

pub(crate) use arguments::Arguments;
pub(crate) use roles::Role;
pub(crate) use verbs::Verb;

use crate::errors::{Errors, error, error_with_help, unknown};

/// A trait with its attributes of this crate taken out.
pub(crate) struct ClientSyntax {
    /// The arguments of `#[http_client(…)]`.
    pub(crate) arguments: Arguments,
    /// The trait without its items.
    pub(crate) head: ItemTrait,
    /// The items, in order.
    pub(crate) items: Vec<ItemSyntax>,
}

/// An item of the trait.
pub(crate) enum ItemSyntax {
    /// A method with a verb, or without both verb and body.
    Method(MethodSyntax),
    /// Anything else.
    Other(TraitItem),
}

/// A method with its attributes of this crate taken out.
pub(crate) struct MethodSyntax {
    /// What is left of the method.
    pub(crate) declaration: TraitItemFn,
    /// The verb and its template.
    pub(crate) verb: Verb,
    /// The pairs of `#[headers(…)]`.
    pub(crate) headers: Vec<HeaderSyntax>,
    /// The parameters but `self`, in order.
    pub(crate) parameters: Vec<ParameterSyntax>,
}

/// `"name" = "value"`.
pub(crate) struct HeaderSyntax {
    pub(crate) name: LitStr,
    pub(crate) value: LitStr,
}

impl Parse for HeaderSyntax {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let name = literal(input, "name of a header")?;
        if !input.peek(Token![=]) {
            let rule = format!("constant header `{}` has no value", name.value());
            return Err(error_with_help(name, rule, "`\"name\" = \"value\"`"));
        }
        input.parse::<Token![=]>()?;
        let value = literal(input, "value of a constant header")?;
        Ok(Self { name, value })
    }
}

/// Parses a string literal; a constant cannot be checked, since a macro sees only its name.
fn literal(input: ParseStream, what: &str) -> syn::Result<LitStr> {
    if input.peek(LitStr) {
        return input.parse();
    }
    let found: Expr = input.parse()?;
    Err(error(found, format_args!("the {what} is a string literal, so that it can be checked")))
}

/// A parameter and the attributes of this crate on it.
pub(crate) struct ParameterSyntax {
    /// The parameter without these attributes.
    pub(crate) parameter: PatType,
    /// The roles, each with its attribute.
    pub(crate) roles: Vec<(Attribute, Role)>,
    /// Whether an attribute was faulty, so that the missing role is no mistake of its own.
    pub(crate) faulty: bool,
}

/// Parses the item that the attribute stands on.
pub(crate) fn item(tokens: TokenStream) -> syn::Result<ItemTrait> {
    match syn::parse2(tokens)? {
        Item::Trait(item) => Ok(item),
        other => Err(error_with_help(
            head(&other),
            "`#[http_client]` stands on a trait, and this is none",
            "a trait whose methods are requests: `trait Api { #[get(\"/\")] fn root(&self) -> …; }`",
        )),
    }
}

/// Returns the tokens of an item between its attributes and its body, for an error to point at.
fn head(item: &Item) -> TokenStream {
    let is_group = |token: &TokenTree, delimiter| matches!(token, TokenTree::Group(group) if group.delimiter() == delimiter);
    let is_attribute = |token: &TokenTree| {
        matches!(token, TokenTree::Punct(hash) if hash.as_char() == '#')
            || is_group(token, Delimiter::Bracket)
    };
    let tokens = item.to_token_stream().into_iter().skip_while(is_attribute);
    tokens.take_while(|token| !is_group(token, Delimiter::Brace)).collect()
}

/// Takes the attributes of this crate out of a trait.
pub(crate) fn client(arguments: TokenStream, mut head: ItemTrait, errors: &mut Errors) -> ClientSyntax {
    let arguments = Arguments::parse(arguments, errors);
    let items = std::mem::take(&mut head.items);
    let items = items.into_iter().map(|item| match item {
        TraitItem::Fn(item) => method(item, errors),
        TraitItem::Verbatim(tokens) => match syn::parse2::<PublicMethod>(tokens.clone()) {
            Ok(PublicMethod { visibility, item }) => {
                errors.push(error_with_help(
                    visibility,
                    "a method is as visible as its trait",
                    "remove this",
                ));
                method(item, errors)
            }
            Err(_) => ItemSyntax::Other(TraitItem::Verbatim(tokens)),
        },
        other => ItemSyntax::Other(other),
    });
    let items = items.collect();
    ClientSyntax { arguments, head, items }
}

/// A method with a visibility, which no trait allows.
struct PublicMethod {
    visibility: Visibility,
    item: TraitItemFn,
}

impl Parse for PublicMethod {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let mut item: TraitItemFn = input.parse()?;
        item.attrs = attributes;
        Ok(Self { visibility, item })
    }
}

fn method(mut declaration: TraitItemFn, errors: &mut Errors) -> ItemSyntax {
    let (verb, headers) = verbs::take(&mut declaration, errors);
    if matches!(verb, Verb::Missing) && declaration.default.is_some() {
        return ItemSyntax::Other(TraitItem::Fn(declaration));
    }
    let inputs = declaration.sig.inputs.iter_mut();
    let typed = inputs.filter_map(|input| match input {
        FnArg::Typed(parameter) => Some(parameter),
        FnArg::Receiver(_) => None,
    });
    let parameters = typed.map(|parameter| self::parameter(parameter, errors)).collect();
    ItemSyntax::Method(MethodSyntax { declaration, verb, headers, parameters })
}

fn parameter(parameter: &mut PatType, errors: &mut Errors) -> ParameterSyntax {
    let before = errors.count();
    let mut roles = Vec::new();
    for attribute in std::mem::take(&mut parameter.attrs) {
        let name = name_of(&attribute);
        if roles::NAMES.contains(&name.as_str()) {
            if let Some(role) = errors.value(roles::role(&name, &attribute)) {
                roles.push((attribute, role));
            }
        } else if name == "cfg" || name == "cfg_attr" {
            errors.push(error(&attribute, format_args!("put `#[{name}]` on the whole method")));
        } else if is_foreign(&attribute) {
            parameter.attrs.push(attribute);
        } else {
            let rule = format!("unknown attribute `{name}` on a parameter");
            let usage = format!("parameters take {}", roles::LIST);
            errors.push(unknown(attribute.path(), rule, &name, &roles::NAMES, usage));
        }
    }
    ParameterSyntax { parameter: parameter.clone(), roles, faulty: errors.count() > before }
}

/// Returns the name of an attribute, empty for a path.
pub(crate) fn name_of(attribute: &Attribute) -> String {
    let name = attribute.path().get_ident();
    name.map(Ident::to_string).unwrap_or_default()
}

/// Returns whether an attribute is rustc's or a tool's.
fn is_foreign(attribute: &Attribute) -> bool {
    #[rustfmt::skip] // A list, not a column.
    const BUILT_IN: [&str; 15] = [
        "allow", "cfg", "cfg_attr", "cold", "deny", "deprecated", "doc", "expect", "forbid",
        "inline", "must_use", "no_mangle", "target_feature", "track_caller", "warn",
    ];
    let name = attribute.path().get_ident();
    name.is_none_or(|name| BUILT_IN.iter().any(|known| name == known))
}
