//! A TLS stream over a socket, driven by deadlines.

use std::{
    io::{self, IoSlice, Read, Write},
    sync::Arc,
    time::Duration,
};

use rustls::ClientConnection;

use super::{config::TlsConfig, error::TlsError, session::TlsSession};
use crate::net::{
    agreed::Agreed,
    cancel::Stop,
    clock::now,
    deadline::Deadline,
    endpoints::Endpoints,
    error::{NetError, Stage},
    socket::Socket,
    transport::Probe,
    write_deadlines::WriteDeadlines,
};

/// Ciphertext that one read takes from the socket: two records of the largest size.
const CIPHERTEXT: usize = 32 * 1024;

/// An open TLS stream.
pub(crate) struct TlsStream {
    session: ClientConnection,
    socket: Socket,
    /// Ciphertext that has come: read up to `received`, decrypted up to `decrypted`.
    ciphertext: Vec<u8>,
    received: usize,
    decrypted: usize,
    /// Whether the peer has ended the stream, in order or not.
    ended: bool,
    /// What the peer did wrong; told when the plaintext that came before has been read.
    failure: Option<TlsError>,
    /// Ends the handshake, which may come with the first write.
    handshake_by: Deadline,
    /// What the handshake has agreed on.
    agreed: Agreed,
    /// How long it took.
    handshake_took: Option<Duration>,
}

impl TlsStream {
    /// Prepares TLS over an open socket. Nothing is sent before the handshake or the first write.
    pub(crate) fn new(
        config: &TlsConfig,
        host: &str,
        socket: Socket,
        handshake_by: Deadline,
    ) -> Result<TlsStream, TlsError> {
        let name = config.name_of(host)?;
        Ok(TlsStream {
            session: ClientConnection::new(config.rustls()?, name)?,
            socket,
            ciphertext: Vec::new(),
            received: 0,
            decrypted: 0,
            ended: false,
            failure: None,
            handshake_by,
            agreed: Agreed::default(),
            handshake_took: None,
        })
    }

    /// Reads plaintext; zero means the peer said that it has ended.
    pub(crate) fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> Result<usize, NetError> {
        loop {
            match self.session.reader().read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.receive(deadline)?,
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Err(NetError::Truncated);
                }
                result => return Ok(result?),
            }
            // A key update asks for an answer.
            self.flush(deadline)?;
        }
    }

    /// Takes plaintext, and has all of it encrypted and sent. Before the handshake it waits in line, so that
    /// it leaves in one write with the client's last message. Adds it to `written` also when sending fails
    /// in the middle: how much of it the peer can read is not known then.
    pub(crate) fn write_vectored(
        &mut self,
        slices: &[IoSlice<'_>],
        deadlines: &mut WriteDeadlines<'_>,
        written: &mut u64,
    ) -> Result<usize, NetError> {
        let count = self.session.writer().write_vectored(slices)?;
        if self.session.is_handshaking() {
            // Within its own deadline: the timeouts of a transfer are not for a handshake.
            self.shake_hands(Deadline::NEVER)?;
            deadlines.begin_pause();
        }
        let mut sent = 0;
        let flushed = self.flush_counting(deadlines, &mut sent);
        if sent > 0 {
            *written += count as u64;
        }
        flushed.map(|()| count)
    }

    /// Completes the handshake, and sends what waits for it; nothing to do where that has happened.
    pub(crate) fn handshake(&mut self, deadline: Deadline) -> Result<(), NetError> {
        self.shake_hands(deadline)?;
        self.flush(deadline)
    }

    /// Completes the handshake. Before it is complete, there is no connection that could fail.
    fn shake_hands(&mut self, deadline: Deadline) -> Result<(), NetError> {
        if self.session.is_handshaking() {
            let began = now();
            self.take_handshake_steps(deadline.min(self.handshake_by))?;
            self.handshake_took = Some(now().duration_since(began));
        }
        if self.agreed.0.is_none() {
            self.agreed = Agreed(TlsSession::of(&self.session).map(Arc::new));
        }
        Ok(())
    }

    fn take_handshake_steps(&mut self, deadline: Deadline) -> Result<(), NetError> {
        while self.session.is_handshaking() {
            self.handshake_step(deadline).map_err(|error| match error {
                NetError::TimedOut(_) => NetError::TimedOut(Stage::Handshake),
                NetError::Io(error) => NetError::Connect(error),
                error => error,
            })?;
        }
        Ok(())
    }

    /// How long the handshake took, once it is complete.
    pub(crate) fn handshake_took(&self) -> Option<Duration> {
        self.handshake_took
    }

    /// The addresses of the ends of what carries it.
    pub(crate) fn endpoints(&self) -> Endpoints {
        self.socket.endpoints()
    }

    /// What the handshake has agreed on, once it is complete.
    pub(crate) fn agreed(&self) -> &Agreed {
        &self.agreed
    }

    fn handshake_step(&mut self, deadline: Deadline) -> Result<(), NetError> {
        self.flush(deadline)?;
        if self.session.is_handshaking() {
            self.receive(deadline)?;
        }
        if self.session.is_handshaking() && self.ended {
            let what = "the peer ended the connection during the TLS handshake";
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, what).into());
        }
        Ok(())
    }

    /// Looks whether an idle stream could serve again: session tickets may have come, but nothing else.
    pub(crate) fn probe(&mut self) -> Probe {
        while !self.ended
            && self.session.process_new_packets().is_ok_and(|state| state.plaintext_bytes_to_read() == 0)
        {
            let pending = self.decrypted < self.received;
            if !pending && self.socket.probe() == Probe::Quiet {
                return Probe::Quiet;
            }
            // What is there is read at once: the deadline is for a peer that takes it back.
            if self.receive(Deadline::after(Duration::from_millis(10))).is_err() {
                return Probe::Spent;
            }
        }
        Probe::Spent
    }

    /// What ends a wait on this stream from another thread.
    pub(crate) fn stop(&self) -> Stop {
        self.socket.stop()
    }

    /// Takes a buffer for ciphertext for the time of an exchange.
    pub(crate) fn lend(&mut self, buffer: &mut Vec<u8>) {
        if self.ciphertext.is_empty() {
            std::mem::swap(&mut self.ciphertext, buffer);
        }
    }

    /// Gives the buffer back, unless there is something in it.
    pub(crate) fn reclaim(&mut self, buffer: &mut Vec<u8>) {
        if self.decrypted == self.received {
            std::mem::swap(&mut self.ciphertext, buffer);
            self.ciphertext = Vec::new();
        }
    }

    /// Decrypts what has come, or waits for more when that is done.
    fn receive(&mut self, deadline: Deadline) -> Result<(), NetError> {
        if let Some(failure) = &self.failure {
            return Err(NetError::Tls(failure.clone()));
        }
        if self.decrypted == self.received {
            self.ciphertext.resize(CIPHERTEXT, 0);
            self.decrypted = 0;
            self.received = 0;
            self.received = self.socket.read(&mut self.ciphertext, deadline)?;
        }
        let mut pending = &self.ciphertext[self.decrypted..self.received];
        self.session.read_tls(&mut pending)?;
        self.decrypted = self.received - pending.len();
        match self.session.process_new_packets() {
            Ok(state) => self.ended = state.peer_has_closed() || self.received == 0,
            Err(error) => {
                // The alert that says why; that it may not arrive changes nothing.
                let _ = self.flush(deadline);
                self.failure = Some(error.into());
            }
        }
        Ok(())
    }

    /// Sends what rustls has to say.
    fn flush(&mut self, deadline: Deadline) -> Result<(), NetError> {
        self.flush_counting(&mut WriteDeadlines::by(deadline), &mut 0)
    }

    /// As [`flush`](Self::flush); adds the bytes that have left to `sent`, also when it fails.
    fn flush_counting(
        &mut self,
        deadlines: &mut WriteDeadlines<'_>,
        sent: &mut usize,
    ) -> Result<(), NetError> {
        let mut wire = Wire { socket: &mut self.socket, deadlines };
        while self.failure.is_none() && self.session.wants_write() {
            match self.session.write_tls(&mut wire)? {
                0 => return Err(io::Error::from(io::ErrorKind::WriteZero).into()),
                count => *sent += count,
            }
        }
        Ok(())
    }
}

/// Tells the peer that nothing else comes (RFC 8446, Section 6.1), where that can be done without waiting.
impl Drop for TlsStream {
    fn drop(&mut self) {
        if self.agreed.0.is_some() && !self.ended && self.failure.is_none() {
            self.session.send_close_notify();
            // One write: what the system does not take at once is not worth a wait.
            let _ = self.session.write_tls(&mut NonBlocking(&mut self.socket));
        }
    }
}

/// The socket as rustls writes to it at the very end.
struct NonBlocking<'a>(&'a mut Socket);

impl Write for NonBlocking<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_at_once(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The socket as rustls writes to it.
struct Wire<'a, 'p> {
    socket: &'a mut Socket,
    deadlines: &'a mut WriteDeadlines<'p>,
}

impl Write for Wire<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(bytes)])
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.deadlines.write(self.socket, slices)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
