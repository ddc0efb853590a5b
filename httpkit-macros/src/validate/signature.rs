//! The rules for signatures. A signature that breaks one is mended, so that the trait stays whole.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::{FnArg, Pat, PatType, ReceiverKind, Safety, Signature, Token, parse_quote};

use crate::errors::{Errors, error_with_help};

/// Checks a signature, and returns its `self`.
pub(super) fn check(signature: &mut Signature, errors: &mut Errors) -> Option<Token![self]> {
    qualifiers(signature, errors);
    let receiver = receiver(signature, errors);
    parameters(signature, errors);
    if contains_impl(signature.output.to_token_stream()) {
        let rule = "the return type decides how a response is read, and `impl Trait` names no type";
        errors.push(error_with_help(&signature.output, rule, "name the type"));
        signature.output = parse_quote!(-> !);
    }
    receiver
}

fn qualifiers(signature: &mut Signature, errors: &mut Errors) {
    if let Some(token) = signature.asyncness.take() {
        let rule = "httpkit is blocking, and this method is `async`";
        errors.push(error_with_help(token, rule, "remove `async`"));
    }
    let rest = [
        signature.constness.take().map(ToTokens::into_token_stream),
        match std::mem::take(&mut signature.safety) {
            Safety::Default => None,
            other => Some(other.into_token_stream()),
        },
        signature.abi.take().map(ToTokens::into_token_stream),
        signature.variadic.take().map(ToTokens::into_token_stream),
    ];
    for tokens in rest.into_iter().flatten() {
        let rule = format!("a request cannot be `{tokens}`");
        errors.push(error_with_help(&tokens, rule, "remove this"));
    }
}

fn receiver(signature: &mut Signature, errors: &mut Errors) -> Option<Token![self]> {
    let rule = "a client is shared, so its methods take `&self`";
    if let Some(FnArg::Receiver(receiver)) = signature.inputs.first_mut() {
        if !matches!(receiver.kind, ReceiverKind::Reference(_, _, None)) {
            errors.push(error_with_help(&*receiver, rule, "`&self`"));
            *receiver = parse_quote!(&self);
        }
        return Some(receiver.self_token);
    }
    let help = format!("`fn {}(&self, …)`", signature.ident);
    errors.push(error_with_help(&signature.ident, rule, help));
    signature.inputs.insert(0, parse_quote!(&self));
    None
}

fn parameters(signature: &mut Signature, errors: &mut Errors) {
    for (index, input) in signature.inputs.iter_mut().enumerate() {
        if let FnArg::Typed(PatType { pat, .. }) = input
            && !is_name(pat)
        {
            let rule = "a parameter of a request is a name, and this is a pattern";
            errors.push(error_with_help(&*pat, rule, "`name: Type`"));
            let name = format_ident!("parameter_{index}");
            **pat = parse_quote!(#name);
        }
    }
}

/// Returns whether a pattern is a name and nothing else.
fn is_name(pattern: &Pat) -> bool {
    let Pat::Ident(name) = pattern else {
        return false;
    };
    name.by_ref.is_none() && name.mutability.is_none() && name.subpat.is_none()
}

fn contains_impl(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "impl",
        TokenTree::Group(group) => contains_impl(group.stream()),
        _ => false,
    })
}
