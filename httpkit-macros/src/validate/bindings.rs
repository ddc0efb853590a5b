//! Binds the parameters of a method: first by name to its template, then by their attributes.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Ident, LitStr, Pat};

use super::address::Address;
use super::roles::{Roles, text_or};
use crate::errors::{Errors, error_with_help, nearest};
use crate::model::{Argument, PathArgument, QueryArgument, QueryKind};
use crate::parse::{ParameterSyntax, Role, name_of};
use crate::template::Template;

/// What the parameters of a method are to its request.
pub(super) struct Bindings {
    /// The values of the path variables, in order.
    pub(super) path: Vec<PathArgument>,
    /// The values of the query variables, in order.
    pub(super) query: Vec<QueryArgument>,
    /// What attributes say.
    pub(super) roles: Roles,
}

/// Binds every parameter. Nothing comes back if one has no name, which is reported elsewhere.
pub(super) fn bind(
    address: &Address,
    parameters: Vec<ParameterSyntax>,
    errors: &mut Errors,
) -> Option<Bindings> {
    let Address { verb, literal, template, has_path } = address;
    let parameters = parameters.into_iter().map(Parameter::new).collect::<Option<Vec<_>>>()?;
    let names = parameters.iter().map(|parameter| parameter.name.clone()).collect();
    let keys = template.literal_keys.iter();
    let keys = keys.chain(template.query.iter().map(|variable| &variable.key));
    let mut binder = Binder {
        literal,
        template,
        has_path: *has_path,
        names,
        placed: HashMap::new(),
        unused: Vec::new(),
        roles: Roles::new(verb, keys.cloned()),
    };
    for parameter in parameters {
        binder.place(parameter, errors);
    }
    binder.report_missing(verb, errors);
    binder.report_unused(verb, errors);
    Some(binder.finish())
}

/// A parameter with a name.
struct Parameter {
    ident: Ident,
    name: String,
    syntax: ParameterSyntax,
}

impl Parameter {
    fn new(syntax: ParameterSyntax) -> Option<Self> {
        match &*syntax.parameter.pat {
            Pat::Ident(pattern) => {
                Some(Self { ident: pattern.ident.clone(), name: pattern.ident.unraw().to_string(), syntax })
            }
            _ => None,
        }
    }

    fn argument(&self) -> Argument {
        let tokens = self.syntax.parameter.ty.to_token_stream();
        let mut spans = tokens.into_iter().map(|token| token.span());
        let first = spans.next().unwrap_or_else(|| self.ident.span());
        Argument { ident: self.ident.clone(), first, last: spans.last().unwrap_or(first) }
    }
}

/// The state of binding one method.
struct Binder<'a> {
    literal: &'a LitStr,
    template: &'a Template,
    /// Whether the request has a path, which a query can be appended to.
    has_path: bool,
    /// The names of all parameters.
    names: Vec<String>,
    /// The parameters of the template, by the name that it has for them.
    placed: HashMap<String, Argument>,
    /// The parameters that nothing needs.
    unused: Vec<Parameter>,
    roles: Roles,
}

impl Binder<'_> {
    fn is_named(&self, parameter: &Parameter) -> bool {
        self.template.has_path(&parameter.name) || self.template.has_query(&parameter.name)
    }

    fn place(&mut self, mut parameter: Parameter, errors: &mut Errors) {
        let mut roles = std::mem::take(&mut parameter.syntax.roles).into_iter();
        let first = roles.next();
        if let (Some((first, _)), Some((second, _))) = (&first, roles.next()) {
            let found = format!("`#[{}]` and `#[{}]`", name_of(first), name_of(&second));
            errors.push(two_roles(&second, &parameter.name, &found));
        }
        match first {
            Some((attribute, role)) => self.place_role(&parameter, &attribute, role, errors),
            None if self.is_named(&parameter) => {
                self.placed.insert(parameter.name.clone(), parameter.argument());
            }
            None if parameter.syntax.faulty => {}
            None => self.unused.push(parameter),
        }
    }

    fn place_role(&mut self, parameter: &Parameter, attribute: &Attribute, role: Role, errors: &mut Errors) {
        let placeholder = match &role {
            Role::Path(name) => Some(text_or(name.as_ref(), &parameter.name)),
            Role::Query(key) => {
                Some(text_or(key.as_ref(), &parameter.name)).filter(|key| self.template.has_query(key))
            }
            _ => None,
        };
        match placeholder {
            Some(name) => self.place_named(&name, parameter, attribute, errors),
            None if self.is_named(parameter) => {
                let name = &parameter.name;
                let found = format!("`{{{name}}}` in the path, and `#[{}]`", name_of(attribute));
                errors.push(two_roles(attribute, name, &found));
                self.placed.insert(name.clone(), parameter.argument());
            }
            None => self.roles.add(role, attribute, &parameter.name, parameter.argument(), errors),
        }
    }

    /// Places a parameter whose attribute refers to the template.
    fn place_named(&mut self, name: &str, parameter: &Parameter, attribute: &Attribute, errors: &mut Errors) {
        let names = self.template.names();
        if names.contains(&name) {
            let first = self.placed.insert(name.to_owned(), parameter.argument());
            if first.is_some() {
                let rule = format!("placeholder `{{{name}}}` has two parameters");
                errors.push(error_with_help(attribute, rule, "remove one of them"));
            }
            return;
        }
        let rule = format!("the path `{}` has no `{{{name}}}`", self.literal.value());
        let meant = nearest(name, names);
        let help = match meant {
            Some(meant) => format!("did you mean `#[path(\"{meant}\")]`?"),
            None => format!("write `{{{name}}}` where the value belongs"),
        };
        errors.push(error_with_help(attribute, rule, help));
        if let Some(meant) = meant {
            self.placed.insert(meant.to_owned(), parameter.argument());
        }
    }

    /// Reports placeholders without a parameter, each together with the parameter that was meant.
    fn report_missing(&mut self, verb: &str, errors: &mut Errors) {
        let names = self.template.names().into_iter();
        let missing: Vec<&str> = names.filter(|name| !self.placed.contains_key(*name)).collect();
        // One placeholder and one parameter too many are one mistake, unless that is the content.
        let is_pair = missing.len() == 1 && self.unused.len() == 1 && !takes_content(verb);
        let mut probe = self.probe();
        for name in missing {
            let unused = self.unused.iter().map(|parameter| parameter.name.as_str());
            let all = self.names.iter().map(String::as_str);
            let near = nearest(name, unused).or_else(|| nearest(name, all));
            let meant = near.or_else(|| is_pair.then(|| self.unused[0].name.as_str()));
            let help = match meant {
                Some(meant) => format!("did you mean `{{{meant}}}`?"),
                None => {
                    format!("add a parameter `{name}: …`; literal braces are `{{{{` and `}}}}`")
                }
            };
            let rule = format!("placeholder `{{{name}}}` has no parameter");
            let error = error_with_help(self.literal, rule, help);
            // One probe shows every placeholder of its template; without a near name, rustc would
            // not say what to do.
            let probe = near.and_then(|_| probe.as_mut().map(std::mem::take));
            errors.push_with_probe(error, probe);
            let meant = meant.map(str::to_owned);
            self.unused.retain(|parameter| Some(&parameter.name) != meant.as_ref());
        }
    }

    /// Returns code in which rustc finds the placeholders without a parameter, if the template is
    /// a format string. The module keeps out whatever else is named like a placeholder.
    fn probe(&self) -> Option<TokenStream> {
        let is_plain = |name: &&str| syn::parse_str::<Ident>(name).is_ok();
        if !self.template.plain || !self.template.names().iter().all(is_plain) {
            return None;
        }
        let site = self.literal.span();
        let names = self.names.iter().map(String::as_str).filter(is_plain);
        let names = names.map(|name| Ident::new(name, site));
        let literal = self.literal;
        Some(quote! {
            const _: () = {
                #[allow(unused)]
                mod template {
                    fn check(#(#names: u8),*) {
                        let _ = ::core::format_args!(#literal);
                    }
                }
            };
        })
    }

    fn report_unused(&self, verb: &str, errors: &mut Errors) {
        for Parameter { name, syntax, .. } in &self.unused {
            let rule = format!("parameter `{name}` is not used by the request");
            let query = if self.template.has_any_query() { '&' } else { '?' };
            let place = if takes_content(verb) {
                "send it as the content with `#[json]`, `#[form]` or `#[body]`, or ".to_owned()
            } else if self.has_path {
                format!("append `{{{query}{name}}}` to the path, or ")
            } else {
                String::new()
            };
            let help = format!("{place}mark it `#[query]` or `#[header(\"…\")]`");
            errors.push(error_with_help(&syntax.parameter, rule, help));
        }
    }

    /// Puts the values in the order of the template. One that is missing has been reported.
    fn finish(self) -> Bindings {
        let value = |name: &String| self.placed.get(name).cloned();
        let path = self.template.path.iter().filter_map(|variable| {
            Some(PathArgument {
                name: variable.name.clone(),
                expansion: variable.expansion,
                value: value(&variable.name)?,
            })
        });
        let query = self.template.query.iter().filter_map(|variable| {
            let key = variable.key.clone();
            let kind = if variable.exploded { QueryKind::Exploded(key) } else { QueryKind::Value(key) };
            Some(QueryArgument { kind, value: value(&variable.name)? })
        });
        Bindings { path: path.collect(), query: query.collect(), roles: self.roles }
    }
}

/// Returns whether requests of this method usually have content. It decides nothing but the fix
/// that a message proposes.
fn takes_content(verb: &str) -> bool {
    matches!(verb, "POST" | "PUT" | "PATCH" | "QUERY")
}

fn two_roles(attribute: &Attribute, name: &str, found: &str) -> syn::Error {
    let rule = format!("parameter `{name}` has two roles: {found}");
    error_with_help(attribute, rule, "keep one of them")
}
