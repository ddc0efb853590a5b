//! The settings of a connection: plain data.

use std::sync::Arc;

use crate::{
    limits::Limits,
    net::{CancelToken, Route},
    timeouts::Timeouts,
    wire::Strictness,
};

/// The timeouts and limits of an exchange.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bounds {
    pub(crate) timeouts: Timeouts,
    pub(crate) limits: Limits,
}

impl Bounds {
    /// Returns these bounds, with those of `base` for each one that is not set.
    pub(crate) fn over(self, base: &Bounds) -> Bounds {
        let Bounds { timeouts, limits } = self;
        Bounds { timeouts: timeouts.over(&base.timeouts), limits: limits.over(&base.limits) }
    }
}

/// What all connections of a client have in common.
#[derive(Clone, Default)]
pub(crate) struct ConnectionConfig {
    pub(crate) strictness: Strictness,
    /// The defaults of an exchange.
    pub(crate) bounds: Arc<Bounds>,
    pub(crate) route: Route,
    /// The names of headers whose values are shown, although they might be secret.
    pub(crate) shown: Vec<Box<str>>,
    /// Ends what all of them are doing.
    pub(crate) shutdown: Option<CancelToken>,
}

impl ConnectionConfig {
    /// Sets timeouts. Keeps those that `timeouts` does not set.
    pub(crate) fn set_timeouts(&mut self, timeouts: Timeouts) {
        let bounds = Arc::make_mut(&mut self.bounds);
        bounds.timeouts = timeouts.over(&bounds.timeouts);
    }

    /// Sets limits. Keeps those that `limits` does not set.
    pub(crate) fn set_limits(&mut self, limits: Limits) {
        let bounds = Arc::make_mut(&mut self.bounds);
        bounds.limits = limits.over(&bounds.limits);
    }
}
