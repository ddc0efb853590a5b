//! Requests that another thread ends.

use std::{sync::mpsc, thread};

use httpkit::{CancelToken, Client, Error, ErrorKind, RequestBuilder};

/// What ends a request from another thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelledBy {
    /// A token of its own.
    Token,
    /// The end of its client.
    ShutDown,
}

impl CancelledBy {
    /// Each way.
    pub const ALL: [CancelledBy; 2] = [CancelledBy::Token, CancelledBy::ShutDown];

    /// Sends a request of the client, and ends it as soon as there is a word. Its error is `Cancelled`.
    pub fn when(self, word: mpsc::Receiver<()>, client: &Client, request: RequestBuilder<'_>) -> Error {
        let (token, other) = (CancelToken::new(), client.clone());
        let request = if self == CancelledBy::Token { request.cancel_token(&token) } else { request };
        let canceller = thread::spawn(move || {
            word.recv().expect("there is a word");
            match self {
                CancelledBy::Token => token.cancel(),
                CancelledBy::ShutDown => other.shut_down(),
            }
        });
        let error = request.send().expect_err("it is ended");
        canceller.join().expect("it only waits for the word");
        assert!(matches!(error.kind(), ErrorKind::Cancelled), "{self:?}: {error:?}");
        error
    }
}
