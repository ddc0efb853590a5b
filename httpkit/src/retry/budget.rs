//! How many retries a client may make in all.

use std::sync::atomic::{AtomicU32, Ordering};

/// What a retry costs; a request pays in as many of these as its policy has percent.
const PRICE: u32 = 100;

/// Which share of the requests may be retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    /// So many retries for 100 requests.
    pub(super) percent: u32,
    /// So many retries are there at the start, and at most that many can be saved up.
    pub(super) reserve: u32,
}

impl Share {
    fn full(self) -> u32 {
        self.reserve.saturating_mul(PRICE)
    }
}

/// What a client has spent of its retries: a server that fails for all gets no multiple of the usual load.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    /// What is missing to a full reserve, so that nothing has to be known of its size before.
    spent: AtomicU32,
}

impl Budget {
    /// Pays in for a request.
    pub(super) fn deposit(&self, share: Share) {
        let pay_in = |spent: u32| Some(spent.saturating_sub(share.percent));
        // Cannot fail: the function always has a value.
        let _ = self.spent.fetch_update(Ordering::Relaxed, Ordering::Relaxed, pay_in);
    }

    /// Pays for a retry, if there is enough.
    pub(super) fn withdraw(&self, share: Share) -> bool {
        let pay = |spent: u32| spent.checked_add(PRICE).filter(|spent| *spent <= share.full());
        self.spent.fetch_update(Ordering::Relaxed, Ordering::Relaxed, pay).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserve_is_spent_and_a_share_of_the_requests_fills_it() {
        let share = Share { percent: 20, reserve: 3 };
        let budget = Budget::default();
        let retries = |budget: &Budget| (0..100).take_while(|_| budget.withdraw(share)).count();
        // Nothing is saved beyond the reserve.
        budget.deposit(share);
        assert_eq!(retries(&budget), 3);
        for (requests, may_retry) in [(4, 0), (1, 1), (10, 2), (1_000, 3)] {
            (0..requests).for_each(|_| budget.deposit(share));
            assert_eq!(retries(&budget), may_retry, "after {requests} requests");
        }
    }

    #[test]
    fn no_share_is_too_large() {
        let share = Share { percent: u32::MAX, reserve: u32::MAX };
        let budget = Budget::default();
        assert!((0..1_000).all(|_| budget.withdraw(share)));
        budget.deposit(share);
        assert!(budget.withdraw(share));
        let none = Share { percent: 0, reserve: 0 };
        assert!(!Budget::default().withdraw(none));
    }
}
