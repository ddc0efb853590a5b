//! What is waited for, how long, and who ends it.

mod cancellation;
mod deadlines;
mod named_limits;
mod timeouts;
mod timings;
