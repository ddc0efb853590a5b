//! Connections that wait for their next exchange.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{connection::HttpConnection, proxy::Proxy, url::Url};

/// Connections are spread over so many locks, by whom they lead to.
const SHARDS: usize = 16;

/// How many idle connections are kept, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PoolLimits {
    pub(crate) max_idle_per_host: usize,
    pub(crate) max_idle: usize,
    pub(crate) idle_timeout: Duration,
}

impl Default for PoolLimits {
    fn default() -> PoolLimits {
        PoolLimits { max_idle_per_host: 8, max_idle: 100, idle_timeout: Duration::from_secs(90) }
    }
}

/// The idle connections of a client. The one used last serves first.
#[derive(Debug)]
pub(crate) struct Pool {
    limits: PoolLimits,
    shards: [Mutex<Vec<Idle>>; SHARDS],
    /// Over all shards.
    count: AtomicUsize,
    /// Makes it hard to guess which hosts share a shard.
    seed: u64,
}

#[derive(Debug)]
struct Idle {
    connection: Box<HttpConnection>,
    since: Instant,
}

impl Pool {
    pub(crate) fn new(limits: PoolLimits) -> Pool {
        Pool {
            limits,
            shards: Default::default(),
            count: AtomicUsize::new(0),
            seed: RandomState::new().hash_one(0),
        }
    }

    /// Takes a connection to the origin of `url`, through `proxy` or none, that is still alive `now`.
    pub(crate) fn check_out(
        &self,
        url: &Url,
        proxy: Option<&Proxy>,
        now: Instant,
    ) -> Option<Box<HttpConnection>> {
        let shard = self.shard(url.host(), url.port());
        loop {
            let idle = lock(shard, |idle| {
                let index = idle.iter().rposition(|idle| idle.connection.leads_to(url, proxy))?;
                Some(idle.remove(index))
            })?;
            self.count.fetch_sub(1, Ordering::Relaxed);
            let mut connection = idle.connection;
            // One look at the socket, outside the lock.
            if now.saturating_duration_since(idle.since) < self.limits.idle_timeout && !connection.is_spent()
            {
                return Some(connection);
            }
        }
    }

    /// Keeps a connection whose exchange is over; what there is no room for is closed.
    pub(crate) fn check_in(&self, connection: Box<HttpConnection>) {
        if !connection.is_reusable() || self.limits.max_idle_per_host == 0 {
            return;
        }
        if self.count.load(Ordering::Relaxed) >= self.limits.max_idle && !self.close_expired() {
            return;
        }
        let shard = self.shard(connection.host(), connection.port());
        // Closing a socket takes its time: `superfluous` is dropped outside the lock.
        let superfluous = lock(shard, |idle| {
            let alike = |other: &&Idle| other.connection.leads_where(&connection);
            let is_full = idle.iter().filter(alike).count() >= self.limits.max_idle_per_host;
            let oldest =
                idle.iter().position(|other| is_full && alike(&other)).map(|index| idle.remove(index));
            idle.push(Idle { connection, since: Instant::now() });
            oldest
        });
        if superfluous.is_none() {
            self.count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Closes what has waited too long, and says whether there was any.
    fn close_expired(&self) -> bool {
        let is_expired = |idle: &mut Idle| idle.since.elapsed() >= self.limits.idle_timeout;
        let expired: Vec<Idle> = self
            .shards
            .iter()
            .flat_map(|shard| lock(shard, |idle| idle.extract_if(.., is_expired).collect::<Vec<_>>()))
            .collect();
        self.count.fetch_sub(expired.len(), Ordering::Relaxed);
        !expired.is_empty()
    }

    /// FNV-1a: a few instructions for a short name, where the standard hash takes hundreds.
    fn shard(&self, host: &str, port: u16) -> &Mutex<Vec<Idle>> {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let hash = host.bytes().chain(port.to_be_bytes()).fold(self.seed, step);
        &self.shards[(hash >> 32) as usize % SHARDS]
    }
}

impl Default for Pool {
    fn default() -> Pool {
        Pool::new(PoolLimits::default())
    }
}

fn lock<T>(shard: &Mutex<Vec<Idle>>, act: impl FnOnce(&mut Vec<Idle>) -> T) -> T {
    act(&mut shard.lock().unwrap_or_else(PoisonError::into_inner))
}
