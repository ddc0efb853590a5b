//! Waiting for what other threads find out, for as long as nobody cancels.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};

use crate::net::{
    cancel::{CancelTokens, Watch},
    deadline::Deadline,
    error::{NetError, Stage},
};

/// Where the answers of other threads arrive.
pub(super) struct Inbox<T> {
    answers: Receiver<Answer<T>>,
    /// Ends the wait on cancellation.
    _watch: [Option<Watch>; 2],
}

/// Where another thread puts its answer.
pub(super) struct Outbox<T>(Sender<Answer<T>>);

enum Answer<T> {
    Found(T),
    Cancelled,
}

/// Opens an inbox whose wait the tokens end.
pub(super) fn open<T: Send + 'static>(cancel: CancelTokens<'_>) -> (Outbox<T>, Inbox<T>) {
    let (outbox, answers) = channel();
    let other = outbox.clone();
    // Whoever waited may have what it needs.
    let watch = cancel.watch(move || drop(other.send(Answer::Cancelled)));
    (Outbox(outbox), Inbox { answers, _watch: watch })
}

impl<T> Outbox<T> {
    /// Answers; whoever asked may have given up.
    pub(super) fn put(&self, answer: T) {
        drop(self.0.send(Answer::Found(answer)));
    }
}

impl<T> Clone for Outbox<T> {
    fn clone(&self) -> Outbox<T> {
        Outbox(self.0.clone())
    }
}

impl<T> Inbox<T> {
    /// Waits for the next answer.
    pub(super) fn wait(&self, deadline: Deadline, stage: Stage) -> Result<T, NetError> {
        let answer = match deadline.remaining() {
            None => self.answers.recv().map_err(RecvTimeoutError::from),
            Some(remaining) => self.answers.recv_timeout(remaining),
        };
        match answer {
            Ok(Answer::Found(answer)) => Ok(answer),
            Ok(Answer::Cancelled) => Err(NetError::Cancelled),
            Err(RecvTimeoutError::Timeout) => Err(NetError::TimedOut(stage)),
            Err(RecvTimeoutError::Disconnected) => Err(NetError::Io(std::io::Error::other(
                "the threads that were waited for have ended without an answer",
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{thread, time::Duration};

    use super::*;
    use crate::net::cancel::CancelToken;

    const NOBODY: CancelTokens<'static> = CancelTokens { exchange: None, shutdown: None };

    #[test]
    fn an_answer_ends_the_wait_also_when_the_deadline_has_passed() {
        let (outbox, inbox) = open(NOBODY);
        thread::spawn(move || outbox.put(7)).join().unwrap();
        assert_eq!(inbox.wait(Deadline::after(Duration::ZERO), Stage::Connect).unwrap(), 7);
    }

    #[test]
    fn cancellation_ends_the_wait_before_and_within_it() {
        let by = |token| CancelTokens { exchange: Some(token), shutdown: None };
        let token = CancelToken::new();
        let (_outbox, inbox) = open::<u8>(by(&token));
        let canceller = thread::spawn({
            let token = token.clone();
            move || token.cancel()
        });
        assert!(matches!(inbox.wait(Deadline::NEVER, Stage::Resolve), Err(NetError::Cancelled)));
        canceller.join().unwrap();
        let (_outbox, inbox) = open::<u8>(by(&token));
        assert!(matches!(inbox.wait(Deadline::NEVER, Stage::Resolve), Err(NetError::Cancelled)));
    }

    #[test]
    fn a_deadline_and_threads_that_are_gone_end_the_wait() {
        let (outbox, inbox) = open::<u8>(NOBODY);
        let soon = Deadline::after(Duration::from_millis(1));
        assert!(matches!(inbox.wait(soon, Stage::Resolve), Err(NetError::TimedOut(Stage::Resolve))));
        drop(outbox);
        assert!(matches!(inbox.wait(Deadline::NEVER, Stage::Resolve), Err(NetError::Io(_))));
    }
}
