//! The way to a server: addresses, TLS, proxies.

mod certificates;
mod dialling;
mod international_names;
mod lookups;
mod proxied_tls;
mod proxies;
mod signals;
#[cfg(feature = "socks")]
mod socks;
mod tls;
mod tls_settings;
mod unix_sockets;
