//! Waits that grow, and that chance spreads.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

/// Exponential backoff with full jitter: any wait from none to a ceiling that doubles with each attempt. So
/// those who failed together do not come back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Backoff {
    /// The first ceiling.
    pub(super) base: Duration,
    /// What no ceiling exceeds.
    pub(super) cap: Duration,
}

impl Backoff {
    /// The wait behind so many attempts, at least one. `random` is any number, each as likely as the others.
    pub(super) fn wait(self, attempts: u32, random: u64) -> Duration {
        let doubled = 1_u32.checked_shl(attempts.saturating_sub(1)).unwrap_or(u32::MAX);
        let ceiling = self.base.saturating_mul(doubled).min(self.cap);
        let nanoseconds = ceiling.as_nanos().saturating_mul(u128::from(random)) >> u64::BITS;
        Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
    }
}

/// A number that nobody can guess, from the keys of std's hash maps: good enough to spread waits.
pub(crate) fn random() -> u64 {
    RandomState::new().hash_one(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff = Backoff { base: Duration::from_millis(100), cap: Duration::from_secs(10) };

    #[test]
    fn ceilings_double_up_to_the_cap() {
        for (attempts, milliseconds) in [
            (1, 100),
            (2, 200),
            (3, 400),
            (7, 6_400),
            (8, 10_000),
            (32, 10_000),
            (33, 10_000),
            (u32::MAX, 10_000),
        ] {
            let ceiling = Duration::from_millis(milliseconds);
            let longest = BACKOFF.wait(attempts, u64::MAX);
            assert!(
                longest < ceiling && longest + Duration::from_nanos(1) >= ceiling,
                "{attempts}: {longest:?}"
            );
            assert_eq!(BACKOFF.wait(attempts, 1 << 63), ceiling / 2, "{attempts}");
            assert_eq!(BACKOFF.wait(attempts, 0), Duration::ZERO, "{attempts}");
        }
    }

    #[test]
    fn no_duration_overflows() {
        let backoff = Backoff { base: Duration::MAX, cap: Duration::MAX };
        assert!(backoff.wait(9, u64::MAX) > Duration::from_secs(1 << 33));
        let none = Backoff { base: Duration::ZERO, cap: Duration::MAX };
        assert_eq!(none.wait(9, u64::MAX), Duration::ZERO);
    }

    #[test]
    fn numbers_differ() {
        let numbers: std::collections::BTreeSet<u64> = (0..100).map(|_| random()).collect();
        assert_eq!(numbers.len(), 100);
    }
}
