//! Turns what a trait says into what it means, and finds the mistakes on the way.
//!
//! A method with a mistake stays in the model without its request: the client still has it, so
//! that code elsewhere which uses it is not blamed.

mod address;
mod bindings;
mod constants;
mod roles;
mod signature;

use quote::format_ident;
use syn::{ImplItem, TraitItem, parse_quote};

use address::Address;

use crate::errors::{Errors, error_with_help};
use crate::model::{Client, Item, Method, Request};
use crate::parse::{ClientSyntax, HeaderSyntax, ItemSyntax, MethodSyntax, Verb};

/// Validates a trait.
pub(crate) fn client(syntax: ClientSyntax, errors: &mut Errors) -> Client {
    let ClientSyntax { arguments, mut head, items } = syntax;
    if let Some(token) = head.unsafety.take() {
        errors.push(error_with_help(
            token,
            "a client cannot keep promises: the trait is unsafe",
            "remove `unsafe`",
        ));
    }
    let base = arguments.base.filter(|base| errors.value(constants::base(base)).is_some());
    constants::headers(&arguments.headers, errors);
    let mut stand_ins = Vec::new();
    let items = items.into_iter().filter_map(|item| match item {
        ItemSyntax::Method(syntax) => {
            let method = method(syntax, &arguments.headers, errors);
            Some(Item::Method(Box::new(method)))
        }
        ItemSyntax::Other(item) => other(item, &mut stand_ins, errors),
    });
    Client {
        items: items.collect(),
        root: arguments.root.unwrap_or_else(|| parse_quote!(::httpkit)),
        name: arguments.client.unwrap_or_else(|| format_ident!("{}Client", head.ident)),
        head,
        base,
        stand_ins,
    }
}

/// Keeps an item that is no request, if the client can have it.
fn other(item: TraitItem, stand_ins: &mut Vec<ImplItem>, errors: &mut Errors) -> Option<Item> {
    let rule = "the client cannot supply this: only methods and items with defaults are allowed";
    match &item {
        TraitItem::Const(constant) if constant.default.is_none() => {
            let (ident, ty) = (&constant.ident, &constant.ty);
            errors.push(error_with_help(constant, rule, format_args!("give `{ident}` a value")));
            stand_ins.push(parse_quote!(const #ident: #ty = ::core::unreachable!();));
        }
        TraitItem::Type(associated) if associated.default.is_none() => {
            let ident = &associated.ident;
            errors.push(error_with_help(
                associated,
                rule,
                "name the type in the methods, or make it a parameter of the trait",
            ));
            stand_ins.push(parse_quote!(type #ident = ();));
        }
        TraitItem::Macro(invocation) => {
            errors.push(error_with_help(invocation, rule, "write out what the macro expands to"));
            return None;
        }
        _ => {}
    }
    Some(Item::Other(Box::new(item)))
}

fn method(syntax: MethodSyntax, trait_headers: &[HeaderSyntax], errors: &mut Errors) -> Method {
    let before = errors.count();
    let MethodSyntax { mut declaration, verb, headers, parameters } = syntax;
    if let (Verb::Given { attribute, .. }, Some(_)) = (&verb, &declaration.default) {
        let rule = "a method has a verb or a body, and this one has both";
        errors.push(error_with_help(attribute, rule, "remove the body, or the verb"));
    }
    constants::headers(&headers, errors);
    let address = Address::of(verb, &parameters, &declaration.sig, errors);
    let receiver = signature::check(&mut declaration.sig, errors);
    let bound = address.and_then(|address| {
        let mut bindings = bindings::bind(&address, parameters, errors)?;
        bindings.query.append(&mut bindings.roles.query);
        Some(Request {
            receiver: receiver?,
            verb: address.verb,
            template: address.literal.value(),
            parts: address.template.parts,
            headers: merge(trait_headers, &headers),
            url: bindings.roles.url,
            path: bindings.path,
            query: bindings.query,
            fields: bindings.roles.fields,
            content: bindings.roles.content,
            credentials: bindings.roles.credentials,
        })
    });
    let request = bound.filter(|_| errors.count() == before);
    Method { declaration, request }
}

/// Merges the trait's constant headers with the method's, which replace those of the same name.
fn merge(of_trait: &[HeaderSyntax], of_method: &[HeaderSyntax]) -> Vec<(String, String)> {
    let replaced = |header: &&HeaderSyntax| {
        let name = header.name.value();
        of_method.iter().any(|other| other.name.value().eq_ignore_ascii_case(&name))
    };
    let kept = of_trait.iter().filter(|header| !replaced(header));
    kept.chain(of_method).map(|header| (header.name.value(), header.value.value())).collect()
}
