//! Bodies that are events.

use std::{fmt, iter::FusedIterator, time::Duration};

use httpkit_status::StatusCode;

use super::{from_response::FromResponse, named_body::NamedBody};
use crate::{
    client::Response,
    error::{ErrorKind, Result},
    event_stream::{EventParser, MAX_ID_BYTES, ServerSentEvent},
    violation::Excerpt,
};

const EVENT_STREAM: &str = "text/event-stream";

/// The events that a server sends, as they come (server-sent events: HTML Standard, Section 9.2).
///
/// As the return type of a method, it is an iterator that waits for the next event. It ends with the body; an event
/// that is not complete then is left out, and a status of 204 has none. Dropped before the end, it never waits, and
/// closes the connection unless the rest has come already.
///
/// A response with another content type than `text/event-stream` is [`ErrorKind::ContentType`]. An error ends the
/// iterator: [`ErrorKind::IncompleteRead`] if the body is truncated, and [`ErrorKind::TooLarge`] if an event exceeds its
/// limit or an id exceeds [`MAX_ID_BYTES`](ServerSentEvents::MAX_ID_BYTES).
///
/// A stream may be quiet for hours. A total timeout limits only the wait for the response head, and pauses have no
/// limit. To set one, set [`Timeouts::between_bytes`](crate::Timeouts::between_bytes) of the typed client or its
/// [`Client`](crate::Client). A comment that the server sends ends a pause.
///
/// ```
/// use httpkit::{Result, ServerSentEvents, http_client, testing::{Reply, Server}};
///
/// #[derive(serde::Deserialize)]
/// struct Price {
///     cents: u64,
/// }
///
/// #[http_client]
/// trait Market {
///     #[get("/prices")]
///     fn prices(&self, #[header("last-event-id")] after: Option<&str>) -> Result<ServerSentEvents>;
/// }
///
/// let server = Server::start(|_| {
///     let events = "event: price\nid: 7\ndata: {\"cents\": 250}\n\nevent: closed\ndata\n\n";
///     Reply::new(200).header("content-type", "text/event-stream").body(events)
/// });
/// let market = MarketClient::builder().base(server.url("")).build()?;
/// let mut prices = market.prices(None)?;
/// for event in &mut prices {
///     let event = event?;
///     match event.name() {
///         "price" => assert_eq!(event.json::<Price>()?.cents, 250),
///         _ => break,
///     }
/// }
/// // To go on where this one ended is up to the caller, who knows whether and when.
/// let prices = market.prices(Some(prices.last_event_id()))?;
/// # assert_eq!(server.received()[1].header("last-event-id").unwrap(), "7");
/// # Ok::<(), httpkit::Error>(())
/// ```
///
/// Nothing is sent again behind the caller's back. A connection that ended is asked for anew by calling the method
/// with [`last_event_id`](ServerSentEvents::last_event_id), after
/// [`reconnection_time`](ServerSentEvents::reconnection_time).
#[must_use = "events are read when they are asked for"]
pub struct ServerSentEvents {
    reader: NamedBody,
    parser: EventParser,
    is_over: bool,
}

impl ServerSentEvents {
    /// The maximum size of the id of an event, 4 KiB. The id is sent back in a `Last-Event-ID` header, and many servers
    /// do not accept headers much larger than that.
    pub const MAX_ID_BYTES: usize = MAX_ID_BYTES;

    /// Sets the limit on the bytes of an event: its name, its data and its id. Defaults to
    /// [`Limits::max_collected_bytes`](crate::Limits::max_collected_bytes), 64 MiB.
    pub fn max_event_bytes(mut self, limit: usize) -> ServerSentEvents {
        self.parser.set_max_event_bytes(limit);
        self
    }

    /// Returns the id of the last complete event, for a `Last-Event-ID` header. Empty if there was none.
    pub fn last_event_id(&self) -> &str {
        self.parser.last_event_id()
    }

    /// Returns how long to wait before the next request, if the server has sent that.
    pub fn reconnection_time(&self) -> Option<Duration> {
        self.parser.reconnection_time()
    }

    /// The next event; `None` at the end of the body.
    fn read_event(&mut self) -> Result<Option<ServerSentEvent>> {
        loop {
            let bytes = self.reader.fill()?;
            if bytes.is_empty() {
                return Ok(None);
            }
            let (read, event) = self.parser.read(bytes).map_err(|error| self.reader.blame(error))?;
            self.reader.consume(read);
            if event.is_some() {
                return Ok(event);
            }
        }
    }
}

impl Iterator for ServerSentEvents {
    type Item = Result<ServerSentEvent>;

    fn next(&mut self) -> Option<Result<ServerSentEvent>> {
        if self.is_over {
            return None;
        }
        let event = self.read_event().transpose();
        self.is_over = !matches!(event, Some(Ok(_)));
        event
    }
}

impl FusedIterator for ServerSentEvents {}

#[diagnostic::do_not_recommend]
impl FromResponse for ServerSentEvents {
    fn accept() -> Option<&'static str> {
        Some(EVENT_STREAM)
    }

    fn from_response(response: Response) -> Result<ServerSentEvents> {
        let is_over = response.status() == StatusCode::NoContent;
        let is_event_stream = response.content_type().is_some_and(|found| found.is(EVENT_STREAM));
        if !is_over && !is_event_stream {
            let found = response.header("content-type").map_or(&b""[..], |value| value.as_bytes());
            let found = Excerpt::of(found);
            return Err(response.refused(ErrorKind::ContentType { expected: EVENT_STREAM, found }));
        }
        let reader = NamedBody::new(response.without_default_pauses());
        Ok(ServerSentEvents { parser: EventParser::new(reader.max_collected_bytes()), reader, is_over })
    }

    fn is_stream() -> bool {
        true
    }

    fn for_endpoint(mut self, name: &'static str) -> ServerSentEvents {
        self.reader.set_endpoint(name);
        self
    }
}

/// Nothing of the content.
impl fmt::Debug for ServerSentEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerSentEvents")
            .field("last_event_id", &self.last_event_id())
            .field("is_over", &self.is_over)
            .finish_non_exhaustive()
    }
}
