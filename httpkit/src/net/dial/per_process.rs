//! A separate value for each process, including forked children.
//!
//! A forked child has a copy of its parent's memory, but only the thread that forked. A lock that another thread held
//! at that moment is never released in the child, and the threads that the memory mentions do not exist there. So a
//! child never touches its parent's value.

use std::{
    process,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

/// A value in a static. A forked child gets a new one.
pub(super) struct PerProcess<T> {
    value: T,
    make: fn() -> T,
    /// The process that uses this value. [`NO_PROCESS`] before the first use.
    owner: AtomicU32,
    /// The value of a child. Only children make one, so a fork while that happens could block only grandchildren.
    child: OnceLock<Box<PerProcess<T>>>,
}

/// No process of a user has this number: it belongs to the kernel.
const NO_PROCESS: u32 = 0;

impl<T> PerProcess<T> {
    /// Holds `value` for the first process that uses it. `make` makes the values of its children.
    pub(super) const fn new(value: T, make: fn() -> T) -> PerProcess<T> {
        PerProcess { value, make, owner: AtomicU32::new(NO_PROCESS), child: OnceLock::new() }
    }

    /// Returns the value of this process.
    pub(super) fn get(&self) -> &T {
        self.of(process::id())
    }

    /// Compares the newest owner only: an older one may be a dead ancestor that had the same number.
    fn of(&self, process: u32) -> &T {
        let mut newest = self;
        while let Some(child) = newest.child.get() {
            newest = child;
        }
        // The number publishes no other memory, so no ordering is needed.
        let claimed =
            newest.owner.compare_exchange(NO_PROCESS, process, Ordering::Relaxed, Ordering::Relaxed);
        match claimed {
            Ok(_) => &newest.value,
            Err(owner) if owner == process => &newest.value,
            Err(_) => &newest.child.get_or_init(|| Box::new(self.owned_by(process))).value,
        }
    }

    fn owned_by(&self, process: u32) -> PerProcess<T> {
        let made = PerProcess::new((self.make)(), self.make);
        PerProcess { owner: AtomicU32::new(process), ..made }
    }
}

#[cfg(test)]
mod tests {
    use std::{ptr, sync::Mutex};

    use super::*;

    static VALUES: PerProcess<Mutex<u8>> = PerProcess::new(Mutex::new(0), || Mutex::new(0));

    #[test]
    fn children_get_separate_values() {
        let parent = VALUES.of(1);
        assert!(ptr::eq(parent, VALUES.of(1)));
        // Another thread may hold the lock while the process forks.
        let _held = parent.lock().unwrap();
        let child = VALUES.of(2);
        *child.lock().unwrap() = 2;
        assert!(ptr::eq(child, VALUES.of(2)) && !ptr::eq(child, parent));
        // The grandchild has the number of an ancestor that has ended.
        let grandchild = VALUES.of(1);
        assert!(ptr::eq(grandchild, VALUES.of(1)));
        assert!(!ptr::eq(grandchild, parent) && !ptr::eq(grandchild, child));
        assert_eq!(*grandchild.lock().unwrap(), 0);
    }
}
