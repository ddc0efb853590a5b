//! Waiting for nothing but time.

use std::{sync::mpsc::sync_channel, thread, time::Duration};

use crate::net::cancel::CancelTokens;

/// Waits so long, or until a token cancels.
pub(crate) fn pause(wait: Duration, cancel: CancelTokens<'_>) {
    if cancel.are_none() {
        return thread::sleep(wait);
    }
    let (cancelled, is_cancelled) = sync_channel(1);
    // That nobody waits any more, or a second cancellation, is no failure.
    let _watch = cancel.watch(move || cancelled.try_send(()).unwrap_or_default());
    // Either end of this wait will do.
    let _ = is_cancelled.recv_timeout(wait);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::cancel::CancelToken;

    /// Longer than any test runs.
    const FOREVER: Duration = Duration::from_secs(1 << 40);

    #[test]
    fn cancellation_ends_a_pause() {
        let tokens = [CancelToken::new(), CancelToken::new()];
        for (index, token) in tokens.iter().enumerate() {
            let pause = || {
                let fresh = CancelToken::new();
                let [exchange, shutdown] = if index == 0 { [token, &fresh] } else { [&fresh, token] };
                pause(FOREVER, CancelTokens { exchange: Some(exchange), shutdown: Some(shutdown) });
            };
            let other = token.clone();
            let canceller = thread::spawn(move || other.cancel());
            pause();
            assert!(token.is_cancelled());
            canceller.join().unwrap();
            pause();
        }
    }

    #[test]
    fn a_pause_ends_by_itself() {
        let token = CancelToken::new();
        for exchange in [None, Some(&token)] {
            pause(Duration::from_millis(1), CancelTokens { exchange, shutdown: None });
        }
    }
}
