//! The client, its constructors, and its traits.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::ext::IdentExt;
use syn::{GenericParam, Generics};

use super::{attributes, method, methods, option};
use crate::model::{Client, Item};

/// The struct.
pub(super) fn structure(client: &Client) -> TokenStream {
    let Client { root, head, name, .. } = client;
    let (vis, trait_name) = (&head.vis, head.ident.unraw());
    let allow = attributes(&head.attrs, &["allow"]);
    let generics = Generics { where_clause: None, ..head.generics.clone() };
    let types = phantom(&head.generics).map(|ty| hygienic!(types: #ty,));
    let docs = [
        format!("The client that [`{trait_name}`] describes."),
        String::new(),
        "Its methods send a request, wait for the response and decode it. They fail if the request \
         cannot be built or sent, if its response has a status that is no success, or if that \
         cannot be decoded. Clones share everything."
            .to_owned(),
    ];
    // At the name of the trait, where a second type of the client's name is reported.
    let site = Span::mixed_site().located_at(head.ident.span());
    quote_spanned! {site=>
        #(#[doc = #docs])*
        #(#allow)*
        #vis struct #name #generics {
            service: #root::__private::Service,
            #types
        }
    }
}

/// What stands for parameters of the trait in the struct; it keeps the client `Send` and `Sync`.
fn phantom(generics: &Generics) -> Option<TokenStream> {
    let types = generics.params.iter().filter_map(|parameter| match parameter {
        GenericParam::Lifetime(lifetime) => {
            let lifetime = &lifetime.lifetime;
            Some(hygienic!(::core::marker::PhantomData<&#lifetime ()>))
        }
        GenericParam::Type(ty) => {
            let ty = &ty.ident;
            Some(hygienic!(::core::marker::PhantomData<#ty>))
        }
        GenericParam::Const(_) => None,
    });
    let types: Vec<_> = types.collect();
    let phantom = hygienic!(::core::marker::PhantomData<fn() -> (#(#types,)*)>);
    (!types.is_empty()).then_some(phantom)
}

/// The value of the struct around a service.
fn value(client: &Client, service: &TokenStream) -> TokenStream {
    let types = phantom(&client.head.generics);
    let types = types.map(|_| hygienic!(types: ::core::marker::PhantomData,));
    hygienic!(Self { service: #service, #types })
}

/// The name of the builder.
pub(super) fn builder(client: &Client) -> TokenStream {
    let Client { root, head, name, .. } = client;
    let vis = &head.vis;
    let builder = format_ident!("{name}Builder");
    let parameters = bare(&head.generics);
    let (_, arguments, _) = head.generics.split_for_impl();
    let docs = format!("The builder of [`{}`].", name.unraw());
    hygienic! {
        #[doc = #docs]
        #vis type #builder #parameters = #root::__private::ClientBuilder<#name #arguments>;
    }
}

/// Generic parameters without the bounds, which an alias cannot enforce.
fn bare(generics: &Generics) -> Generics {
    let mut generics = Generics { where_clause: None, ..generics.clone() };
    for parameter in &mut generics.params {
        match parameter {
            GenericParam::Lifetime(lifetime) => {
                lifetime.colon_token = None;
                lifetime.bounds.clear();
            }
            GenericParam::Type(ty) => {
                ty.colon_token = None;
                ty.bounds.clear();
            }
            GenericParam::Const(_) => {}
        }
    }
    generics
}

/// The associated functions: none takes `self`, so none can hide a method of the trait.
pub(super) fn inherent(client: &Client) -> TokenStream {
    let Client { root, head, name, .. } = client;
    let vis = &head.vis;
    let (parameters, arguments, bounds) = head.generics.split_for_impl();
    let endpoints = methods(client).filter(|method| method.request.is_some()).map(|method| {
        let cfg = attributes(&method.declaration.attrs, &["cfg"]);
        let endpoint = method::endpoint_name(method);
        hygienic!(#(#cfg)* &#endpoint)
    });
    let service = hygienic! {
        #root::__private::Service::new(client, <Self as #root::__private::TypedClient>::BASE)
    };
    let value = value(client, &service);
    hygienic! {
        impl #parameters #name #arguments #bounds {
            /// What every method sends, in the order of the trait.
            #vis const ENDPOINTS: &'static [&'static #root::__private::Endpoint] = &[#(#endpoints),*];

            /// Returns a client that sends through `client`.
            #[must_use]
            #vis fn new(client: #root::Client) -> Self {
                #value
            }

            /// Returns a builder, which knows the base URL if the trait does.
            #[must_use]
            #vis fn builder() -> #root::__private::ClientBuilder<Self> {
                #root::__private::ClientBuilder::new()
            }
        }
    }
}

/// `Clone`, whatever the parameters of the trait are.
pub(super) fn clone(client: &Client) -> TokenStream {
    let service = hygienic! {
        ::core::clone::Clone::clone(&self.service)
    };
    let value = value(client, &service);
    let body = hygienic! {
        fn clone(&self) -> Self {
            #value
        }
    };
    implement(client, &hygienic!(::core::clone::Clone), &body)
}

/// `Debug`, whatever the parameters of the trait are.
pub(super) fn debug(client: &Client) -> TokenStream {
    let name = client.name.unraw().to_string();
    let body = hygienic! {
        fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            formatter.debug_struct(#name).field("service", &self.service).finish()
        }
    };
    implement(client, &hygienic!(::core::fmt::Debug), &body)
}

/// What the builder needs to know.
pub(super) fn typed_client(client: &Client) -> TokenStream {
    let Client { root, head, base, .. } = client;
    let service = head.ident.unraw().to_string();
    let base = option(base.as_ref());
    let value = value(client, &hygienic!(service));
    let body = hygienic! {
        const BASE: ::core::option::Option<&'static str> = #base;
        const SERVICE: &'static str = #service;
        // The inherent constant, which takes precedence.
        const ENDPOINTS: &'static [&'static #root::__private::Endpoint] = Self::ENDPOINTS;

        fn from_service(service: #root::__private::Service) -> Self {
            #value
        }
    };
    implement(client, &hygienic!(#root::__private::TypedClient), &body)
}

/// The trait itself.
pub(super) fn implementation(client: &Client) -> TokenStream {
    let items = client.items.iter().filter_map(|item| match item {
        Item::Method(method) => Some(method::implementation(client, method)),
        Item::Other(_) => None,
    });
    let stand_ins = &client.stand_ins;
    let body = hygienic!(#(#stand_ins)* #(#items)*);
    let name = &client.head.ident;
    let (_, arguments, _) = client.head.generics.split_for_impl();
    let of = hygienic!(#name #arguments);
    let implementation = implement(client, &of, &body);
    let allow = attributes(&client.head.attrs, &["allow"]);
    // A deprecated trait warns those who use it, and this `impl` is not one of them.
    let deprecated = attributes(&client.head.attrs, &["deprecated"]);
    let deprecated = deprecated.first().map(|_| hygienic!(#[allow(deprecated)]));
    hygienic!(#(#allow)* #deprecated #implementation)
}

/// `impl … for` the client.
fn implement(client: &Client, of: &TokenStream, body: &TokenStream) -> TokenStream {
    let name = &client.name;
    let (parameters, arguments, bounds) = client.head.generics.split_for_impl();
    hygienic! {
        #[automatically_derived]
        impl #parameters #of for #name #arguments #bounds {
            #body
        }
    }
}
