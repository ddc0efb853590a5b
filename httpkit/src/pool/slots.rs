//! The limit of open connections to one host, and the line before it.

use std::{
    collections::HashMap,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{
    net::{CancelTokens, Deadline},
    url::Origin,
};

/// Counts the open connections by where they lead.
#[derive(Debug)]
pub(super) struct Slots {
    max_per_host: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    open: HashMap<Origin, usize>,
    /// Counts what those who wait should look at.
    changes: u64,
}

/// The right to have one connection open, until it is dropped.
#[derive(Debug)]
pub(crate) struct Slot {
    slots: Arc<Slots>,
    origin: Origin,
}

/// What a wait for a slot ends with.
pub(super) enum Waited<T> {
    Slot(Slot),
    /// There was something better meanwhile.
    Instead(T),
    TimedOut,
    Cancelled,
}

impl Slots {
    pub(super) fn new(max_per_host: usize) -> Slots {
        Slots { max_per_host, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Waits for a slot, or for what `instead` finds. It is called without the lock, and again after each change.
    pub(super) fn wait<T>(
        self: &Arc<Slots>,
        origin: &Origin,
        deadline: Deadline,
        cancel: CancelTokens<'_>,
        mut instead: impl FnMut() -> Option<T>,
    ) -> Waited<T> {
        let waker = self.clone();
        let _watch = cancel.watch(move || waker.wake());
        loop {
            let seen = {
                let mut state = self.lock();
                let open = state.open.entry(origin.clone()).or_default();
                if *open < self.max_per_host {
                    *open += 1;
                    return Waited::Slot(Slot { slots: self.clone(), origin: origin.clone() });
                }
                state.changes
            };
            if let Some(found) = instead() {
                return Waited::Instead(found);
            }
            if cancel.have_cancelled() {
                return Waited::Cancelled;
            }
            if deadline.has_passed() {
                return Waited::TimedOut;
            }
            let patience = deadline.remaining().unwrap_or(Duration::MAX);
            let unchanged = |state: &mut State| state.changes == seen;
            drop(self.changed.wait_timeout_while(self.lock(), patience, unchanged));
        }
    }

    /// Has those who wait look again: a connection has become idle, or somebody no longer waits.
    pub(super) fn wake(&self) {
        self.lock().changes += 1;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut state = self.slots.lock();
        if let Some(open) = state.open.get_mut(&self.origin) {
            *open -= 1;
            if *open == 0 {
                state.open.remove(&self.origin);
            }
        }
        drop(state);
        self.slots.wake();
    }
}
