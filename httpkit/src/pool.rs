//! Connections that wait for their next exchange.

mod lease;
mod limits;
mod slots;

use std::{
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Instant,
};

use self::slots::{Slot, Slots, Waited};
pub(crate) use self::{lease::Lease, limits::PoolLimits};
use crate::{
    connection::HttpConnection,
    net::{CancelTokens, Deadline, now},
    peer::Peer,
};

/// Connections are spread over so many locks, by whom they lead to.
const SHARDS: usize = 16;

/// The idle connections of a client. The one used last serves first.
#[derive(Debug)]
pub(crate) struct Pool {
    limits: PoolLimits,
    shards: [Mutex<Vec<Idle>>; SHARDS],
    /// Over all shards.
    count: AtomicUsize,
    /// Makes it hard to guess which hosts share a shard.
    seed: u64,
    /// Where the number of open connections is limited.
    slots: Option<Arc<Slots>>,
    is_shut_down: AtomicBool,
}

/// Why a connection may not be opened.
pub(crate) enum NotAdmitted {
    TimedOut,
    Cancelled,
}

/// What a request that waits for a slot finds in the pool.
enum Instead {
    /// A connection that it can use.
    Reused(Lease),
    /// The slot of a connection that was closed for it.
    Freed(Slot),
}

#[derive(Debug)]
struct Idle {
    lease: Lease,
    /// When it has waited long enough.
    until: Instant,
}

impl Idle {
    /// Returns the connection if it can still be used. Probes it, which is a system call: not to be called with a lock.
    fn revive(mut self, now: Instant) -> Result<Lease, Lease> {
        if now < self.until && !self.lease.is_spent() { Ok(self.lease) } else { Err(self.lease) }
    }
}

impl Pool {
    pub(crate) fn new(limits: PoolLimits) -> Pool {
        Pool {
            limits,
            shards: Default::default(),
            count: AtomicUsize::new(0),
            seed: RandomState::new().hash_one(0),
            slots: limits.max_open_per_host.map(|max| Arc::new(Slots::new(max))),
            is_shut_down: AtomicBool::new(false),
        }
    }

    /// Takes a connection to the peer that is still alive.
    pub(crate) fn check_out(&self, peer: Peer<'_>, now: Instant) -> Option<Lease> {
        loop {
            let idle =
                self.take_idle(peer, |idle| idle.iter().rposition(|idle| idle.lease.peer() == peer))?;
            if let Ok(lease) = idle.revive(now) {
                return Some(lease);
            }
        }
    }

    /// Takes the connection that `find` chooses of those that share a lock with this peer.
    fn take_idle(&self, peer: Peer<'_>, find: impl Fn(&[Idle]) -> Option<usize>) -> Option<Idle> {
        lock(self.shard(peer), |idle| {
            let index = find(idle)?;
            self.count.fetch_sub(1, Ordering::Relaxed);
            Some(idle.remove(index))
        })
    }

    /// Waits until a new connection may be opened, if their number is limited. Returns an idle one instead if one
    /// becomes available.
    ///
    /// Open connections are counted by origin, but only those to the same peer can be reused. So an idle connection
    /// to another peer of the origin (through another proxy) is closed to make room. Otherwise it would hold its slot
    /// until it expires.
    pub(crate) fn admit(
        &self,
        connection: Box<HttpConnection>,
        deadline: Deadline,
        cancel: CancelTokens<'_>,
    ) -> Result<Lease, NotAdmitted> {
        // What has waited too long goes now: opening takes its time anyway.
        self.close_if(|idle, now| idle.until <= now);
        let Some(slots) = &self.slots else { return Ok(Lease::new(connection, None)) };
        let origin = connection.origin();
        let instead = || self.reuse_or_free(connection.peer());
        match slots.wait(&origin, deadline, cancel, instead) {
            Waited::Instead(Instead::Reused(lease)) => Ok(lease),
            Waited::Slot(slot) | Waited::Instead(Instead::Freed(slot)) => {
                Ok(Lease::new(connection, Some(slot)))
            }
            Waited::TimedOut => Err(NotAdmitted::TimedOut),
            Waited::Cancelled => Err(NotAdmitted::Cancelled),
        }
    }

    /// Takes the idle connection to this peer that was used last. If there is none or it is dead, closes one to the
    /// origin, of other peers the one that was used least recently.
    fn reuse_or_free(&self, peer: Peer<'_>) -> Option<Instead> {
        let idle = self.take_idle(peer, |idle| {
            let of_peer = idle.iter().rposition(|idle| idle.lease.peer() == peer);
            of_peer.or_else(|| idle.iter().position(|idle| idle.lease.peer().is_same_origin(peer)))
        })?;
        if idle.lease.peer() != peer {
            return idle.lease.close().map(Instead::Freed);
        }
        match idle.revive(now()) {
            Ok(lease) => Some(Instead::Reused(lease)),
            Err(dead) => dead.close().map(Instead::Freed),
        }
    }

    /// Keeps a connection whose exchange is over; what there is no room for is closed.
    pub(crate) fn check_in(&self, lease: Lease) {
        if !lease.is_reusable() || self.limits.max_idle_per_host == 0 || self.limits.max_idle == 0 {
            return;
        }
        let now = now();
        let Some(until) = self.limits.expiry(&lease, now) else { return };
        let shard = self.shard(lease.peer());
        if self.count.load(Ordering::Relaxed) >= self.limits.max_idle {
            self.make_room_for(&lease);
        }
        // Closing a socket takes its time: `superfluous` is dropped outside the lock.
        let superfluous = lock(shard, |idle| {
            if self.is_shut_down.load(Ordering::SeqCst) {
                return Some(Idle { lease, until });
            }
            let superfluous = self.oldest_of_full_host(idle, &lease).map(|index| idle.remove(index));
            if superfluous.is_none() {
                self.count.fetch_add(1, Ordering::Relaxed);
            }
            idle.push(Idle { lease, until });
            superfluous
        });
        drop(superfluous);
        if let Some(slots) = &self.slots {
            slots.wake();
        }
    }

    /// Which one makes room for `lease` where its host has as many as it may have.
    fn oldest_of_full_host(&self, idle: &[Idle], lease: &Lease) -> Option<usize> {
        if idle.len() < self.limits.max_idle_per_host {
            return None;
        }
        let mut alike = (0..idle.len()).filter(|index| idle[*index].lease.peer() == lease.peer());
        let oldest = alike.next()?;
        (alike.count() + 1 >= self.limits.max_idle_per_host).then_some(oldest)
    }

    /// Closes all that wait.
    pub(crate) fn close_idle(&self) {
        self.close_if(|_, _| true);
    }

    /// Closes all that wait, and keeps none from now on.
    pub(crate) fn shut_down(&self) {
        self.is_shut_down.store(true, Ordering::SeqCst);
        // Not by the count: what is checked in just now counts a moment later.
        self.sweep(|_, _| true);
    }

    /// Closes the idle connections that have expired or, if none has, the one that expires first. A host that is full
    /// replaces a connection of its own instead: one of another host must not be closed for that.
    #[cold]
    fn make_room_for(&self, lease: &Lease) {
        if lock(self.shard(lease.peer()), |idle| self.oldest_of_full_host(idle, lease)).is_some() {
            return;
        }
        if self.close_if(|idle, now| idle.until <= now) > 0 {
            return;
        }
        let next = |shard| lock(shard, |idle| idle.iter().map(|idle| idle.until).min());
        if let Some(next) = self.shards.iter().filter_map(next).min() {
            self.close_if(|idle, _| idle.until == next);
        }
    }

    /// Closes those of which `is_over` says so, and returns how many these are.
    fn close_if(&self, is_over: impl Fn(&Idle, Instant) -> bool) -> usize {
        if self.count.load(Ordering::Relaxed) == 0 { 0 } else { self.sweep(is_over) }
    }

    /// The same, whatever their number.
    fn sweep(&self, is_over: impl Fn(&Idle, Instant) -> bool) -> usize {
        let now = now();
        let close = |shard| {
            // Dropped outside the lock.
            let over = lock(shard, |idle| {
                let over: Vec<Idle> = idle.extract_if(.., |idle| is_over(idle, now)).collect();
                self.count.fetch_sub(over.len(), Ordering::Relaxed);
                over
            });
            over.len()
        };
        self.shards.iter().map(close).sum()
    }

    /// FNV-1a: a few instructions for a short name, where the standard hash takes hundreds.
    fn shard(&self, peer: Peer<'_>) -> &Mutex<Vec<Idle>> {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let hash = peer.host.bytes().chain(peer.port.to_be_bytes()).fold(self.seed, step);
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
