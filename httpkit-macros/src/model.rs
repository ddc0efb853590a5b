//! What a trait means, once it has been found free of mistakes: all that `expand` needs to know.

use proc_macro2::{Ident, Span};
use syn::{ImplItem, ItemTrait, LitStr, Path, Token, TraitItem, TraitItemFn};

use crate::template::PathExpansion;

/// A trait and the client to generate for it.
pub(crate) struct Client {
    /// Where httpkit is: `::httpkit` by default.
    pub(crate) root: Path,
    /// The trait without its items.
    pub(crate) head: ItemTrait,
    /// The name of the generated client.
    pub(crate) name: Ident,
    /// The base URL.
    pub(crate) base: Option<LitStr>,
    /// The items of the trait, in order.
    pub(crate) items: Vec<Item>,
    /// Items that keep the client's `impl` whole where the trait is faulty.
    pub(crate) stand_ins: Vec<ImplItem>,
}

/// An item of the trait.
pub(crate) enum Item {
    /// A method with a verb.
    Method(Box<Method>),
    /// What is left as it is.
    Other(Box<TraitItem>),
}

/// A method with a verb.
pub(crate) struct Method {
    /// The method as it stays in the trait.
    pub(crate) declaration: TraitItemFn,
    /// What it sends; nothing if the method has a mistake.
    pub(crate) request: Option<Request>,
}

/// What a method sends.
pub(crate) struct Request {
    /// The method's own `self`, whose hygiene the body needs.
    pub(crate) receiver: Token![self],
    /// The HTTP method.
    pub(crate) verb: String,
    /// The template as written.
    pub(crate) template: String,
    /// The literal text around the path variables, as on the wire.
    pub(crate) parts: Vec<String>,
    /// The constant headers: the trait's, then the method's.
    pub(crate) headers: Vec<(String, String)>,
    /// The URL, where it is given with the call.
    pub(crate) url: Option<Argument>,
    /// The path variables, in order.
    pub(crate) path: Vec<PathArgument>,
    /// The query behind the literal one, in order.
    pub(crate) query: Vec<QueryArgument>,
    /// The headers that parameters give.
    pub(crate) fields: Vec<HeaderArgument>,
    /// The content.
    pub(crate) content: Option<Content>,
    /// The credentials.
    pub(crate) credentials: Option<Credentials>,
}

/// A parameter, and where errors about its value point.
#[derive(Clone)]
pub(crate) struct Argument {
    /// The parameter.
    pub(crate) ident: Ident,
    /// The first token of its type.
    pub(crate) first: Span,
    /// The last token of its type.
    pub(crate) last: Span,
}

/// The value of a path variable.
pub(crate) struct PathArgument {
    pub(crate) name: String,
    pub(crate) expansion: PathExpansion,
    pub(crate) value: Argument,
}

/// A value in the query.
pub(crate) struct QueryArgument {
    pub(crate) kind: QueryKind,
    pub(crate) value: Argument,
}

/// How a value is written in the query.
pub(crate) enum QueryKind {
    /// `key=value`.
    Value(String),
    /// `key=value` for every value of a list.
    Exploded(String),
    /// The fields of a struct or map.
    Flattened,
    /// `key` alone, if the value is true.
    Flag(String),
}

/// The value of a header.
pub(crate) struct HeaderArgument {
    pub(crate) name: String,
    pub(crate) kind: HeaderKind,
    pub(crate) value: Argument,
}

/// Whether the value of a header may be shown.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum HeaderKind {
    /// It may.
    Open,
    /// It is kept out of logs and `Debug`, and never leaves for another origin.
    Secret,
}

/// The content of the request.
pub(crate) enum Content {
    /// One parameter is all of it.
    Whole(ContentKind, Argument),
    /// `multipart/form-data`: each parameter is a field, or several of one name.
    Parts(Vec<PartArgument>),
}

/// A field of a form with files.
pub(crate) struct PartArgument {
    pub(crate) name: String,
    pub(crate) value: Argument,
}

/// How content is written.
pub(crate) enum ContentKind {
    /// As JSON.
    Json,
    /// As `application/x-www-form-urlencoded`.
    Form,
    /// As it is, with this content type.
    Body(Option<String>),
}

/// The value of `Authorization`.
pub(crate) struct Credentials {
    pub(crate) scheme: Scheme,
    pub(crate) value: Argument,
}

/// The authentication scheme of credentials.
pub(crate) enum Scheme {
    /// RFC 6750.
    Bearer,
    /// RFC 7617.
    Basic,
}
