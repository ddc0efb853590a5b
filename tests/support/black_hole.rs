//! Addresses that answer nothing.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpStream},
    time::Duration,
};

use socket2::{Domain, Socket, Type};

/// A listener whose queue is full: Linux drops what else comes.
pub struct BlackHole {
    address: SocketAddr,
    _listener: Socket,
    _queue: Vec<TcpStream>,
}

impl BlackHole {
    /// Opens one on a free port of 127.0.0.1.
    pub fn new() -> BlackHole {
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None).expect("there are sockets");
        listener.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).expect("a port is free");
        listener.listen(0).expect("the socket is bound");
        let local = listener.local_addr().expect("the socket is bound");
        let address = local.as_socket().expect("the socket is one of IP");
        let mut queue = Vec::new();
        while let Ok(socket) = TcpStream::connect_timeout(&address, Duration::from_millis(200)) {
            queue.push(socket);
            assert!(queue.len() < 100, "the queue has no end");
        }
        BlackHole { address, _listener: listener, _queue: queue }
    }

    /// Waits until somebody tries to connect.
    pub fn await_attempt(&self) {
        // As the table of sockets shows it: the address in hexadecimal, and SYN-SENT.
        let attempt = format!("0100007F:{:04X} 02", self.address.port());
        while !std::fs::read_to_string("/proc/net/tcp").is_ok_and(|table| table.contains(&attempt)) {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Default for BlackHole {
    fn default() -> BlackHole {
        BlackHole::new()
    }
}
