//! The engine against servers that send what they should, and what they should not.

mod client_requests;
mod wire_bodies;
mod wire_heads;
