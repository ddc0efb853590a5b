//! The rules for verbs, and for what they are sent to: a path, or a URL that a parameter gives.

use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, LitStr, Pat, Path, Signature};

use super::constants;
use crate::errors::{Errors, error, error_with_help};
use crate::parse::{ParameterSyntax, Role, Verb};
use crate::template::Template;

/// The verb of a method, and its template.
pub(super) struct Address {
    /// The HTTP method.
    pub(super) verb: String,
    /// The template as written, for errors to point at; `{+url}` where a parameter is the URL.
    pub(super) literal: LitStr,
    /// What the literal says.
    pub(super) template: Template,
    /// Whether the method has a path.
    pub(super) has_path: bool,
}

impl Address {
    /// Checks the verb and its template.
    pub(super) fn of(
        verb: Verb,
        parameters: &[ParameterSyntax],
        signature: &Signature,
        errors: &mut Errors,
    ) -> Option<Self> {
        match verb {
            Verb::Faulty => None,
            Verb::Missing => {
                let rule = format!("method `{}` has no HTTP verb", signature.ident);
                let help = "add one, such as `#[get(\"/…\")]`, or give the method a body";
                errors.push(error_with_help(signature, rule, help));
                None
            }
            Verb::Given { attribute, method, template } => {
                let verb = errors.value(constants::method(&method));
                let target = match template {
                    Some(literal) => path(literal, parameters, errors),
                    None => url(&attribute, &method, parameters, errors),
                };
                let (verb, (literal, template)) = verb.zip(target)?;
                let has_path = !template.parts[0].is_empty() || !template.path.is_empty();
                Some(Self { verb, literal, template, has_path })
            }
        }
    }
}

/// Checks a path. The URL that a parameter gives would be a second target.
fn path(literal: LitStr, parameters: &[ParameterSyntax], errors: &mut Errors) -> Option<(LitStr, Template)> {
    let parsed = Template::parse(&literal.value()).map_err(|message| error(&literal, message));
    if let Some((_, attribute)) = parameters.iter().find_map(url_of) {
        let rule = format!("the verb has the path `{}`, and `#[url]` is a whole URL", literal.value());
        errors.push(error_with_help(attribute, rule, "remove the path, or this parameter"));
    }
    errors.value(parsed).map(|template| (literal, template))
}

/// Finds the parameter that is the URL of a verb without a path.
fn url(
    attribute: &Path,
    method: &LitStr,
    parameters: &[ParameterSyntax],
    errors: &mut Errors,
) -> Option<(LitStr, Template)> {
    if let Some((name, _)) = parameters.iter().find_map(url_of) {
        let literal = LitStr::new(&format!("{{+{name}}}"), attribute.span());
        return Some((literal, Template::of_url()));
    }
    if !parameters.iter().any(|parameter| parameter.faulty) {
        let usage = match attribute.get_ident() {
            Some(name) if name != "http" => format!("`#[{name}(\"/…\")]`"),
            _ => format!("`#[http(\"{}\", \"/…\")]`", method.value()),
        };
        let help = format!("{usage}, or give a parameter `#[url]`");
        errors.push(error_with_help(attribute, "a verb needs a path", help));
    }
    None
}

/// Returns name and attribute of a parameter that is the URL.
fn url_of(parameter: &ParameterSyntax) -> Option<(String, &Attribute)> {
    let Pat::Ident(pattern) = &*parameter.parameter.pat else { return None };
    let (attribute, _) = parameter.roles.iter().find(|(_, role)| matches!(role, Role::Url))?;
    Some((pattern.ident.unraw().to_string(), attribute))
}
