//! A server on loopback whose answers are a function of the request.

use std::{
    collections::HashMap,
    fmt, io,
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
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

/// A server on a free port of 127.0.0.1, a thread for each connection. A request with `Connection: close` is the
/// last of its connection (RFC 9112, Section 9.6), and so is one of HTTP/1.0 without `keep-alive`. The server ends
/// when it is dropped.
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
    /// By the number of the connection.
    open: Mutex<HashMap<usize, TcpStream>>,
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
        // Wakes the acceptor, which sees that it is over.
        let _ = TcpStream::connect(self.address);
        for (_, socket) in lock(&self.shared.open).drain() {
            let _ = socket.shutdown(Shutdown::Both);
        }
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
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
        while let Ok((socket, _)) = listener.accept() {
            if self.is_ending.load(Ordering::SeqCst) {
                return;
            }
            let number = self.connections.fetch_add(1, Ordering::SeqCst);
            let shared = self.clone();
            // A connection that fails is the client's to report.
            thread::spawn(move || {
                let served = shared.serve(socket, number);
                lock(&shared.open).remove(&number);
                served.ok()
            });
        }
    }

    fn serve(&self, socket: TcpStream, connection: usize) -> io::Result<()> {
        socket.set_nodelay(true)?;
        let handle = socket.try_clone()?;
        lock(&self.open).insert(connection, socket.try_clone()?);
        let mut stream = (self.wrap)(socket)?;
        let mut buffer = RecvBuffer::default();
        while let Some(request) = read_request(stream.as_mut(), &mut buffer, connection)? {
            lock(&self.received).push(request.clone());
            let reply = (self.handler)(&request);
            let goes_on = reply.play(stream.as_mut(), request.method() == "HEAD")?;
            let reasons = asked_to_close(request.version(), &ControlFields::of(request.headers()));
            if !goes_on || !reasons.is_empty() {
                // Half-closed first: bytes that are still unread would turn the end into a reset.
                handle.shutdown(Shutdown::Write)?;
                io::copy(&mut stream, &mut io::sink())?;
                break;
            }
        }
        Ok(())
    }
}

/// Reads one request; `None` when the client has ended the connection.
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
    } else {
        let length = request.header("content-length").and_then(|value| grammar::decimal(value.as_bytes()));
        request.body.resize(usize::try_from(length.unwrap_or(0)).map_err(io::Error::other)?, 0);
        let buffered = buffer.read(&mut request.body);
        stream.read_exact(&mut request.body[buffered..])?;
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
