//! The deadline and the tokens of an exchange, checked between waits. Work that waits for nothing must end too.

use std::time::Duration;

use super::HttpConnection;
use crate::{
    error::{ErrorKind, Phase, Result, TimeoutLimit},
    net::{CancelToken, CancelTokens, Deadline},
};

/// The deadline and the tokens of an exchange. They can be kept after the connection has been returned to the pool: the
/// last bytes of the body may still have to be decoded then.
pub(crate) struct Expiry {
    deadline: Deadline,
    /// The total time that the deadline comes from.
    total: Option<Duration>,
    cancel: Option<CancelToken>,
    shutdown: Option<CancelToken>,
}

impl Expiry {
    /// Checks whether the exchange may continue.
    pub(crate) fn check(&self) -> Result<()> {
        let tokens = CancelTokens { exchange: self.cancel.as_ref(), shutdown: self.shutdown.as_ref() };
        if tokens.have_cancelled() {
            return Err(ErrorKind::Cancelled.into());
        }
        if self.deadline.has_passed() {
            let limit = self.total.map_or(TimeoutLimit::System, TimeoutLimit::Total);
            return Err(ErrorKind::Timeout { phase: Phase::Body, limit }.into());
        }
        Ok(())
    }
}

impl HttpConnection {
    /// Returns the deadline and the tokens of the current exchange.
    pub(crate) fn expiry(&self) -> Expiry {
        Expiry {
            deadline: self.deadline,
            total: self.total,
            cancel: self.cancel.clone(),
            shutdown: self.config.shutdown.clone(),
        }
    }

    /// Checks whether the exchange may continue, and closes the connection if not.
    pub(crate) fn check_body(&mut self) -> Result<()> {
        if self.is_cancelled() {
            return Err(self.fail_body(ErrorKind::Cancelled));
        }
        if self.deadline.has_passed() {
            let timeout = self.timeout(Phase::Body);
            return Err(self.fail_body(timeout));
        }
        Ok(())
    }
}
