//! Functions of an application's own around its exchanges.

mod events;
mod middleware;
mod spans;
