//! The engine against servers that send what they should, and what they should not.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the finding")]

mod cancellation;
mod certificates;
mod charsets;
mod client_requests;
mod codings;
mod cookies;
mod credentials;
mod deadlines;
mod dialling;
mod downloads;
mod errors;
mod events;
mod exchanges;
mod faults;
mod faulty_bodies;
mod httplib;
mod international_names;
mod keep_alive;
mod leaks;
mod limits;
mod middleware;
mod multipart;
mod pool;
mod proxied_tls;
mod proxies;
mod reading;
mod redirects;
mod refused_requests;
mod retries;
#[cfg(feature = "socks")]
mod socks;
mod spans;
mod stale_connections;
mod timeouts;
mod timings;
mod tls;
mod tls_settings;
mod to_curl;
mod unix_sockets;
mod uploads;
mod wire_bodies;
mod wire_heads;
