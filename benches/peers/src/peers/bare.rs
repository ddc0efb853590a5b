//! What the others are measured by: a socket, one write, one read, and no more checks than it takes to find the
//! end of a body. It knows the server.

use std::{
    collections::HashMap,
    io::{self, IoSlice, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{Arc, Mutex},
};

use flate2::write::GzDecoder;
use memchr::{memchr, memmem::find};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::{Peer, Trust};
use crate::{Result, content::Order, place::Address};

struct Bare {
    tls: Arc<ClientConfig>,
    idle: Mutex<HashMap<SocketAddr, Vec<Connection>>>,
    /// Buffers of connections that have been closed.
    buffers: Mutex<Vec<Vec<u8>>>,
}

struct Connection {
    stream: Box<dyn Stream>,
    buffer: Vec<u8>,
    /// The part of it that has been read and not used.
    start: usize,
    end: usize,
}

trait Stream: Read + Write + Send {}

impl<S: Read + Write + Send> Stream for S {}

/// What a head says.
struct Head {
    length: Option<usize>,
    is_gzip: bool,
    closes: bool,
}

pub fn make(trust: &Trust) -> Result<Box<dyn Peer>> {
    let mut roots = RootCertStore::empty();
    roots.add(trust.der.clone())?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Box::new(Bare { tls: Arc::new(tls), idle: Mutex::default(), buffers: Mutex::default() }))
}

impl Bare {
    /// One exchange; `sink` sees the body.
    fn exchange(&self, address: &Address, method: &str, body: &[u8], sink: &mut dyn Write) -> Result<()> {
        let mut connection = match self.idle.lock().expect("nothing panics").get_mut(&address.socket) {
            Some(idle) if !idle.is_empty() => idle.swap_remove(idle.len() - 1),
            _ => self.open(address)?,
        };
        let mut head = Vec::with_capacity(256);
        for part in [method, " ", address.target, " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"]
        {
            head.extend_from_slice(part.as_bytes());
        }
        write!(head, "Content-Length: {}\r\n\r\n", body.len())?;
        write_both(&mut *connection.stream, &head, body)?;
        let head = connection.read_head()?;
        if head.is_gzip {
            let mut decoder = GzDecoder::new(sink);
            connection.read_body(&head, &mut decoder)?;
            decoder.finish()?;
        } else {
            connection.read_body(&head, sink)?;
        }
        if head.closes {
            self.buffers.lock().expect("nothing panics").push(connection.buffer);
        } else {
            let mut idle = self.idle.lock().expect("nothing panics");
            idle.entry(address.socket).or_default().push(connection);
        }
        Ok(())
    }

    fn open(&self, address: &Address) -> Result<Connection> {
        let socket = TcpStream::connect(address.socket)?;
        socket.set_nodelay(true)?;
        let stream: Box<dyn Stream> = if address.is_secure {
            let name = address.socket.ip().into();
            Box::new(StreamOwned::new(ClientConnection::new(self.tls.clone(), name)?, socket))
        } else {
            Box::new(socket)
        };
        let buffer = self.buffers.lock().expect("nothing panics").pop();
        let buffer = buffer.unwrap_or_else(|| vec![0; 64 * 1024]);
        Ok(Connection { stream, buffer, start: 0, end: 0 })
    }
}

fn write_both(stream: &mut dyn Stream, head: &[u8], body: &[u8]) -> io::Result<()> {
    if body.is_empty() {
        return stream.write_all(head);
    }
    let mut slices = &mut [IoSlice::new(head), IoSlice::new(body)][..];
    while !slices.is_empty() {
        let count = stream.write_vectored(slices)?;
        IoSlice::advance_slices(&mut slices, count);
    }
    Ok(())
}

impl Connection {
    fn fill(&mut self) -> Result<()> {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        } else if self.end == self.buffer.len() {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        match self.stream.read(&mut self.buffer[self.end..])? {
            0 => Err("the connection ended too soon".into()),
            count => {
                self.end += count;
                Ok(())
            }
        }
    }

    fn read_head(&mut self) -> Result<Head> {
        loop {
            self.fill()?;
            let unread = &self.buffer[self.start..self.end];
            if let Some(length) = find(unread, b"\r\n\r\n") {
                let head = Head::of(&unread[..length])?;
                self.start += length + 4;
                return Ok(head);
            }
        }
    }

    fn read_body(&mut self, head: &Head, sink: &mut (impl Write + ?Sized)) -> Result<()> {
        match head.length {
            Some(length) => self.pass_on(length, sink),
            None => self.read_chunks(sink),
        }
    }

    fn pass_on(&mut self, mut left: usize, sink: &mut (impl Write + ?Sized)) -> Result<()> {
        while left > 0 {
            if self.start == self.end {
                self.fill()?;
            }
            let count = left.min(self.end - self.start);
            sink.write_all(&self.buffer[self.start..self.start + count])?;
            self.start += count;
            left -= count;
        }
        Ok(())
    }

    fn read_chunks(&mut self, sink: &mut (impl Write + ?Sized)) -> Result<()> {
        loop {
            let size = self.read_chunk_size()?;
            self.pass_on(size, sink)?;
            while self.end - self.start < 2 {
                self.fill()?;
            }
            self.start += 2;
            if size == 0 {
                return Ok(());
            }
        }
    }

    fn read_chunk_size(&mut self) -> Result<usize> {
        loop {
            let unread = &self.buffer[self.start..self.end];
            if let Some(length) = memchr(b'\n', unread) {
                let digits = str::from_utf8(&unread[..length - 1])?;
                self.start += length + 1;
                return Ok(usize::from_str_radix(digits, 16)?);
            }
            self.fill()?;
        }
    }
}

impl Head {
    fn of(head: &[u8]) -> Result<Head> {
        const LENGTH: &[u8] = b"\r\nContent-Length: ";
        let length = match find(head, LENGTH) {
            None => None,
            Some(start) => {
                let value = &head[start + LENGTH.len()..];
                Some(str::from_utf8(&value[..memchr(b'\r', value).unwrap_or(value.len())])?.parse()?)
            }
        };
        let has = |field: &[u8]| find(head, field).is_some();
        Ok(Head { length, is_gzip: has(b"\r\nContent-Encoding: "), closes: has(b"\r\nConnection: ") })
    }
}

impl Peer for Bare {
    fn get(&self, address: &Address) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        self.exchange(address, "GET", b"", &mut body)?;
        Ok(body)
    }

    fn get_json(&self, address: &Address) -> Result<Vec<Order>> {
        Ok(serde_json::from_slice(&self.get(address)?)?)
    }

    fn download(&self, address: &Address) -> Result<usize> {
        let mut count = Count(0);
        self.exchange(address, "GET", b"", &mut count)?;
        Ok(count.0)
    }

    fn post(&self, address: &Address, body: &[u8]) -> Result<Vec<u8>> {
        let mut answer = Vec::new();
        self.exchange(address, "POST", body, &mut answer)?;
        Ok(answer)
    }
}

/// A sink that counts.
struct Count(usize);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
