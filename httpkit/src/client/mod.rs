//! The pooled client.

mod body;
mod builder;
mod download;
mod incoming;
mod into_url;
mod links;
mod middleware;
mod onlookers;
mod provenance;
mod request;
mod response;
mod response_builder;

use std::{fmt, sync::Arc};

pub(crate) use self::middleware::Function;
pub use self::{
    body::Body, builder::ClientBuilder, download::Download, into_url::IntoUrl, middleware::Next,
    request::RequestBuilder, response::Response, response_builder::ResponseBuilder,
};
use self::{incoming::Incoming, onlookers::Onlookers, provenance::Provenance};
use crate::{
    error::{Error, Result},
    exchange::{Answer, Engine},
    method::Method,
    net::now,
    request::Request,
    url::Url,
};

/// An HTTP client with a connection pool, deadlines and default headers.
///
/// Clones share connections and settings, and are cheap. A client can be used from many threads at once.
///
/// # Idle connections
/// A client has no background thread. While it makes no requests, its idle connections stay open. Those that the server
/// has closed stay in the state `CLOSE_WAIT`, even after their [idle timeout](ClientBuilder::idle_timeout), until a
/// later request finds them closed or opens a new connection. Call [`close_idle`](Client::close_idle) before a long
/// pause.
///
/// # Forks
/// Create a client after `fork`, not before. Otherwise parent and child share the sockets of its connections, and one
/// process may receive the response to a request of the other. A client is not aware of a fork, because detecting one
/// would take a system call for each request. Programs that are started by [`std::process::Command`] do not inherit the
/// sockets.
///
/// # Examples
/// ```no_run
/// use httpkit::Client;
///
/// let client = Client::new();
/// let text = client.get("http://example.org/").send()?.text()?;
/// # Ok::<(), httpkit::Error>(())
/// ```
#[derive(Clone)]
pub struct Client(Arc<Shared>);

/// What the clones of a client share.
struct Shared {
    engine: Arc<Engine>,
    /// What stands around each exchange.
    middleware: Vec<Box<Function>>,
}

impl Client {
    /// A client with the defaults of [`ClientBuilder`].
    pub fn new() -> Client {
        ClientBuilder::default().finish()
    }

    fn of(engine: Arc<Engine>, middleware: Vec<Box<Function>>) -> Client {
        Client(Arc::new(Shared { engine, middleware }))
    }

    /// Sets up a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Begins a request with any method.
    ///
    /// A URL that begins with `/` is appended to the base URL. An invalid one shows in
    /// [`send`](RequestBuilder::send).
    pub fn request<'a>(&self, method: Method, url: impl IntoUrl) -> RequestBuilder<'a> {
        let url = url.into_url(self.0.engine.base_url.as_ref()).map_err(Error::from);
        RequestBuilder::new(self.clone(), method, url)
    }

    /// Sends a request and waits for the head of the final response.
    ///
    /// # Errors
    /// `Dns`, `Connect`, `Tls`, `Timeout`, `Io`, `RemoteDisconnected`; `TooManyRedirects` and `RedirectRefused`,
    /// as [`RedirectPolicy`](crate::RedirectPolicy) says; what a malformed response meets, as at
    /// [`HttpConnection::get_response`](crate::HttpConnection::get_response); and what middleware returns.
    pub fn execute(&self, mut request: Request<'_>) -> Result<Response> {
        if !self.0.middleware.is_empty() {
            return self.execute_through_middleware(request);
        }
        let began = now();
        if let Some(hook) = request.options.upload_progress.take() {
            request.body = request.body.watched(hook);
        }
        let decode = request.options.decode;
        let decode = self.0.engine.accept_encoding.of_request(decode, &mut request.headers);
        let mut history = Vec::new();
        let answered = self.0.engine.exchange(&mut request, &mut history, began);
        self.0.engine.buffers.give_body_back(std::mem::take(&mut request.body).into_buffer());
        let Answer { head, mut connection, attempts } = answered?;
        let provenance = Provenance::of(&mut connection, began);
        let bounds = request.options.resolved.take();
        let onlookers = Onlookers::of(&request, head.status, &connection);
        let incoming = Incoming::new(connection, self.0.engine.clone(), bounds, provenance, onlookers);
        let body = Body::new(incoming, &head, decode);
        Ok(Response { head, method: request.method, url: request.url, attempts, history, value: body })
    }

    /// Has the request go through the middleware.
    #[cold]
    fn execute_through_middleware(&self, request: Request<'_>) -> Result<Response> {
        let (method, url) = (request.method.clone(), request.url.clone());
        let bare = Client::of(self.0.engine.clone(), Vec::new());
        let answered = Next::new(&bare, &self.0.middleware).run(request);
        // What the functions say of their own is about this request too.
        answered.map_err(|error| error.with_request(&method, &url))
    }

    /// Closes all idle connections, such as before a pause. Later requests open new ones.
    pub fn close_idle(&self) {
        self.engine().pool.close_idle();
    }

    /// Ends the client and all its clones: exchanges that are under way end at once with `Cancelled`, as do
    /// requests from now on; connections that wait are closed.
    ///
    /// What waits within a [`Connector`](crate::Connector) ends by its deadline, and so does, on other systems than
    /// Linux, a connection attempt.
    pub fn shut_down(&self) {
        if let Some(token) = &self.engine().connections.shutdown {
            token.cancel();
        }
        self.engine().pool.shut_down();
    }

    /// The URL that relative ones are appended to.
    pub fn base_url(&self) -> Option<&Url> {
        self.0.engine.base_url.as_ref()
    }

    pub(crate) fn engine(&self) -> &Arc<Engine> {
        &self.0.engine
    }
}

/// The verbs, each a short form of [`Client::request`].
macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident $method:ident;)*) => {
        impl Client {$(
            $(#[$doc])*
            pub fn $name<'a>(&self, url: impl IntoUrl) -> RequestBuilder<'a> {
                self.request(Method::$method, url)
            }
        )*}
    };
}

verbs! {
    /// Begins a GET request.
    get GET;
    /// Begins a HEAD request.
    head HEAD;
    /// Begins a POST request.
    post POST;
    /// Begins a PUT request.
    put PUT;
    /// Begins a PATCH request.
    patch PATCH;
    /// Begins a DELETE request.
    delete DELETE;
    /// Begins an OPTIONS request.
    options OPTIONS;
}

impl Default for Client {
    fn default() -> Client {
        Client::new()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.engine.base_url)
            .field("timeout", &self.0.engine.timeout)
            .field("default_headers", &self.0.engine.default_headers)
            .finish_non_exhaustive()
    }
}
