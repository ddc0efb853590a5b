//! Mistakes: collected while the trait is read, reported all at once in source order.
//!
//! A message has up to two lines: the rule with what was found, and the fix.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// Every mistake of one trait.
#[derive(Default)]
pub(crate) struct Errors {
    mistakes: Vec<Mistake>,
}

/// One mistake, and the code by which rustc can show it better than a macro can.
struct Mistake {
    error: syn::Error,
    probe: Option<TokenStream>,
}

impl Errors {
    /// Adds a mistake.
    pub(crate) fn push(&mut self, error: syn::Error) {
        self.push_with_probe(error, None);
    }

    /// Adds a mistake for which `probe` is code that rustc refuses with a message of its own,
    /// which points inside a string literal; no macro can do that on a stable compiler.
    pub(crate) fn push_with_probe(&mut self, error: syn::Error, probe: Option<TokenStream>) {
        self.mistakes.push(Mistake { error, probe });
    }

    /// Takes the value of a result and keeps its error.
    pub(crate) fn value<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// Returns how many mistakes there are so far.
    pub(crate) fn count(&self) -> usize {
        self.mistakes.len()
    }

    /// Returns the code that makes the compiler report every mistake once.
    ///
    /// A `compile_error!` stops rustc before it resolves names, so probes would stay silent
    /// beside one: they are used only when every mistake has one.
    pub(crate) fn into_tokens(mut self) -> TokenStream {
        if self.mistakes.iter().all(|mistake| mistake.probe.is_some()) {
            return self.mistakes.into_iter().filter_map(|mistake| mistake.probe).collect();
        }
        self.mistakes.sort_by_key(|mistake| position(mistake.error.span()));
        self.mistakes.iter().map(|mistake| mistake.error.to_compile_error()).collect()
    }

    /// Returns the messages in the order in which they were found.
    #[cfg(test)]
    pub(crate) fn messages(&self) -> Vec<String> {
        let errors = self.mistakes.iter().flat_map(|mistake| mistake.error.clone());
        errors.map(|error| error.to_string()).collect()
    }
}

/// Line and column of a span. All are alike outside a compiler, as in unit tests.
fn position(span: Span) -> (usize, usize) {
    if proc_macro::is_available() {
        let span = span.unwrap();
        (span.line(), span.column())
    } else {
        (0, 0)
    }
}

/// A message that says the rule and what was found.
pub(crate) fn error(at: impl ToTokens, rule: impl Display) -> syn::Error {
    syn::Error::new_spanned(at, rule)
}

/// A message that says the rule, what was found, and the fix.
pub(crate) fn error_with_help(at: impl ToTokens, rule: impl Display, help: impl Display) -> syn::Error {
    syn::Error::new_spanned(at, format_args!("{rule}\nhelp: {help}"))
}

/// A message about an unknown word, with the known word that it resembles, else with `usage`.
pub(crate) fn unknown(
    at: impl ToTokens,
    rule: impl Display,
    found: &str,
    known: &[&str],
    usage: impl Display,
) -> syn::Error {
    match nearest(found, known.iter().copied()) {
        Some(name) => error_with_help(at, rule, format_args!("did you mean `{name}`?")),
        None => error_with_help(at, rule, usage),
    }
}

/// Returns the candidate that `found` is most likely a slip for: at most every third letter differs.
pub(crate) fn nearest<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lowercase = found.to_lowercase();
    let limit = found.chars().count().max(3) / 3;
    candidates
        .into_iter()
        .map(|candidate| (edit_distance(&lowercase, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Counts the insertions, deletions, replacements and swaps of neighbours between two words.
fn edit_distance(from: &str, to: &str) -> usize {
    let from: Vec<char> = from.chars().collect();
    let to: Vec<char> = to.chars().collect();
    let mut rows = vec![(0..=to.len()).collect::<Vec<_>>()];
    for i in 1..=from.len() {
        let mut row = vec![i];
        for j in 1..=to.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(from[i - 1] != to[j - 1]);
            let mut cost = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1] {
                cost = cost.min(rows[i - 2][j - 2] + 1);
            }
            row.push(cost);
        }
        rows.push(row);
    }
    rows[from.len()][to.len()]
}

#[cfg(test)]
mod tests {
    use super::{edit_distance, nearest};

    #[test]
    fn distance_counts_edits_and_swaps() {
        for (from, to, distance) in [
            ("", "", 0),
            ("", "get", 3),
            ("get", "get", 0),
            ("gett", "get", 1),
            ("gte", "get", 1),
            ("psot", "post", 1),
            ("rep", "repo", 1),
            ("owner", "repo", 5),
        ] {
            assert_eq!(edit_distance(from, to), distance, "{from} {to}");
            assert_eq!(edit_distance(to, from), distance, "{to} {from}");
        }
    }

    #[test]
    fn nearest_ignores_case_and_keeps_its_distance() {
        let verbs = ["get", "post", "put", "patch"];
        for (found, expected) in [
            ("gett", Some("get")),
            ("GET", Some("get")),
            ("pathc", Some("patch")),
            ("fetch", None),
            ("x", None),
        ] {
            assert_eq!(nearest(found, verbs), expected, "{found}");
        }
    }
}
