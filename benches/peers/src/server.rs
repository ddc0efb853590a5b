//! The server: a thread for each connection, which writes what has been prepared.

use std::{
    env, fs,
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    process,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use rustix::net::{RecvFlags, recv};
use rustls::{ServerConfig, ServerConnection, StreamOwned, pki_types::PrivateKeyDer};

use crate::{
    Result,
    content::{self, Content},
    measure::{Core, pin},
    place::Place,
};

/// So long a thread looks for a request before it sleeps.
const LOOK: Duration = Duration::from_micros(500);

type Contents = Arc<Vec<(&'static str, Content)>>;

/// Prints where it is, and serves until its input ends.
pub fn serve() -> Result<()> {
    pin(Core::Server);
    let contents = Arc::new(content::all()?);
    let key = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()])?;
    let certificate = env::temp_dir().join(format!("httpkit-peers-{}.pem", process::id()));
    fs::write(&certificate, key.cert.pem())?;
    let private = PrivateKeyDer::try_from(key.signing_key.serialize_der())?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![key.cert.der().clone()], private)?;
    let tls = Arc::new(tls);
    let (plain, secure) = (TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?);
    println!("{}", Place { plain: plain.local_addr()?, tls: secure.local_addr()?, certificate });
    accept(plain, contents.clone(), Ok);
    accept(secure, contents, move |socket| Ok(StreamOwned::new(ServerConnection::new(tls.clone())?, socket)));
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}

/// A stream over a socket.
trait Over: Read + Write {
    fn socket(&self) -> &TcpStream;

    /// Whether bytes have come that the stream holds itself.
    fn holds_any(&mut self) -> bool;
}

impl Over for TcpStream {
    fn socket(&self) -> &TcpStream {
        self
    }

    fn holds_any(&mut self) -> bool {
        false
    }
}

impl Over for StreamOwned<ServerConnection, TcpStream> {
    fn socket(&self) -> &TcpStream {
        &self.sock
    }

    fn holds_any(&mut self) -> bool {
        self.conn.process_new_packets().is_ok_and(|state| state.plaintext_bytes_to_read() > 0)
    }
}

fn accept<S: Over>(
    listener: TcpListener,
    contents: Contents,
    open: impl Fn(TcpStream) -> Result<S> + Send + Sync + 'static,
) {
    let open = Arc::new(open);
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let (contents, open) = (contents.clone(), open.clone());
            // A client that goes away ends its thread, and nothing else.
            thread::spawn(move || drop(converse(socket, &*open, &contents)));
        }
    });
}

fn converse<S: Over>(
    socket: TcpStream,
    open: &dyn Fn(TcpStream) -> Result<S>,
    contents: &[(&str, Content)],
) -> Result<()> {
    socket.set_nodelay(true)?;
    let mut stream = open(socket)?;
    let mut buffer = vec![0; 256 * 1024];
    while let Some(target) = read_request(&mut stream, &mut buffer)? {
        let (_, content) = contents.iter().find(|(name, _)| *name == target).ok_or(target)?;
        content.write(&mut stream)?;
        if content.closes {
            break;
        }
    }
    Ok(())
}

/// Reads one request, and passes over its body; `None` when there is none any more.
fn read_request(stream: &mut impl Over, buffer: &mut [u8]) -> Result<Option<String>> {
    let mut length = 0;
    let head = loop {
        look_for_bytes(stream);
        let count = stream.read(&mut buffer[length..])?;
        if count == 0 {
            return Ok(None);
        }
        length += count;
        if let Some(end) = buffer[..length].windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let text = str::from_utf8(&buffer[..head])?;
    let target = text.split(' ').nth(1).ok_or("a request has a target")?.to_owned();
    let mut left = (head + content_length(text)?).saturating_sub(length);
    while left > 0 {
        match stream.read(buffer)? {
            0 => return Ok(None),
            count => left = left.saturating_sub(count),
        }
    }
    // A client asks for an answer to its body as to anything else.
    Ok(Some(target))
}

fn content_length(head: &str) -> Result<usize> {
    for line in head.lines() {
        if let Some((name, value)) = line.split_once(": ")
            && name.eq_ignore_ascii_case("content-length")
        {
            return Ok(value.parse()?);
        }
    }
    Ok(0)
}

fn look_for_bytes(stream: &mut impl Over) {
    if stream.holds_any() {
        return;
    }
    let began = Instant::now();
    let flags = RecvFlags::PEEK | RecvFlags::DONTWAIT;
    while recv(stream.socket(), &mut [0_u8; 1], flags).is_err() && began.elapsed() < LOOK {
        thread::yield_now();
    }
}
