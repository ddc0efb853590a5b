//! A method: its endpoint, and a body that hands every parameter to a call.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{FnArg, Path, ReturnType, Signature};

use super::{attributes, option};
use crate::model::{
    Argument, Client, Content, ContentKind, Credentials, HeaderArgument, HeaderKind, Method, PartArgument,
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
    let Request { verb, template, parts, headers, .. } = method.request.as_ref()?;
    let root = &client.root;
    let cfg = attributes(&method.declaration.attrs, &["cfg"]);
    let endpoint = endpoint_name(method);
    let (service, name) = (client.head.ident.unraw(), &method.declaration.sig.ident);
    let name = format!("{service}::{}", name.unraw());
    let pairs = headers.iter().map(|(name, value)| hygienic!((#name, #value)));
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
    let body =
        request.map_or_else(|| hygienic!(::core::unreachable!()), |request| body(client, method, request));
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
    let mut setters: Vec<Setter> = request.url.iter().map(url).collect();
    setters.extend(request.path.iter().map(path));
    setters.extend(request.query.iter().map(query));
    setters.extend(request.credentials.iter().map(credentials));
    setters.extend(request.fields.iter().map(header));
    let mut parts = None;
    match &request.content {
        Some(Content::Whole(kind, value)) => setters.push(content(kind, value)),
        Some(Content::Parts(fields)) => parts = Some(self::parts(root, fields)),
        None => {}
    }
    let setters: Vec<TokenStream> = setters.iter().map(|setter| set(root, setter, "call")).collect();
    let mutability = (!setters.is_empty() || parts.is_some()).then(|| hygienic!(mut));
    let finish = finish(client, request, &method.declaration.sig);
    hygienic! {
        let #mutability call = #root::__private::Call::new(&#receiver.service, &#endpoint);
        #(#setters)*
        #parts
        #finish
    }
}

/// How a parameter puts itself into the call: a method of the trait for its place.
struct Setter<'a> {
    place: &'static str,
    method: &'static str,
    /// The name or content type, as an expression.
    name: Option<TokenStream>,
    value: &'a Argument,
    /// The value as it is passed.
    passed: TokenStream,
}

impl<'a> Setter<'a> {
    /// Passes the parameter by reference.
    fn new(place: &'static str, method: &'static str, name: Option<&String>, value: &'a Argument) -> Self {
        let parameter = moved(value);
        Setter {
            place,
            method,
            name: name.map(ToTokens::to_token_stream),
            value,
            passed: quote_spanned!(value.first=> &#parameter),
        }
    }
}

fn url(value: &Argument) -> Setter<'_> {
    Setter { passed: moved(value), ..Setter::new("UrlParameter", "url", None, value) }
}

fn path(PathArgument { name, expansion, value }: &PathArgument) -> Setter<'_> {
    match expansion {
        PathExpansion::Segment => Setter::new("PathParameter", "segment", Some(name), value),
        PathExpansion::Reserved => Setter::new("PathParameter", "reserved", Some(name), value),
        PathExpansion::Key => Setter::new("PathParameter", "key", Some(name), value),
        PathExpansion::Optional => Setter::new("QueryParameter", "segment", Some(name), value),
        PathExpansion::Segments => Setter::new("QueryParameter", "segments", Some(name), value),
    }
}

fn query(QueryArgument { kind, value }: &QueryArgument) -> Setter<'_> {
    match kind {
        QueryKind::Value(key) => Setter::new("QueryParameter", "query", Some(key), value),
        QueryKind::Exploded(key) => Setter::new("QueryParameter", "query_exploded", Some(key), value),
        QueryKind::Flattened => Setter::new("QueryParameter", "query_flattened", None, value),
        QueryKind::Flag(key) => Setter::new("FlagParameter", "flag", Some(key), value),
    }
}

fn credentials(Credentials { scheme, value }: &Credentials) -> Setter<'_> {
    match scheme {
        Scheme::Bearer => Setter::new("HeaderParameter", "bearer", None, value),
        Scheme::Basic => Setter::new("BasicParameter", "basic", None, value),
    }
}

fn header(HeaderArgument { name, kind, value }: &HeaderArgument) -> Setter<'_> {
    let method = match kind {
        HeaderKind::Open => "header",
        HeaderKind::Secret => "secret_header",
    };
    Setter::new("HeaderParameter", method, Some(name), value)
}

fn content<'a>(kind: &'a ContentKind, value: &'a Argument) -> Setter<'a> {
    match kind {
        ContentKind::Json => Setter::new("JsonParameter", "json", None, value),
        ContentKind::Form => Setter::new("FormParameter", "form", None, value),
        ContentKind::Body(content_type) => Setter {
            name: Some(option(content_type.as_ref())),
            passed: moved(value),
            ..Setter::new("BodyParameter", "body", None, value)
        },
    }
}

/// Collects the fields of a form with files, and makes them the content.
fn parts(root: &Path, parts: &[PartArgument]) -> TokenStream {
    let setters = parts.iter().map(|PartArgument { name, value }| {
        let setter =
            Setter { passed: moved(value), ..Setter::new("PartParameter", "part", Some(name), value) };
        set(root, &setter, "form")
    });
    hygienic! {
        let mut form = #root::__private::FormParts::new();
        #(#setters)*
        form.put(&mut call);
    }
}

/// Prints a setter, spanned so that what the value lacks is reported at its type. It writes to `target`.
fn set(root: &Path, setter: &Setter<'_>, target: &'static str) -> TokenStream {
    let Setter { place, method, name, value, passed } = setter;
    let site = Span::mixed_site().located_at(value.first);
    let [place, method, target] = [*place, *method, target].map(|name| Ident::new(name, site));
    let (root, name) = (located(root, site), name.iter());
    quote_spanned!(site=> #root::__private::#place::#method(#passed, #(#name,)* &mut #target);)
}

/// The path to httpkit, at this place.
fn located(root: &Path, site: Span) -> TokenStream {
    let place = |mut token: TokenTree| {
        token.set_span(token.span().located_at(site));
        token
    };
    root.to_token_stream().into_iter().map(place).collect()
}

/// The parameter itself, at the place of its type.
fn moved(value: &Argument) -> TokenStream {
    let mut parameter = value.ident.clone();
    parameter.set_span(parameter.span().located_at(value.last));
    parameter.into_token_stream()
}

/// Sends the call and makes the return type of its response, which has no content if that of a HEAD.
fn finish(client: &Client, request: &Request, signature: &Signature) -> TokenStream {
    let root = &client.root;
    let output = match &signature.output {
        ReturnType::Type(_, ty) => ty.to_token_stream(),
        ReturnType::Default => quote_spanned!(signature.ident.span()=> ()),
    };
    let site = Span::mixed_site().located_at(output.span());
    let root = located(root, site);
    let place = Ident::new(if request.verb == "HEAD" { "HeadOutput" } else { "Output" }, site);
    quote_spanned!(site=> <#output as #root::__private::#place>::finish(call))
}
