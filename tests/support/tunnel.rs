//! A proxy that makes tunnels, itself in the clear or over TLS.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use httpkit::testing::Duplex;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// How long each direction is waited for before the other one has its turn.
const TURN: Duration = Duration::from_millis(1);

/// A proxy on a free port of 127.0.0.1 that grants each CONNECT.
pub struct TunnelProxy {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl TunnelProxy {
    /// Starts it; over TLS where there are settings for that.
    pub fn start(tls: Option<ServerConfig>) -> TunnelProxy {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let heads: Arc<Mutex<Vec<String>>> = Arc::default();
        let tls = tls.map(Arc::new);
        thread::spawn({
            let heads = heads.clone();
            move || {
                while let Ok((socket, _)) = listener.accept() {
                    let (tls, heads) = (tls.clone(), heads.clone());
                    // A connection that fails is the client's to report.
                    thread::spawn(move || serve(&socket, tls, &heads).ok());
                }
            }
        });
        TunnelProxy { address, heads }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The heads of the requests so far.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("no thread panicked").clone()
    }
}

fn serve(socket: &TcpStream, tls: Option<Arc<ServerConfig>>, heads: &Mutex<Vec<String>>) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let mut client: Box<dyn Duplex> = match tls {
        None => Box::new(socket.try_clone()?),
        Some(config) => {
            let session = ServerConnection::new(config).map_err(io::Error::other)?;
            Box::new(StreamOwned::new(session, socket.try_clone()?))
        }
    };
    let head = read_head(client.as_mut())?;
    heads.lock().expect("no thread panicked").push(head.clone());
    let authority = head.split(' ').nth(1).unwrap_or_default();
    let mut server = TcpStream::connect(authority)?;
    server.set_nodelay(true)?;
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
    client.flush()?;
    socket.set_read_timeout(Some(TURN))?;
    server.set_read_timeout(Some(TURN))?;
    while carry(client.as_mut(), &mut server)? && carry(&mut server, client.as_mut())? {}
    Ok(())
}

fn read_head(client: &mut dyn Read) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte)?;
        head.extend(byte);
    }
    String::from_utf8(head).map_err(io::Error::other)
}

/// Carries what has come, and says whether there may be more.
fn carry(from: &mut (impl Read + ?Sized), to: &mut (impl Write + ?Sized)) -> io::Result<bool> {
    let mut block = [0; 16 * 1024];
    match from.read(&mut block) {
        Ok(0) => Ok(false),
        Ok(count) => {
            to.write_all(&block[..count])?;
            to.flush()?;
            Ok(true)
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => Ok(true),
        Err(error) => Err(error),
    }
}
