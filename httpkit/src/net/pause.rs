//! Waiting for nothing but time.

use std::{sync::mpsc::sync_channel, thread, time::Duration};

use crate::net::cancel::CancelToken;

/// Waits so long, or until the token cancels.
pub(crate) fn pause(wait: Duration, cancel: Option<&CancelToken>) {
    let Some(token) = cancel else {
        return thread::sleep(wait);
    };
    let (cancelled, is_cancelled) = sync_channel(1);
    // That nobody waits any more, or a second cancellation, is no failure.
    let _watch = token.watch(Box::new(move || cancelled.try_send(()).unwrap_or_default()));
    // Either end of this wait will do.
    let _ = is_cancelled.recv_timeout(wait);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Longer than any test runs.
    const FOREVER: Duration = Duration::from_secs(1 << 40);

    #[test]
    fn cancellation_ends_a_pause() {
        let token = CancelToken::new();
        let other = token.clone();
        let canceller = thread::spawn(move || other.cancel());
        pause(FOREVER, Some(&token));
        assert!(token.is_cancelled());
        canceller.join().unwrap();
        pause(FOREVER, Some(&token));
    }

    #[test]
    fn a_pause_ends_by_itself() {
        pause(Duration::from_millis(1), None);
        pause(Duration::from_millis(1), Some(&CancelToken::new()));
    }
}
