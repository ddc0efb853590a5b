//! The stream of bytes under a connection: a socket, with or without TLS.

use std::{
    fmt,
    io::{self, IoSlice},
    time::Duration,
};

#[cfg(feature = "__tls")]
use crate::net::tls::{TlsSession, TlsStream};
use crate::net::{
    agreed::Agreed, cancel::Stop, deadline::Deadline, endpoints::Endpoints, error::NetError, pace::Pace,
    socket::Socket, transport::Probe, write_deadlines::WriteDeadlines,
};

/// The maximum length of a slice in one write. On Windows, an `IoSlice` counts its bytes in 32 bits, and panics if
/// there are more.
const MAX_SLICE: usize = i32::MAX as usize;

/// An open stream.
pub(crate) enum Stream {
    Plain(Socket),
    #[cfg(feature = "__tls")]
    Tls(Box<TlsStream>),
}

impl Stream {
    /// Reads what is there, at least one byte; zero means the peer has ended the stream.
    pub(crate) fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> Result<usize, NetError> {
        match self {
            Stream::Plain(socket) => Ok(socket.read(buffer, deadline)?),
            #[cfg(feature = "__tls")]
            Stream::Tls(tls) => tls.read(buffer, deadline),
        }
    }

    /// As [`read`](Stream::read); where there is a pace, too slow a one ends it.
    pub(crate) fn read_paced(
        &mut self,
        buffer: &mut [u8],
        deadline: Deadline,
        pace: Option<&mut Pace>,
    ) -> Result<usize, NetError> {
        match pace {
            None => self.read(buffer, deadline),
            Some(pace) => pace.transfer(deadline, |deadline| self.read(buffer, deadline)),
        }
    }

    /// Writes all of `head` and then all of `body`, in one write if the stream takes both. Adds the bytes that were
    /// sent to `written`, even if it fails.
    pub(crate) fn write_all(
        &mut self,
        mut head: &[u8],
        mut body: &[u8],
        deadlines: &mut WriteDeadlines<'_>,
        written: &mut u64,
    ) -> Result<(), NetError> {
        while !head.is_empty() || !body.is_empty() {
            let both = [IoSlice::new(head), IoSlice::new(&body[..body.len().min(MAX_SLICE)])];
            let slices = match (head, body) {
                ([], _) => &both[1..],
                (_, []) => &both[..1],
                _ => &both[..],
            };
            let count = self.write(slices, deadlines, written)?;
            if count == 0 {
                return Err(io::Error::from(io::ErrorKind::WriteZero).into());
            }
            let of_head = count.min(head.len());
            head = &head[of_head..];
            body = &body[count - of_head..];
        }
        Ok(())
    }

    fn write(
        &mut self,
        slices: &[IoSlice<'_>],
        deadlines: &mut WriteDeadlines<'_>,
        written: &mut u64,
    ) -> Result<usize, NetError> {
        match self {
            Stream::Plain(socket) => {
                let count = deadlines.write(socket, slices)?;
                *written += count as u64;
                Ok(count)
            }
            #[cfg(feature = "__tls")]
            Stream::Tls(tls) => tls.write_vectored(slices, deadlines, written),
        }
    }

    /// Completes what must precede the first byte: the handshake of TLS.
    pub(crate) fn handshake(&mut self, deadline: Deadline) -> Result<(), NetError> {
        match self {
            Stream::Plain(_) => {
                let _ = deadline;
                Ok(())
            }
            #[cfg(feature = "__tls")]
            Stream::Tls(tls) => tls.handshake(deadline),
        }
    }

    /// What the handshake of TLS has agreed on, once it is complete.
    #[cfg(feature = "__tls")]
    pub(crate) fn tls_session(&self) -> Option<&TlsSession> {
        match self {
            Stream::Plain(_) => None,
            Stream::Tls(tls) => tls.agreed().tls_session(),
        }
    }

    /// What has been agreed on, to keep when the stream has gone.
    pub(crate) fn agreed(&self) -> Agreed {
        match self {
            Stream::Plain(_) => Agreed::default(),
            #[cfg(feature = "__tls")]
            Stream::Tls(tls) => tls.agreed().clone(),
        }
    }

    /// Makes a socket of it, for another stream to stand on: TLS within TLS, where it has that.
    pub(crate) fn into_socket(self) -> Socket {
        match self {
            Stream::Plain(socket) => socket,
            #[cfg(feature = "__tls")]
            Stream::Tls(tls) => Socket::Custom(tls),
        }
    }

    /// The addresses of its ends.
    pub(crate) fn endpoints(&self) -> Endpoints {
        match self {
            Stream::Plain(socket) => socket.endpoints(),
            #[cfg(feature = "__tls")]
            Stream::Tls(tls) => tls.endpoints(),
        }
    }

    /// How long the handshake of TLS took, once it is complete.
    pub(crate) fn handshake_took(&self) -> Option<Duration> {
        match self {
            Stream::Plain(_) => None,
            #[cfg(feature = "__tls")]
            Stream::Tls(tls) => tls.handshake_took(),
        }
    }

    /// What ends a wait on this stream from another thread.
    pub(crate) fn stop(&self) -> Stop {
        match self {
            Stream::Plain(socket) => socket.stop(),
            #[cfg(feature = "__tls")]
            Stream::Tls(tls) => tls.stop(),
        }
    }

    /// Looks, without waiting, whether the idle stream could serve again.
    pub(crate) fn probe(&mut self) -> Probe {
        match self {
            Stream::Plain(socket) => socket.probe(),
            #[cfg(feature = "__tls")]
            Stream::Tls(tls) => tls.probe(),
        }
    }

    /// Takes a buffer for the time of an exchange; TLS alone needs one.
    pub(crate) fn lend(&mut self, buffer: &mut Vec<u8>) {
        match self {
            Stream::Plain(_) => {
                let _ = buffer;
            }
            #[cfg(feature = "__tls")]
            Stream::Tls(tls) => tls.lend(buffer),
        }
    }

    /// Gives back what was lent.
    pub(crate) fn reclaim(&mut self, buffer: &mut Vec<u8>) {
        match self {
            Stream::Plain(_) => {
                let _ = buffer;
            }
            #[cfg(feature = "__tls")]
            Stream::Tls(tls) => tls.reclaim(buffer),
        }
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Stream::Plain(Socket::System(_)) => "System",
            Stream::Plain(Socket::Custom(_)) => "Custom",
            #[cfg(feature = "__tls")]
            Stream::Tls(_) => "Tls",
        };
        f.write_str(kind)
    }
}
