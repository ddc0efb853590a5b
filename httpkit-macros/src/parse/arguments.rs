//! The arguments of `#[http_client(…)]`.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Ident, LitStr, Path, Token, parenthesized};

use super::{HeaderSyntax, literal};
use crate::errors::{Errors, error, unknown};

/// The arguments of `#[http_client(…)]`.
#[derive(Default)]
pub(crate) struct Arguments {
    /// `base = "https://…"`.
    pub(crate) base: Option<LitStr>,
    /// `client = Name`.
    pub(crate) client: Option<Ident>,
    /// `crate = path`.
    pub(crate) root: Option<Path>,
    /// `headers("name" = "value", …)`.
    pub(crate) headers: Vec<HeaderSyntax>,
}

const NAMES: [&str; 4] = ["base", "client", "crate", "headers"];

impl Arguments {
    /// Parses the arguments; one that is faulty counts as not given.
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut arguments = Self::default();
        let mut seen = Vec::new();
        let parsed = Parser::parse2(
            |input: ParseStream| {
                while !input.is_empty() {
                    if errors.value(arguments.argument(input, &mut seen)).is_none() {
                        skip_to_comma(input)?;
                    }
                    if !input.is_empty() {
                        input.parse::<Token![,]>()?;
                    }
                }
                Ok(())
            },
            tokens,
        );
        errors.value(parsed);
        arguments
    }

    fn argument(&mut self, input: ParseStream, seen: &mut Vec<Ident>) -> syn::Result<()> {
        let key = input.call(Ident::parse_any)?;
        if seen.contains(&key) {
            return Err(error(&key, format_args!("`{key}` is given twice")));
        }
        match key.to_string().as_str() {
            "base" => {
                input.parse::<Token![=]>()?;
                self.base = Some(literal(input, "base URL")?);
            }
            "client" => {
                input.parse::<Token![=]>()?;
                self.client = Some(input.parse()?);
            }
            "crate" => {
                input.parse::<Token![=]>()?;
                self.root = Some(input.call(Path::parse_mod_style)?);
            }
            "headers" => self.headers = headers(input)?,
            name => {
                let rule = format!("unknown argument `{name}`");
                let usage = "the arguments are `base = \"https://…\"`, \
                             `headers(\"name\" = \"value\")`, `client = Name` and `crate = path`";
                return Err(unknown(&key, rule, name, &NAMES, usage));
            }
        }
        seen.push(key);
        Ok(())
    }
}

/// Parses `("name" = "value", …)`.
fn headers(input: ParseStream) -> syn::Result<Vec<HeaderSyntax>> {
    let content;
    parenthesized!(content in input);
    let headers = Punctuated::<HeaderSyntax, Token![,]>::parse_terminated(&content)?;
    Ok(headers.into_iter().collect())
}

fn skip_to_comma(input: ParseStream) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}
