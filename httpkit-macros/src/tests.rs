//! The whole macro, outside a compiler.

mod expansion;
mod messages;

use proc_macro2::TokenStream;

fn tokens(text: &str) -> TokenStream {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}
