//! Which timeout expired.

use std::{fmt, time::Duration};

use crate::timeouts::{Length, LowSpeed};

/// The timeout that expired, by the setting that it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeoutLimit {
    /// The total time of the request, as set by [`RequestBuilder::timeout`](crate::RequestBuilder::timeout) or the
    /// `timeout` of a client.
    Total(Duration),
    /// [`Timeouts::pool`](crate::Timeouts::pool).
    Pool(Duration),
    /// [`Timeouts::resolve`](crate::Timeouts::resolve).
    Resolve(Duration),
    /// [`Timeouts::connect`](crate::Timeouts::connect).
    Connect(Duration),
    /// [`Timeouts::handshake`](crate::Timeouts::handshake).
    Handshake(Duration),
    /// [`Timeouts::send`](crate::Timeouts::send).
    Send(Duration),
    /// [`Timeouts::response`](crate::Timeouts::response).
    Response(Duration),
    /// [`Timeouts::between_bytes`](crate::Timeouts::between_bytes).
    BetweenBytes(Duration),
    /// [`Timeouts::low_speed`](crate::Timeouts::low_speed).
    LowSpeed(LowSpeed),
    /// [`Upgraded::set_timeout`](crate::Upgraded::set_timeout).
    Upgraded(Duration),
    /// None of httpkit's: the operating system, a custom resolver or a custom transport gave up by itself.
    System,
}

impl TimeoutLimit {
    /// Returns whether this is the total time of the request.
    pub fn is_total(&self) -> bool {
        matches!(self, TimeoutLimit::Total(_))
    }

    /// Returns the duration that was set; for a lowest speed, its window. `None` if the timeout was not httpkit's.
    pub fn duration(&self) -> Option<Duration> {
        match *self {
            TimeoutLimit::Total(limit)
            | TimeoutLimit::Pool(limit)
            | TimeoutLimit::Resolve(limit)
            | TimeoutLimit::Connect(limit)
            | TimeoutLimit::Handshake(limit)
            | TimeoutLimit::Send(limit)
            | TimeoutLimit::Response(limit)
            | TimeoutLimit::BetweenBytes(limit)
            | TimeoutLimit::Upgraded(limit) => Some(limit),
            TimeoutLimit::LowSpeed(low_speed) => Some(low_speed.window),
            TimeoutLimit::System => None,
        }
    }

    /// What a message ends with: the setting.
    pub(super) fn named(self) -> Named {
        Named(self)
    }
}

/// `after 30 s` and a space before it, in the middle of a message.
impl fmt::Display for TimeoutLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.duration() {
            Some(limit) => write!(f, " after {}", Length(limit)),
            None => Ok(()),
        }
    }
}

/// The setting in parentheses, at the end of a message.
pub(super) struct Named(TimeoutLimit);

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let setting = match self.0 {
            TimeoutLimit::Total(_) => return f.write_str(" (total `timeout`)"),
            TimeoutLimit::LowSpeed(low_speed) => return write!(f, " ({low_speed}, `Timeouts::low_speed`)"),
            TimeoutLimit::System => return Ok(()),
            TimeoutLimit::Upgraded(_) => return f.write_str(" (`Upgraded::set_timeout`)"),
            TimeoutLimit::Pool(_) => "pool",
            TimeoutLimit::Resolve(_) => "resolve",
            TimeoutLimit::Connect(_) => "connect",
            TimeoutLimit::Handshake(_) => "handshake",
            TimeoutLimit::Send(_) => "send",
            TimeoutLimit::Response(_) => "response",
            TimeoutLimit::BetweenBytes(_) => "between_bytes",
        };
        write!(f, " (`Timeouts::{setting}`)")
    }
}
