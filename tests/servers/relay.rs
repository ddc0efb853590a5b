//! Connections that break in the middle.

use std::{
    io::{self, Read as _},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread,
};

/// Carries connections to a server. The first ones break after so many bytes of what the server sends.
pub(crate) struct Relay {
    address: SocketAddr,
    carried: Arc<AtomicU64>,
    connections: Arc<AtomicUsize>,
}

impl Relay {
    pub(crate) fn start(port: u16, cuts: &'static [u64]) -> Relay {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let (carried, connections) = (Arc::<AtomicU64>::default(), Arc::<AtomicUsize>::default());
        thread::spawn({
            let (carried, connections) = (carried.clone(), connections.clone());
            move || {
                while let Ok((client, _)) = listener.accept() {
                    let number = connections.fetch_add(1, Ordering::SeqCst);
                    let limit = cuts.get(number).copied().unwrap_or(u64::MAX);
                    let carried = carried.clone();
                    // A connection that fails is the client's to report.
                    thread::spawn(move || carry(client, port, limit, &carried).ok());
                }
            }
        });
        Relay { address, carried, connections }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How many bytes of the server's have been handed on.
    pub(crate) fn carried(&self) -> u64 {
        self.carried.load(Ordering::SeqCst)
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

fn carry(mut client: TcpStream, port: u16, limit: u64, carried: &AtomicU64) -> io::Result<()> {
    let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    let (mut requests, mut upstream) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || io::copy(&mut requests, &mut upstream).ok());
    let mut responses = (&mut server).take(limit);
    let count = io::copy(&mut responses, &mut client)?;
    carried.fetch_add(count, Ordering::SeqCst);
    server.shutdown(Shutdown::Both)?;
    client.shutdown(Shutdown::Both)
}
