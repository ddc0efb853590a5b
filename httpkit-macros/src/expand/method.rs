//! A method: its endpoint, and a body that hands every parameter to a call.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{FnArg, ReturnType, Signature};

use super::{attributes, option};
use crate::model::{
    Argument, Client, Content, ContentKind, Credentials, HeaderArgument, HeaderKind, Method,
    PathArgument, QueryArgument, QueryKind, Request, Scheme,
};
use crate::template::PathExpansion;

/// The name of a method's endpoint. It keeps the method's spelling, which is unique in the trait.
pub(super) fn endpoint_name(method: &Method) -> Ident {
    let name = method.declaration.sig.ident.unraw();
    format_ident!("ENDPOINT_{}", name, span = Span::mixed_site())
}

/// What is known of the request at compile time.
pub(super) fn endpoint(client: &Client, method: &Method) -> Option<TokenStream> {
    let Request {
        verb,
        template,
        parts,
        headers,
        ..
    } = method.request.as_ref()?;
    let root = &client.root;
    let cfg = attributes(&method.declaration.attrs, &["cfg"]);
    let endpoint = endpoint_name(method);
    let (service, name) = (client.head.ident.unraw(), &method.declaration.sig.ident);
    let name = format!("{service}::{}", name.unraw());
    let pairs = headers
        .iter()
        .map(|(name, value)| hygienic!((#name, #value)));
    let headers = (!headers.is_empty()).then(|| hygienic!(.headers(&[#(#pairs),*])));
    Some(hygienic! {
        #(#cfg)*
        static #endpoint: #root::__private::Endpoint =
            #root::__private::Endpoint::new(#name, #verb, #template, &[#(#parts),*]) #headers;
    })
}

/// The method in the `impl` of the trait.
pub(super) fn implementation(client: &Client, method: &Method) -> TokenStream {
    let attributes = attributes(&method.declaration.attrs, &["cfg", "allow"]);
    let mut signature = method.declaration.sig.clone();
    for input in &mut signature.inputs {
        if let FnArg::Typed(parameter) = input {
            parameter.attrs.clear();
        }
    }
    let request = method.request.as_ref();
    let body = request.map_or_else(
        || hygienic!(::core::unreachable!()),
        |request| body(client, method, request),
    );
    hygienic! {
        #(#attributes)*
        #signature {
            #body
        }
    }
}

/// Builds the call in wire order, then sends it.
fn body(client: &Client, method: &Method, request: &Request) -> TokenStream {
    let root = &client.root;
    let receiver = request.receiver;
    let endpoint = endpoint_name(method);
    let mut setters: Vec<TokenStream> = request.path.iter().map(path).collect();
    setters.extend(request.query.iter().map(query));
    setters.extend(request.credentials.iter().map(credentials));
    setters.extend(request.fields.iter().map(header));
    setters.extend(request.content.iter().map(content));
    let mutability = (!setters.is_empty()).then(|| hygienic!(mut));
    let finish = finish(client, &method.declaration.sig);
    hygienic! {
        let #mutability call = #root::__private::Call::new(&#receiver.service, &#endpoint);
        #(#setters)*
        #finish
    }
}

fn path(
    PathArgument {
        name,
        expansion,
        value,
    }: &PathArgument,
) -> TokenStream {
    let setter = match expansion {
        PathExpansion::Segment => "path",
        PathExpansion::Reserved => "path_reserved",
        PathExpansion::Segments => "path_segments",
    };
    set(setter, Some(name), value, &borrowed(value))
}

fn query(QueryArgument { kind, value }: &QueryArgument) -> TokenStream {
    match kind {
        QueryKind::Value(key) => set("query", Some(key), value, &borrowed(value)),
        QueryKind::Exploded(key) => set("query_exploded", Some(key), value, &borrowed(value)),
        QueryKind::Flattened => set("query_flatten", None, value, &borrowed(value)),
        QueryKind::Flag(key) => set("flag", Some(key), value, &moved(value)),
    }
}

fn credentials(Credentials { scheme, value }: &Credentials) -> TokenStream {
    match scheme {
        Scheme::Bearer => set("bearer", None, value, &borrowed(value)),
        Scheme::Basic => set("basic", None, value, &moved(value)),
    }
}

fn header(HeaderArgument { name, kind, value }: &HeaderArgument) -> TokenStream {
    let setter = match kind {
        HeaderKind::Open => "header",
        HeaderKind::Secret => "secret_header",
    };
    set(setter, Some(name), value, &borrowed(value))
}

fn content(Content { kind, value }: &Content) -> TokenStream {
    match kind {
        ContentKind::Json => set("json", None, value, &borrowed(value)),
        ContentKind::Form => set("form", None, value, &borrowed(value)),
        ContentKind::Body(content_type) => {
            let content_type = option(content_type.as_ref());
            let moved = moved(value);
            set("body", None, value, &hygienic!(#content_type, #moved))
        }
    }
}

/// One call of a setter, spanned so that what the value lacks is reported at its type.
fn set(setter: &str, name: Option<&str>, value: &Argument, passed: &TokenStream) -> TokenStream {
    let site = Span::mixed_site().located_at(value.first);
    let setter = Ident::new(setter, site);
    let name = name.into_iter();
    quote_spanned!(site=> call.#setter(#(#name,)* #passed);)
}

/// The parameter by reference, at the place of its type.
fn borrowed(value: &Argument) -> TokenStream {
    let parameter = moved(value);
    quote_spanned!(value.first=> &#parameter)
}

/// The parameter itself, at the place of its type.
fn moved(value: &Argument) -> TokenStream {
    let mut parameter = value.ident.clone();
    parameter.set_span(parameter.span().located_at(value.last));
    parameter.into_token_stream()
}

/// Sends the call and makes the return type of its response.
fn finish(client: &Client, signature: &Signature) -> TokenStream {
    let root = &client.root;
    let output = match &signature.output {
        ReturnType::Type(_, ty) => ty.to_token_stream(),
        ReturnType::Default => quote_spanned!(signature.ident.span()=> ()),
    };
    let site = Span::mixed_site().located_at(output.span());
    quote_spanned!(site=> <#output as #root::__private::Output>::finish(call))
}
