//! States of a connection that forbid a call.

use std::fmt;

/// What a connection is doing, when that forbids a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StateError {
    /// The connection is closed.
    Closed,
    /// No request has begun.
    Idle,
    /// The head of a request is being written.
    Started,
    /// The body of a request is owed.
    Sending,
    /// A request has been sent, and its response has not been got.
    Sent,
    /// A response has not been read to its end.
    ResponseUnread,
    /// The connection no longer speaks HTTP.
    Upgraded,
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            StateError::Closed => "the connection is closed",
            StateError::Idle => "no request has begun",
            StateError::Started => "the head of a request is not ended",
            StateError::Sending => "the body of a request is not ended",
            StateError::Sent => "a request waits for its response",
            StateError::ResponseUnread => "the response before has not been read to its end",
            StateError::Upgraded => "the connection has switched to another protocol",
        })
    }
}
