//! The timeout of each phase of an exchange.

use std::{fmt, time::Duration};

use crate::setting::Setting;

/// The timeout of each phase of a request. `None` turns a timeout off. A timeout that is not set is inherited.
///
/// A request inherits from its typed client, then from the [`Client`](crate::Client), then from the defaults. A total
/// timeout is a separate setting, for example [`RequestBuilder::timeout`](crate::RequestBuilder::timeout). A request has
/// no total timeout by default. A timeout that expires is [`ErrorKind::Timeout`](crate::ErrorKind::Timeout), which names
/// the setting.
///
/// | setting | limits | default |
/// |---|---|---|
/// | [`pool`](Timeouts::pool) | the wait for a connection slot | 30 s |
/// | [`resolve`](Timeouts::resolve) | the name lookup, within `connect` | none |
/// | [`connect`](Timeouts::connect) | lookup, connection and TLS handshake together | 10 s |
/// | [`handshake`](Timeouts::handshake) | the TLS handshake, within `connect` | none |
/// | [`send`](Timeouts::send) | sending the whole request | none |
/// | [`response`](Timeouts::response) | the wait for the whole head of the final response | 30 s |
/// | [`between_bytes`](Timeouts::between_bytes) | each pause while a request is sent or a body is read | 30 s |
/// | [`low_speed`](Timeouts::low_speed) | a transfer that moves, but too slowly | none |
/// | [`expect_continue`](Timeouts::expect_continue) | the wait for 100 (Continue) | 1 s |
///
/// ```
/// use std::time::Duration;
/// use httpkit::{Client, Timeouts};
///
/// let client = Client::builder().timeouts(Timeouts::new().response(Duration::from_secs(300))).build()?;
/// // This request waits for the response without a limit, but connects within 10 s, like any other.
/// let request = client.get("http://example.org/poll").timeouts(Timeouts::new().response(None));
/// # Ok::<(), httpkit::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Timeouts {
    pub(crate) pool: Setting<Option<Duration>>,
    pub(crate) resolve: Setting<Option<Duration>>,
    pub(crate) connect: Setting<Option<Duration>>,
    pub(crate) handshake: Setting<Option<Duration>>,
    pub(crate) send: Setting<Option<Duration>>,
    pub(crate) response: Setting<Option<Duration>>,
    pub(crate) between_bytes: Setting<Option<Duration>>,
    pub(crate) low_speed: Setting<Option<LowSpeed>>,
    pub(crate) expect_continue: Setting<Option<Duration>>,
}

impl Timeouts {
    /// Turns off every timeout except [`expect_continue`](Timeouts::expect_continue), which is inherited.
    pub const NONE: Timeouts = Timeouts {
        pool: Setting::chosen(None),
        resolve: Setting::chosen(None),
        connect: Setting::chosen(None),
        handshake: Setting::chosen(None),
        send: Setting::chosen(None),
        response: Setting::chosen(None),
        between_bytes: Setting::chosen(None),
        low_speed: Setting::chosen(None),
        expect_continue: default_of(1),
    };

    /// Returns timeouts of which none is set, so that all are inherited.
    pub const fn new() -> Timeouts {
        Timeouts {
            pool: default_of(30),
            resolve: Setting::default_of(None),
            connect: default_of(10),
            handshake: Setting::default_of(None),
            send: Setting::default_of(None),
            response: default_of(30),
            between_bytes: default_of(30),
            low_speed: Setting::default_of(None),
            expect_continue: default_of(1),
        }
    }

    /// Sets the timeout of the wait for a connection slot, if the number of connections to a host is limited
    /// ([`max_open_per_host`](crate::ClientBuilder::max_open_per_host)). Defaults to 30 s.
    pub fn pool(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.pool = Setting::chosen(timeout.into());
        self
    }

    /// Sets the timeout of the name lookup. `connect` limits it too. Defaults to none.
    pub fn resolve(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.resolve = Setting::chosen(timeout.into());
        self
    }

    /// Sets the timeout of the name lookup, the connection and the TLS handshake together. Defaults to 10 s.
    pub fn connect(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.connect = Setting::chosen(timeout.into());
        self
    }

    /// Sets the timeout of the TLS handshake. `connect` limits it too. Defaults to none.
    pub fn handshake(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.handshake = Setting::chosen(timeout.into());
        self
    }

    /// Sets the timeout for sending the whole request: from its first byte on an open connection, after the TLS
    /// handshake, to the last byte of its body. Includes the wait for 100 (Continue) and the time that the source of
    /// the body takes. Defaults to none.
    pub fn send(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.send = Setting::chosen(timeout.into());
        self
    }

    /// Sets the timeout of the wait for the response: from the last byte of the request to the end of the final head.
    /// Interim responses such as 102 (Processing) do not extend it. Defaults to 30 s.
    pub fn response(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.response = Setting::chosen(timeout.into());
        self
    }

    /// Sets the longest pause between two writes of a request, or two reads of a body, that move bytes. Defaults to
    /// 30 s. A [`ServerSentEvents`](crate::ServerSentEvents) stream defaults to none, because it may be quiet for
    /// hours.
    pub fn between_bytes(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.between_bytes = Setting::chosen(timeout.into());
        self
    }

    /// Sets the lowest speed at which a request is sent and the body of its response is received. Defaults to none.
    pub fn low_speed(mut self, speed: impl Into<Option<LowSpeed>>) -> Self {
        self.low_speed = Setting::chosen(speed.into());
        self
    }

    /// Sets how long a request with `Expect: 100-continue` waits before it sends its body anyway (RFC 9110
    /// §10.1.1). `None` waits for a response. Defaults to 1 s.
    pub fn expect_continue(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.expect_continue = Setting::chosen(timeout.into());
        self
    }

    /// Returns these timeouts, with that of `base` for each one that is not set.
    pub(crate) fn over(self, base: &Timeouts) -> Timeouts {
        // Without `..`, so that a new timeout cannot be left out.
        let Timeouts {
            pool,
            resolve,
            connect,
            handshake,
            send,
            response,
            between_bytes,
            low_speed,
            expect_continue,
        } = self;
        Timeouts {
            pool: pool.or(base.pool),
            resolve: resolve.or(base.resolve),
            connect: connect.or(base.connect),
            handshake: handshake.or(base.handshake),
            send: send.or(base.send),
            response: response.or(base.response),
            between_bytes: between_bytes.or(base.between_bytes),
            low_speed: low_speed.or(base.low_speed),
            expect_continue: expect_continue.or(base.expect_continue),
        }
    }
}

/// A default in seconds.
const fn default_of(seconds: u64) -> Setting<Option<Duration>> {
    Setting::default_of(Some(Duration::from_secs(seconds)))
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts::new()
    }
}

/// The lowest speed of a transfer, in either direction. A slower one ends with
/// [`Phase::LowSpeed`](crate::Phase::LowSpeed).
///
/// The speed counts bytes as they are on the wire, with the framing of chunks and with content codings. A byte is sent
/// when the operating system has taken it, which may be some 100 KB before the server reads any.
///
/// ```
/// use std::time::Duration;
/// use httpkit::{LowSpeed, Timeouts};
///
/// // At least 10,000 bytes within each 10 seconds of waiting.
/// let timeouts = Timeouts::new().low_speed(LowSpeed::new(1000, Duration::from_secs(10)));
/// # let _ = timeouts;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LowSpeed {
    pub(crate) bytes_per_second: u64,
    pub(crate) window: Duration,
}

impl LowSpeed {
    /// Requires an average of `bytes_per_second` over each `window`.
    ///
    /// A window begins when the one before it ends. Only the time spent waiting for the server counts. The window in
    /// which a body ends is not checked.
    #[must_use]
    pub const fn new(bytes_per_second: u64, window: Duration) -> LowSpeed {
        LowSpeed { bytes_per_second, window }
    }
}

impl fmt::Display for LowSpeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes/s for {}", self.bytes_per_second, Length(self.window))
    }
}

/// Displays a duration as `30 s` or `150 ms`.
pub(crate) struct Length(pub(crate) Duration);

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Length(length) = self;
        match length.subsec_nanos() {
            0 => write!(f, "{} s", length.as_secs()),
            nanos if nanos % 1_000_000 == 0 => write!(f, "{} ms", length.as_millis()),
            _ => write!(f, "{length:?}"),
        }
    }
}
