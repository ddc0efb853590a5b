//! Connections that last, and how they end.

mod keep_alive;
mod pool;
mod stale_connections;
