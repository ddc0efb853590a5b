//! The engine against servers that send what they should, and what they should not.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the finding")]

mod connections;
mod observers;
mod policies;
mod requests;
mod responses;
mod test_servers;
mod time;
mod transport;
mod wire;
