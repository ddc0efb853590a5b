//! The settings of a connection: plain data.

use std::time::Duration;

use crate::{
    limits::Limits,
    net::{CancelToken, Route},
    wire::Strictness,
};

/// How long each wait may last. `None` means that nothing else ends it.
///
/// ```
/// use std::time::Duration;
/// use httpkit::Timeouts;
///
/// let patient = Timeouts { response: Some(Duration::from_secs(300)), ..Timeouts::default() };
/// assert_eq!(patient.connect, Some(Duration::from_secs(10)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For one of the connections to a host, where their number is limited
    /// ([`max_open_per_host`](crate::ClientBuilder::max_open_per_host)). Defaults to 30 s.
    pub pool: Option<Duration>,
    /// Resolving the name, within `connect`. Defaults to `None`.
    pub resolve: Option<Duration>,
    /// Resolving the name, connecting, and the handshake of TLS together. Defaults to 10 s.
    pub connect: Option<Duration>,
    /// The handshake of TLS, within `connect`. Defaults to `None`.
    pub handshake: Option<Duration>,
    /// From the start of a request, on an open connection, to the last byte of its body: the wait for 100 Continue
    /// counts, and so does what the source of the body takes, as soon as it has ended. Defaults to `None`.
    pub send: Option<Duration>,
    /// From the request, sent, to the whole head of its final response. Defaults to 30 s.
    pub response: Option<Duration>,
    /// Between two reads of a body, or two writes of a request, that move bytes; the wait for a head is that of
    /// `response`. Defaults to 30 s.
    pub between_bytes: Option<Duration>,
    /// How slowly a request may be sent, and the body of its response may come. Defaults to `None`: as slowly as
    /// the others allow.
    pub low_speed: Option<LowSpeed>,
    /// How long a request with `Expect: 100-continue` waits before it sends its body anyway (RFC 9110,
    /// Section 10.1.1). Defaults to 1 s.
    pub expect_continue: Duration,
}

impl Timeouts {
    /// No timeouts but that for 100 Continue.
    pub const NONE: Timeouts = Timeouts {
        pool: None,
        resolve: None,
        connect: None,
        handshake: None,
        send: None,
        response: None,
        between_bytes: None,
        low_speed: None,
        expect_continue: Duration::from_secs(1),
    };
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts {
            pool: Some(Duration::from_secs(30)),
            connect: Some(Duration::from_secs(10)),
            response: Some(Duration::from_secs(30)),
            between_bytes: Some(Duration::from_secs(30)),
            ..Timeouts::NONE
        }
    }
}

/// The speed below which a body moves too slowly to be waited for, either way: the exchange ends with
/// [`Phase::LowSpeed`](crate::Phase::LowSpeed).
///
/// ```
/// use std::time::Duration;
/// use httpkit::{LowSpeed, Timeouts};
///
/// // 10,000 bytes within each 10 seconds of waiting.
/// let low_speed = LowSpeed { bytes_per_second: 1000, window: Duration::from_secs(10) };
/// let timeouts = Timeouts { low_speed: Some(low_speed), ..Timeouts::default() };
/// # let _ = timeouts;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LowSpeed {
    /// So many bytes have to move in each second, on average over a window. They are counted as they move: with the
    /// framing of chunks, and with content codings. What is sent counts when the system has taken it, which may take some 100 KB and more
    /// before the server reads any.
    pub bytes_per_second: u64,
    /// How long a window is. One begins where the one before has ended; only the time counts that reading or sending
    /// waits for the server, and the window in which the body ends is not judged.
    pub window: Duration,
}

/// What all connections of a client have in common.
#[derive(Clone, Default)]
pub(crate) struct ConnectionConfig {
    pub(crate) strictness: Strictness,
    pub(crate) limits: Limits,
    pub(crate) timeouts: Timeouts,
    pub(crate) route: Route,
    /// Ends what all of them are doing.
    pub(crate) shutdown: Option<CancelToken>,
}
