//! Attempts, as a retry policy wants them.

use std::time::Instant;

use super::{Answer, Engine, Total};
use crate::{
    error::{Error, ErrorKind, Result},
    event::EventKind,
    net::{self, pause},
    request::Request,
    retry::{Retries, Situation},
};

impl Engine {
    /// What the policy of a request makes of its attempts; `None` without one.
    pub(super) fn retries(&self, request: &Request<'_>) -> Option<Retries<'_>> {
        let own = &request.options.retry;
        let policy = if own.is_chosen { &own.value } else { &self.retry };
        Some(Retries::begin(policy.clone()?, &self.retry_budget))
    }

    /// Sends the request once or, where a policy says so, until its answer stands.
    pub(super) fn answer_by_policy(
        &self,
        request: &mut Request<'_>,
        retries: &mut Option<Retries<'_>>,
        now: Instant,
        total: Total,
    ) -> Result<Answer> {
        match retries {
            None => self.answer(request, now, total),
            Some(retries) => self.answer_in_attempts(request, retries, now, total),
        }
    }

    /// Sends the request until its answer stands.
    pub(super) fn answer_in_attempts(
        &self,
        request: &mut Request<'_>,
        retries: &mut Retries<'_>,
        mut now: Instant,
        total: Total,
    ) -> Result<Answer> {
        loop {
            let answered = self.answer(request, now, total);
            let attempts = retries.attempts();
            let outcome = answered.as_ref().map(|answer| &answer.head);
            let situation = Situation {
                method: &request.method,
                headers: &request.headers,
                can_be_sent: request.body.can_be_sent(),
                time_left: total.deadline.remaining(),
            };
            let Some(wait) = retries.next(outcome, &situation) else {
                return match answered {
                    Ok(answer) => Ok(Answer { attempts, ..answer }),
                    Err(error) => Err(error.with_attempts(attempts)),
                };
            };
            request.tell(EventKind::Retried { attempts, wait, error: answered.as_ref().err() });
            if let Ok(answer) = answered {
                self.set_aside(answer);
            }
            let cancel = self.cancel_tokens(request);
            pause(wait, cancel);
            if cancel.have_cancelled() {
                return Err(Error::new(ErrorKind::Cancelled).with_attempts(attempts));
            }
            request.body.rewind().map_err(ErrorKind::BodySource)?;
            now = net::now();
        }
    }

    /// Does without a response whose connection may serve again.
    pub(super) fn set_aside(&self, answer: Answer) {
        let mut connection = answer.connection;
        connection.drain_body();
        // It was of a response that nobody sees.
        drop(connection.take_measured());
        self.pool.check_in(connection);
    }
}
