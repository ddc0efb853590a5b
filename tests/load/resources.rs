//! The threads and descriptors of this process, which are counted on Linux only.

use std::{fs, thread, time::Duration};

/// Says whether this system lists them under `/proc/self`. Some others have a `/proc` too, but not with the same content.
const ARE_COUNTED: bool = cfg!(target_os = "linux");

/// The number of threads and descriptors of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Resources {
    pub(crate) threads: usize,
    pub(crate) descriptors: usize,
}

impl Resources {
    /// Counts them, or returns `None` on a system other than Linux.
    pub(crate) fn now() -> Option<Resources> {
        let count = |directory| fs::read_dir(directory).expect("Linux has /proc").count();
        ARE_COUNTED
            .then(|| Resources { threads: count("/proc/self/task"), descriptors: count("/proc/self/fd") })
    }

    /// Whether there are at most so many more than `before`.
    pub(crate) fn is_within(self, before: Resources, threads: usize, descriptors: usize) -> bool {
        self.threads <= before.threads + threads && self.descriptors <= before.descriptors + descriptors
    }
}

/// Demands that everything that came since `before` is gone. A thread that was joined is listed a little longer, and
/// one of a server ends when it sees that its connection did.
pub(crate) fn assert_all_gone(before: Option<Resources>) {
    let Some(before) = before else {
        eprintln!("skipped: threads and descriptors are counted on Linux alone");
        return;
    };
    for _ in 0..1_000 {
        if Resources::now().is_some_and(|now| now.is_within(before, 0, 0)) {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("{:?} is left of what began as {before:?}", Resources::now());
}
