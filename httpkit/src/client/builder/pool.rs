//! Which connections are kept, and how many there are.

use std::time::Duration;

use super::ClientBuilder;

impl ClientBuilder {
    /// How many connections to one host wait for the next request. Defaults to 8; 0 turns the pool off.
    pub fn max_idle_per_host(mut self, connections: usize) -> Self {
        self.pool.max_idle_per_host = connections;
        self
    }

    /// How many connections wait in all. Defaults to 100.
    pub fn max_idle(mut self, connections: usize) -> Self {
        self.pool.max_idle = connections;
        self
    }

    /// Sets how long an idle connection can be reused. Defaults to 90 s.
    ///
    /// After that time, the connection is closed by the next request that opens a connection or wants to reuse this one.
    /// It stays open as long as there is no such request, even if the server has closed it: see [`Client`](crate::Client).
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.pool.idle_timeout = timeout;
        self
    }

    /// How old a connection may become; one that is older serves no other request. Defaults to no limit.
    pub fn max_lifetime(mut self, lifetime: Duration) -> Self {
        self.pool.max_lifetime = Some(lifetime);
        self
    }

    /// How many requests one connection serves. Defaults to no limit.
    pub fn max_requests_per_connection(mut self, requests: u64) -> Self {
        self.pool.max_exchanges = Some(requests);
        self
    }

    /// Sets the maximum number of open connections per origin (scheme, host and port), including idle ones. Defaults to
    /// no limit. 0 is treated as 1.
    ///
    /// A request that would open one more waits until another connection is idle or closed, for at most its total
    /// timeout and [`Timeouts::pool`](crate::Timeouts::pool). Then it fails with [`Phase::Pool`](crate::Phase::Pool). An
    /// idle connection that the request cannot use, because it goes through another proxy, is closed for it.
    pub fn max_open_per_host(mut self, connections: usize) -> Self {
        self.pool.max_open_per_host = Some(connections.max(1));
        self
    }
}
