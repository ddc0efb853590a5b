//! What the tests of httpkit share.

mod five_ways;
pub mod pedantic;

pub use five_ways::{Answer, Outcome, exchange, five_ways};
