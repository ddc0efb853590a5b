//! The engine against servers that send what they should, and what they should not.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the finding")]

mod client_requests;
mod keep_alive;
mod wire_bodies;
mod wire_heads;
