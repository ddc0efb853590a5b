//! Opening a TCP connection to a destination.

use std::{io, net::SocketAddr};

use crate::net::{
    deadline::Deadline,
    error::{NetError, Stage},
    resolve::resolve,
    socket::Socket,
    tcp::TcpSocket,
    transport::Destination,
};

/// Connects to the first address that answers. Each address gets its share of the time that is left.
pub(crate) fn dial(destination: Destination<'_>, deadline: Deadline) -> Result<Socket, NetError> {
    let addresses = resolve(destination, deadline)?;
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "no address to connect to");
    for (index, address) in addresses.iter().enumerate() {
        match connect(*address, deadline, addresses.len() - index) {
            Ok(socket) => return Ok(Socket::Tcp(socket)),
            Err(error) => failure = error,
        }
    }
    match failure.kind() {
        io::ErrorKind::TimedOut => Err(NetError::TimedOut(Stage::Connect)),
        _ => Err(NetError::Connect(failure)),
    }
}

fn connect(address: SocketAddr, deadline: Deadline, left_to_try: usize) -> io::Result<TcpSocket> {
    let remaining = deadline.remaining();
    if remaining.is_some_and(|remaining| remaining.is_zero()) {
        return Err(io::ErrorKind::TimedOut.into());
    }
    let share = u32::try_from(left_to_try).unwrap_or(u32::MAX);
    TcpSocket::connect(address, remaining.map(|remaining| remaining / share))
}
