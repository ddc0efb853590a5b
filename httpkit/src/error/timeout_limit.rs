//! Which timeout expired.

use std::{fmt, time::Duration};

use super::phase::Phase;
use crate::timeouts::{Length, LowSpeed};

/// The setting whose timeout expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeoutLimit {
    /// The total time of the request: [`RequestBuilder::timeout`](crate::RequestBuilder::timeout), or `timeout` of the
    /// typed client or the client.
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
    /// Not a timeout of httpkit: the operating system, a custom resolver or a custom transport gave up by itself.
    System,
}

impl TimeoutLimit {
    /// Returns whether this is the total time of the request.
    pub fn is_total(&self) -> bool {
        matches!(self, TimeoutLimit::Total(_))
    }

    /// Returns the duration that was set. Returns the window for a lowest speed, and `None` if the timeout was not
    /// httpkit's.
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

    /// The setting, as a message shows it.
    fn setting(&self) -> &'static str {
        match self {
            TimeoutLimit::Total(_) => "total `timeout`",
            TimeoutLimit::Pool(_) => "`Timeouts::pool`",
            TimeoutLimit::Resolve(_) => "`Timeouts::resolve`",
            TimeoutLimit::Connect(_) => "`Timeouts::connect`",
            TimeoutLimit::Handshake(_) => "`Timeouts::handshake`",
            TimeoutLimit::Send(_) => "`Timeouts::send`",
            TimeoutLimit::Response(_) => "`Timeouts::response`",
            TimeoutLimit::BetweenBytes(_) => "`Timeouts::between_bytes`",
            TimeoutLimit::LowSpeed(_) => "`Timeouts::low_speed`",
            TimeoutLimit::Upgraded(_) => "`Upgraded::set_timeout`",
            TimeoutLimit::System => "not a timeout of httpkit",
        }
    }
}

/// The message of a timeout: its length, what was waited for, and the setting.
pub(super) struct TimedOut(pub(super) Phase, pub(super) TimeoutLimit);

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TimedOut(phase, limit) = self;
        if let TimeoutLimit::LowSpeed(low_speed) = limit {
            return write!(f, "transfer slower than {low_speed} ({})", limit.setting());
        }
        f.write_str("timed out")?;
        if let Some(duration) = limit.duration() {
            write!(f, " after {}", Length(duration))?;
        }
        match (limit, phase) {
            // An upgraded connection has no request and no response.
            (TimeoutLimit::Upgraded(_), Phase::Send) => f.write_str(" writing to the upgraded connection")?,
            (TimeoutLimit::Upgraded(_), _) => f.write_str(" reading from the upgraded connection")?,
            _ => write!(f, " {phase}")?,
        }
        write!(f, " ({})", limit.setting())
    }
}
