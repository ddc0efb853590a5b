//! Ending a wait from another thread.

use std::{
    fmt,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, ThreadId},
};

use crate::net::contain::contain;

/// Cancels exchanges from another thread: waits in progress end immediately, and later ones do not begin.
///
/// Clones cancel together. A cancelled token stays cancelled.
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
    waits: Mutex<Waits>,
    /// Notified when a stop has returned.
    has_stopped: Condvar,
}

/// The waits in progress.
#[derive(Default)]
struct Waits {
    /// What ends each of them.
    stops: Vec<(u64, Stop)>,
    /// The wait whose stop runs now, and the thread that runs it.
    stopping: Option<(u64, ThreadId)>,
    next: u64,
}

/// Ends a wait, from any thread.
pub(crate) type Stop = Box<dyn Fn() + Send>;

impl CancelToken {
    /// Creates a token that is not cancelled.
    pub fn new() -> CancelToken {
        CancelToken::default()
    }

    /// Cancels every exchange that carries this token. They fail with `Cancelled`.
    pub fn cancel(&self) {
        // The first call runs all stops. A stop that calls this method again must not wait for itself.
        if self.0.is_cancelled.swap(true, Ordering::SeqCst) {
            return;
        }
        while let Some(stop) = self.next_stop() {
            // A stop may be custom code. If it panics, the other waits must still end. `contain` also drops it,
            // before `Watch::drop` continues.
            contain(stop);
            self.lock().stopping = None;
            self.0.has_stopped.notify_all();
        }
    }

    /// Returns whether the token is cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::SeqCst)
    }

    /// Calls `stop` on cancellation until the watch is dropped; immediately if the token is cancelled already.
    pub(crate) fn watch(&self, stop: Stop) -> Watch {
        let mut waits = self.lock();
        let id = waits.next;
        waits.next += 1;
        // `cancel` sets the flag before it locks: it finds this stop in the list, or the flag is set here.
        if self.is_cancelled() {
            drop(waits);
            contain(stop);
        } else {
            waits.stops.push((id, stop));
        }
        Watch { token: self.clone(), id }
    }

    /// Takes the next stop. It runs without the lock, because it may block or use this token.
    fn next_stop(&self) -> Option<Stop> {
        let mut waits = self.lock();
        let (id, stop) = waits.stops.pop()?;
        waits.stopping = Some((id, thread::current().id()));
        Some(stop)
    }

    /// No code that may panic runs under this lock, so a poisoned one is sound.
    fn lock(&self) -> MutexGuard<'_, Waits> {
        self.0.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for CancelToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelToken").field("is_cancelled", &self.is_cancelled()).finish_non_exhaustive()
    }
}

/// The tokens that may end a wait. Any of them does.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct CancelTokens<'t> {
    /// The token of one exchange.
    pub(crate) exchange: Option<&'t CancelToken>,
    /// The token of a client, which is cancelled when the client is shut down.
    pub(crate) shutdown: Option<&'t CancelToken>,
}

impl CancelTokens<'_> {
    pub(crate) fn are_none(self) -> bool {
        self.exchange.is_none() && self.shutdown.is_none()
    }

    /// Returns whether one of them is cancelled.
    #[inline]
    pub(crate) fn have_cancelled(self) -> bool {
        let says_so = |token: Option<&CancelToken>| token.is_some_and(CancelToken::is_cancelled);
        says_so(self.exchange) || says_so(self.shutdown)
    }

    /// Calls `stop` when one of them is cancelled, as [`CancelToken::watch`] does.
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
    /// Waits for the stop if it is running. Afterwards the socket may serve another request, which this stop must not
    /// end.
    fn drop(&mut self) {
        let mut waits = self.token.lock();
        if let Some(index) = waits.stops.iter().position(|(id, _)| *id == self.id) {
            let stop = waits.stops.swap_remove(index);
            // The stop may own custom values, so it is dropped without the lock.
            drop(waits);
            drop(stop);
            return;
        }
        // A stop that drops the connection which it ends must not wait for itself.
        let runs_elsewhere = |stopping: Option<(u64, ThreadId)>| {
            stopping.is_some_and(|(id, thread)| id == self.id && thread != thread::current().id())
        };
        while runs_elsewhere(waits.stopping) {
            waits = self.token.0.has_stopped.wait(waits).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        atomic::AtomicUsize,
        mpsc::{Receiver, Sender, channel},
    };

    use super::*;

    /// A stop that counts its calls.
    fn counting() -> (Arc<AtomicUsize>, Stop) {
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = calls.clone();
        let stop = move || {
            counted.fetch_add(1, Ordering::SeqCst);
        };
        (calls, Box::new(stop))
    }

    fn panicking() -> Stop {
        Box::new(|| panic!("the test wants this"))
    }

    #[test]
    fn cancel_runs_each_stop_once_although_one_panics() {
        let token = CancelToken::new();
        let (first, stop) = counting();
        let _first = token.watch(stop);
        let _panicking = token.watch(panicking());
        let (last, stop) = counting();
        let _last = token.watch(stop);
        token.cancel();
        token.cancel();
        assert_eq!((first.load(Ordering::SeqCst), last.load(Ordering::SeqCst)), (1, 1));
    }

    #[test]
    fn watch_of_cancelled_token_runs_stop_once() {
        let token = CancelToken::new();
        token.cancel();
        let _panicking = token.watch(panicking());
        let (calls, stop) = counting();
        let watch = token.watch(stop);
        assert_eq!(calls.load(Ordering::SeqCst), 1);
        token.cancel();
        drop(watch);
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn dropped_watch_stops_nothing() {
        let token = CancelToken::new();
        let (calls, stop) = counting();
        drop(token.watch(stop));
        assert_eq!(Arc::strong_count(&calls), 1, "the stop is dropped with its watch");
        token.cancel();
        assert_eq!(calls.load(Ordering::SeqCst), 0);
    }

    /// A stop that reports that it runs, ends when it is told to, and reports that.
    fn slow() -> (Stop, Receiver<()>, Sender<()>, Arc<AtomicBool>) {
        let (run, runs) = channel();
        let (end, may_end) = channel();
        let ended = Arc::new(AtomicBool::new(false));
        let has_ended = ended.clone();
        let stop = move || {
            run.send(()).unwrap();
            may_end.recv().unwrap();
            has_ended.store(true, Ordering::SeqCst);
        };
        (Box::new(stop), runs, end, ended)
    }

    #[test]
    fn dropping_a_watch_waits_for_its_running_stop() {
        let token = CancelToken::new();
        let (stop, runs, end, ended) = slow();
        let watch = token.watch(stop);
        let (say, said) = channel();
        thread::scope(|scope| {
            scope.spawn(|| token.cancel());
            runs.recv().unwrap();
            let dropper = scope.spawn(move || {
                say.send(()).unwrap();
                drop(watch);
                ended.load(Ordering::SeqCst)
            });
            said.recv().unwrap();
            end.send(()).unwrap();
            assert!(dropper.join().unwrap());
        });
    }

    #[test]
    fn running_stop_holds_up_no_other_watch() {
        let token = CancelToken::new();
        let (calls, stop) = counting();
        let other = token.watch(stop);
        // The last stop runs first.
        let (stop, runs, end, _) = slow();
        let _slow = token.watch(stop);
        thread::scope(|scope| {
            scope.spawn(|| token.cancel());
            runs.recv().unwrap();
            drop(other);
            drop(token.watch(Box::new(|| {})));
            token.cancel();
            end.send(()).unwrap();
        });
        assert_eq!(calls.load(Ordering::SeqCst), 0, "its watch was dropped before its turn came");
    }

    #[test]
    fn stop_may_cancel_again_and_drop_its_own_watch() {
        let token = CancelToken::new();
        let held = Arc::new(Mutex::new(None));
        let stop = {
            let (token, held) = (token.clone(), held.clone());
            move || {
                token.cancel();
                let watch: Option<Watch> = held.lock().unwrap().take();
                assert!(watch.is_some());
            }
        };
        let watch = token.watch(Box::new(stop));
        *held.lock().unwrap() = Some(watch);
        token.cancel();
        assert!(held.lock().unwrap().is_none());
    }
}
