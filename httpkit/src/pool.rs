//! Connections that wait for their next exchange.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::{connection::HttpConnection, url::Url};

/// How many idle connections are kept, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PoolLimits {
    pub(crate) max_idle_per_host: usize,
    pub(crate) max_idle: usize,
    pub(crate) idle_timeout: Duration,
}

impl Default for PoolLimits {
    fn default() -> PoolLimits {
        PoolLimits {
            max_idle_per_host: 8,
            max_idle: 100,
            idle_timeout: Duration::from_secs(90),
        }
    }
}

/// The idle connections of a client. The one used last serves first.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    limits: PoolLimits,
    hasher: RandomState,
    idle: Mutex<IdleSet>,
}

#[derive(Debug, Default)]
struct IdleSet {
    /// By a hash of whom the connections lead to; who shares a hash is told apart by comparison.
    by_hash: HashMap<u64, Vec<Idle>>,
    count: usize,
}

#[derive(Debug)]
struct Idle {
    connection: HttpConnection,
    since: Instant,
}

impl Pool {
    pub(crate) fn new(limits: PoolLimits) -> Pool {
        Pool {
            limits,
            ..Pool::default()
        }
    }

    /// Takes a connection to the origin of `url` that is still alive.
    pub(crate) fn check_out(&self, url: &Url) -> Option<HttpConnection> {
        let hash = self.hasher.hash_one((url.scheme(), url.host(), url.port()));
        loop {
            let idle = self.lock(|set| set.take(hash, url))?;
            let mut connection = idle.connection;
            // One look at the socket, outside the lock.
            if idle.since.elapsed() < self.limits.idle_timeout && !connection.is_spent() {
                return Some(connection);
            }
        }
    }

    /// Keeps a connection whose exchange is over.
    pub(crate) fn check_in(&self, connection: HttpConnection) {
        if !connection.is_reusable() || self.limits.max_idle_per_host == 0 {
            return;
        }
        let hash = connection.hash_peer(&self.hasher);
        let idle = Idle {
            connection,
            since: Instant::now(),
        };
        let superfluous = self.lock(|set| set.put(hash, idle, self.limits));
        // Closing sockets takes its time: outside the lock.
        drop(superfluous);
    }

    fn lock<T>(&self, act: impl FnOnce(&mut IdleSet) -> T) -> T {
        act(&mut self.idle.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl IdleSet {
    fn take(&mut self, hash: u64, url: &Url) -> Option<Idle> {
        let same_hash = self.by_hash.get_mut(&hash)?;
        let index = same_hash
            .iter()
            .rposition(|idle| idle.connection.leads_to(url))?;
        self.count -= 1;
        Some(same_hash.remove(index))
    }

    /// Returns what is not kept.
    fn put(&mut self, hash: u64, idle: Idle, limits: PoolLimits) -> Vec<Idle> {
        let mut superfluous = Vec::new();
        if self.count >= limits.max_idle {
            self.remove_expired(limits.idle_timeout, &mut superfluous);
        }
        if self.count >= limits.max_idle {
            superfluous.push(idle);
            return superfluous;
        }
        let same_hash = self.by_hash.entry(hash).or_default();
        if same_hash.len() >= limits.max_idle_per_host {
            superfluous.push(same_hash.remove(0));
            self.count -= 1;
        }
        same_hash.push(idle);
        self.count += 1;
        superfluous
    }

    fn remove_expired(&mut self, idle_timeout: Duration, expired: &mut Vec<Idle>) {
        for same_hash in self.by_hash.values_mut() {
            expired.extend(same_hash.extract_if(.., |idle| idle.since.elapsed() >= idle_timeout));
        }
        self.by_hash.retain(|_, same_hash| !same_hash.is_empty());
        self.count -= expired.len();
    }
}
