//! Placeholder.
#![forbid(unsafe_code)]
#![allow(dead_code)]

mod grammar;
mod headers;
mod limits;
mod method;
mod target;
mod url;
mod version;
mod violation;

pub use headers::*;
pub use limits::*;
pub use method::*;
pub use url::{Origin, Scheme, Url};
pub use version::*;
pub use violation::*;
/// tmp
pub type Error = Box<dyn std::error::Error>;
