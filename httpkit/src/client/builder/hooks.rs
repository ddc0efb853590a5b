//! Functions of the user's own: around exchanges, and beside them.

use super::ClientBuilder;
use crate::{
    client::{Next, Response},
    error::Result,
    event::Event,
    request::Request,
};

impl ClientBuilder {
    /// Has a function stand around each exchange: it may change the request, hand it on as often as it wants
    /// or not at all, and change or replace the response (see [`Response::builder`]). Functions are called in the
    /// order in which they were added; the last one is next to the exchange. Redirects and retries happen within.
    ///
    /// ```
    /// use std::sync::Mutex;
    /// use httpkit::{Client, StatusCode, testing::{Reply, Server}};
    ///
    /// let server = Server::start(|request| match request.header("Authorization") {
    ///     Some(value) if value == "Bearer new" => Reply::new(200),
    ///     _ => Reply::new(401),
    /// });
    /// let token = Mutex::new("old");
    /// let client = Client::builder()
    ///     .middleware(move |mut request, next| {
    ///         let authorization = format!("Bearer {}", token.lock().unwrap());
    ///         request.headers_mut().set("Authorization", authorization)?;
    ///         if let Some(first) = request.try_clone() {
    ///             let response = next.run(first)?;
    ///             if response.status() != StatusCode::Unauthorized {
    ///                 return Ok(response);
    ///             }
    ///         }
    ///         *token.lock().unwrap() = "new";
    ///         request.headers_mut().set("Authorization", "Bearer new")?;
    ///         next.run(request)
    ///     })
    ///     .build()?;
    /// for _ in 0..2 {
    ///     assert_eq!(client.get(server.url("/")).send()?.status(), StatusCode::OK);
    /// }
    /// assert_eq!(server.received().len(), 3);
    /// # Ok::<(), httpkit::Error>(())
    /// ```
    pub fn middleware(
        mut self,
        function: impl Fn(Request<'_>, Next<'_>) -> Result<Response> + Send + Sync + 'static,
    ) -> Self {
        self.middleware.push(Box::new(function));
        self
    }

    /// Has a function see what happens to requests, on the thread that sends them: for metrics and logs. May be
    /// called several times, for several functions. Without any, no clock is read for events.
    ///
    /// ```
    /// use std::sync::{Arc, Mutex};
    /// use httpkit::{Client, EventKind, testing::{Reply, Server}};
    ///
    /// let server = Server::start(|_| Reply::text(200, "spam"));
    /// let log = Arc::new(Mutex::new(Vec::new()));
    /// let sink = log.clone();
    /// let client = Client::builder()
    ///     .on_event(move |event| {
    ///         if let EventKind::Finished { status, bytes, .. } = event.kind {
    ///             sink.lock().unwrap().push(format!("{} {status}: {bytes} bytes", event.method));
    ///         }
    ///     })
    ///     .build()?;
    /// client.get(server.url("/")).send()?.text()?;
    /// assert_eq!(*log.lock().unwrap(), ["GET 200 OK: 4 bytes"]);
    /// # Ok::<(), httpkit::Error>(())
    /// ```
    pub fn on_event(mut self, hook: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.events.push(Box::new(hook));
        self
    }

    /// Opens a `tracing` span named `http_exchange` for each request, at level `DEBUG`.
    ///
    /// Its fields are `method`, `url` without user info, and at the end `status` and `bytes`, or `error`. What happens
    /// in between is recorded as events in the span. Headers and content are never recorded. The span closes when the
    /// request ends, even by a panic of a hook.
    #[cfg(feature = "tracing")]
    pub fn tracing(mut self) -> Self {
        self.events.push(Box::new(crate::spans::Spans::default()));
        self
    }
}
