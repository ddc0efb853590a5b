//! What the tests of httpkit share.

mod five_ways;

pub use five_ways::{Answer, Outcome, exchange, five_ways};
