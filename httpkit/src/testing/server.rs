//! A server on loopback whose answers are a function of the request.

use std::{
    any::Any,
    collections::HashMap,
    fmt,
    io::{self, Read as _},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
};

use super::{duplex::Duplex, reply::Reply};
use crate::{
    grammar,
    headers::{HeaderValue, Headers},
    limits::Limits,
    net::RecvBuffer,
    version::Version,
    wire::{ChunkedDecoder, ControlFields, RequestHead, Strictness, asked_to_close},
};

type Handler = dyn Fn(&Received) -> Reply + Send + Sync;
type Wrap = dyn Fn(TcpStream) -> io::Result<Box<dyn Duplex>> + Send + Sync;

/// A server on a free port of 127.0.0.1, with one thread per connection. It runs until it is dropped.
///
/// The server closes a connection after a request with `Connection: close` (RFC 9112 §9.6), and after an HTTP/1.0
/// request without `keep-alive`. It closes a connection immediately if the client sends anything but HTTP.
///
/// # Panics
/// If a handler panics, such as by a failed `assert!`, the server closes the connection. Dropping the server then
/// panics with the first such panic, unless the dropping thread is panicking already. [`received`](Server::received)
/// includes the request that the handler was called for. The same goes for a panic in the stream of
/// [`start_over`](Server::start_over). Dropping the server closes all connections and does not wait for handlers
/// that are still running.
///
/// ```
/// use httpkit::{Client, testing::{Reply, Server}};
///
/// let server = Server::start(|request| {
///     assert_eq!(request.target(), "/expected");
///     Reply::new(204)
/// });
/// assert!(Client::new().get(server.url("/other")).send().is_err());
/// let dropped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(server)));
/// assert!(dropped.is_err());
/// ```
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

struct Shared {
    handler: Box<Handler>,
    wrap: Box<Wrap>,
    is_ending: AtomicBool,
    connections: AtomicUsize,
    received: Mutex<Vec<Received>>,
    /// The sockets of the open connections, by connection number.
    open: Mutex<HashMap<usize, TcpStream>>,
    /// The first panic of a handler or a stream.
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

/// An open connection, which is closed on drop: a clone of its socket in [`Shared::open`] would keep it open
/// otherwise.
struct Open {
    shared: Arc<Shared>,
    number: usize,
}

/// A request that a [`Server`] has received.
#[derive(Debug, Clone)]
pub struct Received {
    head: RequestHead,
    body: Vec<u8>,
    trailers: Headers,
    connection: usize,
}

impl Received {
    /// The method.
    pub fn method(&self) -> &str {
        &self.head.method
    }

    /// The request target, as it stood on the request line.
    pub fn target(&self) -> &str {
        &self.head.target
    }

    /// The version, as proxies may have chosen it.
    pub fn version(&self) -> Version {
        self.head.version
    }

    /// The headers.
    pub fn headers(&self) -> &Headers {
        &self.head.headers
    }

    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<HeaderValue<'_>> {
        self.head.headers.get(name)
    }

    /// The content, free of chunks.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The trailers of a chunked body.
    pub fn trailers(&self) -> &Headers {
        &self.trailers
    }

    /// The connection that it came on, counted from 0.
    pub fn connection(&self) -> usize {
        self.connection
    }
}

impl Server {
    /// Starts a server that answers each request by a function, over TCP.
    ///
    /// # Panics
    /// When loopback has no free port.
    pub fn start(handler: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Server {
        Server::start_over(|socket| Ok(Box::new(socket)), handler)
    }

    /// As [`start`](Server::start), over what `wrap` makes of a socket, such as TLS.
    ///
    /// # Panics
    /// When loopback has no free port.
    pub fn start_over(
        wrap: impl Fn(TcpStream) -> io::Result<Box<dyn Duplex>> + Send + Sync + 'static,
        handler: impl Fn(&Received) -> Reply + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let shared = Arc::new(Shared {
            handler: Box::new(handler),
            wrap: Box::new(wrap),
            is_ending: AtomicBool::new(false),
            connections: AtomicUsize::new(0),
            received: Mutex::default(),
            open: Mutex::default(),
            panic: Mutex::default(),
        });
        let acceptor = thread::spawn({
            let shared = shared.clone();
            move || shared.accept(&listener)
        });
        Server { address, shared, acceptor: Some(acceptor) }
    }

    /// The address, as `127.0.0.1:port`.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of a path on this server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests so far, in the order of their arrival.
    pub fn received(&self) -> Vec<Received> {
        lock(&self.shared.received).clone()
    }

    /// How many connections have been accepted.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.is_ending.store(true, Ordering::SeqCst);
        // Wakes the acceptor, which then sees the flag. Without a wake-up (no descriptor is left) a join would hang.
        let woken = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take().filter(|thread| woken.is_ok() || thread.is_finished()) {
            let _ = acceptor.join();
        }
        // After the acceptor, so that no connection is missed. Threads that wait for a client end by this; those of
        // handlers that still run are left alone, as a handler may wait for what the test does next.
        for socket in lock(&self.shared.open).values() {
            let _ = socket.shutdown(Shutdown::Both);
        }
        let panic = lock(&self.shared.panic).take();
        // A second panic in a thread would abort the process and hide the first.
        if let Some(payload) = panic.filter(|_| !thread::panicking()) {
            resume_unwind(payload);
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Shared {
    fn accept(self: &Arc<Shared>, listener: &TcpListener) {
        loop {
            let socket = match listener.accept() {
                Ok((socket, _)) => socket,
                // The client gave up before it was accepted, which some systems report here.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
                // Closes the listener: clients are refused instead of left waiting.
                Err(_) => return,
            };
            if self.is_ending.load(Ordering::SeqCst) {
                return;
            }
            let number = self.connections.fetch_add(1, Ordering::SeqCst);
            let Ok(clone) = socket.try_clone() else { continue };
            lock(&self.open).insert(number, clone);
            let open = Open { shared: self.clone(), number };
            // If no thread can be started, the closure is dropped and the connection closed.
            let _ = thread::Builder::new()
                .name(format!("test server, connection {number}"))
                .spawn(move || open.shared.serve(socket, open.number));
        }
    }

    /// Serves a connection. Its failure is for the client to report.
    fn serve(&self, socket: TcpStream, number: usize) {
        let Ok(handle) = socket.try_clone() else { return };
        let wrapped = self.keep_panic(|| {
            socket.set_nodelay(true)?;
            (self.wrap)(socket)
        });
        let Ok(mut stream) = wrapped else { return };
        let _ = self.keep_panic(|| self.answer_requests(stream.as_mut(), &handle, number));
        let _ = self.keep_panic(|| {
            drop(stream);
            Ok(())
        });
    }

    /// Calls code of the test, and stores its panic. The stream must not be dropped before: a client that sees its
    /// connection closed may drop the server, which must find the panic by then.
    fn keep_panic<T>(&self, act: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        catch_unwind(AssertUnwindSafe(act)).unwrap_or_else(|payload| {
            lock(&self.panic).get_or_insert(payload);
            Err(io::Error::other("the test's code panicked"))
        })
    }

    fn answer_requests(
        &self,
        stream: &mut dyn Duplex,
        handle: &TcpStream,
        connection: usize,
    ) -> io::Result<()> {
        let mut buffer = RecvBuffer::default();
        while let Some(request) = read_request(stream, &mut buffer, connection)? {
            lock(&self.received).push(request.clone());
            let reply = (self.handler)(&request);
            let goes_on = reply.play(stream, request.method() == "HEAD")?;
            let reasons = asked_to_close(request.version(), &ControlFields::of(request.headers()));
            if !goes_on || !reasons.is_empty() {
                // Half-closed first: bytes that are still unread would turn the end into a reset.
                handle.shutdown(Shutdown::Write)?;
                io::copy(stream, &mut io::sink())?;
                break;
            }
        }
        Ok(())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(socket) = lock(&self.shared.open).remove(&self.number) {
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
}

/// Reads one request. Returns `None` if the client has closed the connection before one.
fn read_request(
    stream: &mut dyn Duplex,
    buffer: &mut RecvBuffer,
    connection: usize,
) -> io::Result<Option<Received>> {
    let (head, length) = loop {
        match RequestHead::parse(buffer.unread_mut()) {
            Ok(Some(parsed)) => break parsed,
            Ok(None) => {}
            Err(error) => return Err(io::Error::other(format!("{error:?}"))),
        }
        if buffer.fill(|space| stream.read(space))? == 0 {
            return Ok(None);
        }
    };
    buffer.consume(length);
    let mut request = Received { head, body: Vec::new(), trailers: Headers::new(), connection };
    if request.header("expect").is_some_and(|value| value == "100-continue") {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    if request.headers().contains("transfer-encoding") {
        read_chunked(stream, buffer, &mut request)?;
    } else if let Some(length) = request.header("content-length") {
        let length = grammar::decimal(length.as_bytes()).ok_or(io::ErrorKind::InvalidData)?;
        // Grows with what arrives: the length is a claim of the client's.
        let count = buffer.chain(stream).take(length).read_to_end(&mut request.body)?;
        if (count as u64) < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(Some(request))
}

fn read_chunked(stream: &mut dyn Duplex, buffer: &mut RecvBuffer, request: &mut Received) -> io::Result<()> {
    let mut decoder = ChunkedDecoder::new(&Limits::new(), Strictness::Strict);
    while !decoder.is_done() {
        let taken =
            decoder.advance(buffer.unread_mut()).map_err(|error| io::Error::other(format!("{error:?}")))?;
        buffer.consume(taken);
        let count = usize::try_from(decoder.data())
            .map_or(buffer.unread().len(), |data| data.min(buffer.unread().len()));
        if count > 0 {
            request.body.extend_from_slice(&buffer.unread()[..count]);
            buffer.consume(count);
            decoder.consume(count as u64);
        } else if taken == 0 && buffer.fill(|space| stream.read(space))? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    request.trailers = decoder.into_trailers();
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    #[test]
    fn http_1_0_ends_the_connection_unless_it_says_keep_alive() {
        for (head, is_last) in
            [("HTTP/1.1", false), ("HTTP/1.0", true), ("HTTP/1.0\r\nConnection: keep-alive", false)]
        {
            let server = Server::start(|request| Reply::text(200, &request.version().to_string()));
            let mut socket = TcpStream::connect(server.address()).unwrap();
            let requests = format!("GET /one {head}\r\n\r\nGET /two HTTP/1.1\r\nConnection: close\r\n\r\n");
            socket.write_all(requests.as_bytes()).unwrap();
            socket.shutdown(Shutdown::Write).unwrap();
            let mut answers = String::new();
            socket.read_to_string(&mut answers).unwrap();
            assert!(answers.contains(&format!("\r\n\r\n{}", &head[..8])), "{head}: {answers}");
            assert_eq!(server.received().len(), if is_last { 1 } else { 2 }, "{head}");
        }
    }
}
