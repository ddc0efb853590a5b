//! The attempts at one request.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use super::{RetryPolicy, backoff::random, budget::Budget, retry_after::retry_after};
use crate::{error::Error, headers::Headers, method::Method, wire::ResponseHead};

/// The attempts at one request, by its policy and the budget of its client.
pub(crate) struct Retries<'b> {
    policy: Arc<RetryPolicy>,
    budget: &'b Budget,
    attempts: u32,
}

/// What a decision depends on beside the outcome.
pub(crate) struct Situation<'s> {
    pub(crate) method: &'s Method,
    pub(crate) headers: &'s Headers,
    /// Whether the body, if there is one, can be sent.
    pub(crate) can_be_sent: bool,
    /// Of the request's total time; `None` without end.
    pub(crate) time_left: Option<Duration>,
}

impl<'b> Retries<'b> {
    /// Begins the first attempt.
    pub(crate) fn begin(policy: Arc<RetryPolicy>, budget: &'b Budget) -> Retries<'b> {
        if let Some(share) = policy.share {
            budget.deposit(share);
        }
        Retries { policy, budget, attempts: 1 }
    }

    /// How many attempts have begun.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The wait before the next attempt, which it counts; `None` where there is none and the outcome stands.
    pub(crate) fn next(
        &mut self,
        outcome: Result<&ResponseHead, &Error>,
        situation: &Situation<'_>,
    ) -> Option<Duration> {
        let policy = &self.policy;
        if self.attempts >= policy.max_attempts || !situation.can_be_sent {
            return None;
        }
        let asked = match outcome {
            Ok(head) => {
                let is_retried =
                    policy.has_status(head.status) && policy.repeats(situation.method, situation.headers);
                is_retried.then(|| retry_after(&head.headers, SystemTime::now()).unwrap_or_default())
            }
            Err(error) => {
                policy.has_error(error, situation.method, situation.headers).then_some(Duration::ZERO)
            }
        };
        // The server's wait is the least, and chance still spreads those who were told the same.
        let asked = asked.filter(|asked| *asked <= policy.max_retry_after)?;
        let wait = asked.saturating_add(policy.backoff.wait(self.attempts, random()));
        if situation.time_left.is_some_and(|left| left <= wait) {
            return None;
        }
        if policy.share.is_some_and(|share| !self.budget.withdraw(share)) {
            return None;
        }
        self.attempts += 1;
        Some(wait)
    }
}
