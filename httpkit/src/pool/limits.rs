//! How many connections a pool keeps, and for how long.

use std::time::{Duration, Instant};

use crate::connection::HttpConnection;

/// How many idle connections are kept, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PoolLimits {
    pub(crate) max_idle_per_host: usize,
    pub(crate) max_idle: usize,
    pub(crate) idle_timeout: Duration,
    /// From the moment that it was opened on.
    pub(crate) max_lifetime: Option<Duration>,
    /// Exchanges of one connection.
    pub(crate) max_exchanges: Option<u64>,
    /// Idle ones and those that serve, to one peer.
    pub(crate) max_open_per_host: Option<usize>,
}

impl Default for PoolLimits {
    fn default() -> PoolLimits {
        PoolLimits {
            max_idle_per_host: 8,
            max_idle: 100,
            idle_timeout: Duration::from_secs(90),
            max_lifetime: None,
            max_exchanges: None,
            max_open_per_host: None,
        }
    }
}

impl PoolLimits {
    /// When a connection that begins to wait now has waited long enough; `None` where it had better not
    /// begin.
    pub(super) fn expiry(&self, connection: &HttpConnection, now: Instant) -> Option<Instant> {
        let server = connection.keep_alive();
        // The server counts from its first response on.
        let of_server = server.max_exchanges.map(|more| more.saturating_add(1));
        if [self.max_exchanges, of_server].into_iter().flatten().any(|max| connection.exchanges() >= max) {
            return None;
        }
        let idle = server.timeout.map_or(self.idle_timeout, |timeout| self.idle_timeout.min(early(timeout)));
        let expiry = now.checked_add(idle).unwrap_or(now + FAR);
        let end_of_life = self.max_lifetime.and_then(|life| connection.opened().checked_add(life));
        Some(end_of_life.map_or(expiry, |end| end.min(expiry))).filter(|expiry| *expiry > now)
    }
}

/// Longer than any connection lives.
const FAR: Duration = Duration::from_secs(60 * 60 * 24 * 365);

/// Somewhat before the server closes: a request that is on its way then would be lost.
fn early(timeout: Duration) -> Duration {
    timeout.saturating_sub((timeout / 2).min(Duration::from_secs(1)))
}
