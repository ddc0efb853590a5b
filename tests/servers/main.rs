//! Requests to servers that others have written: nginx and haproxy.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the finding")]

mod counted;
mod downloads;
mod files;
mod keep_alive;
mod programs;
mod redirects;
mod relay;
mod reloads;
mod timeouts;
mod tls;
mod uploads;
mod upstreams;
