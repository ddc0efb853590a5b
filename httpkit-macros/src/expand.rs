//! Prints the model as Rust: the trait, its client, and the builder of the client.
//!
//! Rules of this file and its children: one function for each thing that is printed, no judgement,
//! and no logic in what is printed; that lives in `httpkit::__private`. Every path is rooted, and
//! names of our own have mixed-site hygiene, so that no parameter can catch them.

/// `quote!` whose own names are out of reach for the user's.
macro_rules! hygienic {
    ($($tokens:tt)*) => {
        ::quote::quote_spanned!(::proc_macro2::Span::mixed_site()=> $($tokens)*)
    };
}

mod client;
mod method;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, TraitItem, TraitItemFn, parse_quote};

use crate::model::{Client, Item, Method, Request};

/// Prints the trait and its client.
pub(crate) fn client(client: &Client) -> TokenStream {
    let declaration = declaration(client);
    let structure = client::structure(client);
    let builder = client::builder(client);
    let endpoints = methods(client).filter_map(|method| method::endpoint(client, method));
    let inherent = client::inherent(client);
    let clone = client::clone(client);
    let debug = client::debug(client);
    let typed_client = client::typed_client(client);
    let implementation = client::implementation(client);
    hygienic! {
        #declaration
        #structure
        #builder
        const _: () = {
            #(#endpoints)*
            #inherent
            #clone
            #debug
            #typed_client
            #implementation
        };
    }
}

/// Returns the methods with a verb.
fn methods(client: &Client) -> impl Iterator<Item = &Method> {
    client.items.iter().filter_map(|item| match item {
        Item::Method(method) => Some(&**method),
        Item::Other(_) => None,
    })
}

/// Returns the attributes of these names.
fn attributes<'a>(all: &'a [Attribute], names: &[&str]) -> Vec<&'a Attribute> {
    let is_named = |attribute: &&Attribute| names.iter().any(|name| attribute.path().is_ident(name));
    all.iter().filter(is_named).collect()
}

/// An `Option` as an expression.
fn option(value: Option<impl ToTokens>) -> TokenStream {
    value.map_or_else(
        || hygienic!(::core::option::Option::None),
        |value| hygienic!(::core::option::Option::Some(#value)),
    )
}

/// The trait as the user wrote it, without the attributes of this crate.
fn declaration(client: &Client) -> TokenStream {
    let mut declaration = client.head.clone();
    let items = client.items.iter().map(|item| match item {
        Item::Method(method) => TraitItem::Fn(documented(method)),
        Item::Other(item) => (**item).clone(),
    });
    declaration.items = items.collect();
    declaration.into_token_stream()
}

/// A method of the trait; its documentation ends with its request line.
fn documented(method: &Method) -> TraitItemFn {
    let mut declaration = method.declaration.clone();
    if let Some(Request { verb, template, .. }) = &method.request {
        let line = format!("`{verb} {template}`");
        if !attributes(&declaration.attrs, &["doc"]).is_empty() {
            declaration.attrs.push(parse_quote!(#[doc = ""]));
        }
        declaration.attrs.push(parse_quote!(#[doc = #line]));
        // Requests fail alike: the client's documentation says how, once.
        declaration.attrs.push(parse_quote!(#[allow(clippy::missing_errors_doc)]));
    }
    declaration
}
