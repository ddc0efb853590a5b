//! What the tests of httpkit share.

mod five_ways;
pub mod pedantic;
mod replies;

pub use five_ways::{Answer, Outcome, exchange, five_ways, kind_name};
pub use replies::ten_headers;
