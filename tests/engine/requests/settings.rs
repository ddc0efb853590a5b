//! Settings: which of several takes precedence, and that none is lost.

mod bounds;
mod client_builder;
mod connection_builder;
mod execution;
mod request_builder;
