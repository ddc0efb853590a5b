//! What the messages of all versions of SOCKS have in common.

use std::{
    io::{self, IoSlice},
    net::{IpAddr, SocketAddr},
};

use super::error::{SocksError, SocksFailure};
use crate::net::{deadline::Deadline, socket::Socket, transport::Destination};

/// The versions of SOCKS, and who resolves the name of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SocksVersion {
    /// SOCKS 4; the name is resolved here.
    V4,
    /// SOCKS 4a; the proxy resolves it.
    V4A,
    /// SOCKS 5 (RFC 1928); the name is resolved here.
    V5,
    /// SOCKS 5; the proxy resolves it.
    V5H,
}

impl SocksVersion {
    /// The scheme of a proxy's URL.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            SocksVersion::V4 => "socks4",
            SocksVersion::V4A => "socks4a",
            SocksVersion::V5 => "socks5",
            SocksVersion::V5H => "socks5h",
        }
    }

    pub(crate) fn resolves_here(self) -> bool {
        matches!(self, SocksVersion::V4 | SocksVersion::V5)
    }
}

/// Where the proxy is to connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SocksTarget {
    Address(SocketAddr),
    /// The proxy resolves the name.
    Name(String, u16),
}

impl SocksTarget {
    /// The destination, not resolved; an address needs not be.
    pub(crate) fn of(destination: Destination<'_>) -> SocksTarget {
        match destination.host.parse::<IpAddr>() {
            Ok(address) => SocksTarget::Address(SocketAddr::new(address, destination.port)),
            Err(_) => SocksTarget::Name(destination.host.to_owned(), destination.port),
        }
    }

    /// The first of these addresses that the version can carry.
    pub(crate) fn among(addresses: &[SocketAddr], version: SocksVersion) -> Result<SocksTarget, SocksError> {
        let has_it = |address: &&SocketAddr| address.is_ipv4() || version != SocksVersion::V4;
        let address = addresses.iter().find(has_it).ok_or(SocksError::Ipv6)?;
        Ok(SocksTarget::Address(*address))
    }
}

/// Who one is to the proxy.
#[derive(Clone, Copy)]
pub(crate) struct SocksUser<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) password: &'a [u8],
}

/// The wire to the proxy, for messages whose length is known.
pub(super) struct Wire<'a> {
    socket: &'a mut Socket,
    deadline: Deadline,
}

impl<'a> Wire<'a> {
    pub(super) fn new(socket: &'a mut Socket, deadline: Deadline) -> Wire<'a> {
        Wire { socket, deadline }
    }

    pub(super) fn send(&mut self, mut message: &[u8]) -> Result<(), SocksFailure> {
        while !message.is_empty() {
            match self.socket.write_vectored(&[IoSlice::new(message)], self.deadline)? {
                0 => return Err(io::Error::from(io::ErrorKind::WriteZero).into()),
                count => message = &message[count..],
            }
        }
        Ok(())
    }

    /// Receives so many bytes, and not one more: the next may be the server's.
    pub(super) fn receive<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], SocksFailure> {
        let mut message = [0; LENGTH];
        self.fill(&mut message)?;
        Ok(message)
    }

    pub(super) fn fill(&mut self, mut message: &mut [u8]) -> Result<(), SocksFailure> {
        while !message.is_empty() {
            match self.socket.read(message, self.deadline)? {
                0 => return Err(SocksError::Ended.into()),
                count => message = &mut message[count..],
            }
        }
        Ok(())
    }
}
