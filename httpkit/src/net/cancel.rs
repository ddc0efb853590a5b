//! Ending a wait from another thread.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

/// Cancels exchanges from another thread: a wait that is under way ends at once, and later ones do not begin.
///
/// Clones cancel together. A token cancels once and for all.
///
/// ```
/// use httpkit::CancelToken;
///
/// let token = CancelToken::new();
/// let other = token.clone();
/// std::thread::spawn(move || other.cancel()).join().unwrap();
/// assert!(token.is_cancelled());
/// ```
#[derive(Clone, Default)]
pub struct CancelToken(Arc<Shared>);

#[derive(Default)]
struct Shared {
    is_cancelled: AtomicBool,
    /// What ends the waits that are under way.
    stops: Mutex<Vec<(u64, Stop)>>,
    next: AtomicU64,
}

/// Ends a wait, from any thread.
pub(crate) type Stop = Box<dyn Fn() + Send>;

impl CancelToken {
    /// A token that has not cancelled.
    pub fn new() -> CancelToken {
        CancelToken::default()
    }

    /// Cancels every exchange that carries this token. Their errors are `Cancelled`.
    pub fn cancel(&self) {
        self.0.is_cancelled.store(true, Ordering::SeqCst);
        self.lock(|stops| stops.iter().for_each(|(_, stop)| stop()));
    }

    /// Whether it has cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::SeqCst)
    }

    /// Has `stop` called on cancellation, at once if that has happened, until the watch is dropped.
    pub(crate) fn watch(&self, stop: Stop) -> Watch {
        let id = self.0.next.fetch_add(1, Ordering::Relaxed);
        self.lock(|stops| {
            if self.is_cancelled() {
                stop();
            }
            stops.push((id, stop));
        });
        Watch { token: self.clone(), id }
    }

    fn lock<T>(&self, act: impl FnOnce(&mut Vec<(u64, Stop)>) -> T) -> T {
        act(&mut self.0.stops.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for CancelToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelToken").field("is_cancelled", &self.is_cancelled()).finish_non_exhaustive()
    }
}

/// Who may end a wait. Each of them does.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct CancelTokens<'t> {
    /// For what one exchange waits.
    pub(crate) exchange: Option<&'t CancelToken>,
    /// For all exchanges of a client, when it is shut down.
    pub(crate) shutdown: Option<&'t CancelToken>,
}

impl CancelTokens<'_> {
    pub(crate) fn are_none(self) -> bool {
        self.exchange.is_none() && self.shutdown.is_none()
    }

    /// Whether one has cancelled.
    #[inline]
    pub(crate) fn have_cancelled(self) -> bool {
        let says_so = |token: Option<&CancelToken>| token.is_some_and(CancelToken::is_cancelled);
        says_so(self.exchange) || says_so(self.shutdown)
    }

    /// Has `stop` called when one cancels, as [`CancelToken::watch`] does.
    pub(crate) fn watch(self, stop: impl Fn() + Clone + Send + 'static) -> [Option<Watch>; 2] {
        [self.exchange, self.shutdown].map(|token| token.map(|token| token.watch(Box::new(stop.clone()))))
    }
}

/// A wait that a token can end.
#[derive(Debug)]
pub(crate) struct Watch {
    token: CancelToken,
    id: u64,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.token.lock(|stops| stops.retain(|(id, _)| *id != self.id));
    }
}
