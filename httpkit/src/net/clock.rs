//! What time it is: every deadline and every age goes by this clock.

#[cfg(not(feature = "testing"))]
pub(crate) use self::real::now;

#[cfg(feature = "testing")]
pub(crate) use self::movable::{advance, now};

/// The clock of the system.
#[cfg(not(feature = "testing"))]
mod real {
    use std::time::Instant;

    /// The time now.
    #[inline]
    pub(crate) fn now() -> Instant {
        Instant::now()
    }
}

/// A clock that tests can move on.
#[cfg(feature = "testing")]
mod movable {
    use std::{
        cell::Cell,
        time::{Duration, Instant},
    };

    thread_local! {
        /// By how much the clock of this thread has been moved on.
        static AHEAD: Cell<Duration> = const { Cell::new(Duration::ZERO) };
    }

    /// The time now.
    #[inline]
    pub(crate) fn now() -> Instant {
        match AHEAD.get() {
            Duration::ZERO => Instant::now(),
            ahead => Instant::now() + ahead,
        }
    }

    /// Moves the clock of this thread on.
    pub(crate) fn advance(time: Duration) {
        AHEAD.set(AHEAD.get().saturating_add(time));
    }
}
