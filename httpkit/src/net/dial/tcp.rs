//! How TCP connections are opened.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use socket2::{Domain, Protocol, Socket, Type};

use super::family::AddressFamily;
use crate::net::deadline::Deadline;

/// How TCP connections are opened: to which addresses, from where, and with which options of the system.
///
/// ```
/// use httpkit::{AddressFamily, Client, TcpConfig, TcpKeepalive};
///
/// let tcp = TcpConfig::new().address_family(AddressFamily::Ipv4).keepalive(TcpKeepalive::default());
/// let client = Client::builder().tcp(tcp).build()?;
/// # let _ = client;
/// # Ok::<(), httpkit::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct TcpConfig {
    family: AddressFamily,
    local_address: Option<IpAddr>,
    interface: Option<String>,
    keepalive: Option<TcpKeepalive>,
    nodelay: bool,
}

/// When the system asks a quiet connection whether it is still there (RFC 9293, Section 3.8.4).
///
/// What a system cannot be told stays as it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TcpKeepalive {
    /// How long the connection has been quiet before the first probe. Defaults to 60 s.
    pub idle: Duration,
    /// The time between two probes. Defaults to 15 s.
    pub interval: Duration,
    /// After so many probes without an answer the connection has failed. Defaults to 4.
    pub probes: u32,
}

impl Default for TcpKeepalive {
    fn default() -> TcpKeepalive {
        TcpKeepalive { idle: Duration::from_secs(60), interval: Duration::from_secs(15), probes: 4 }
    }
}

impl Default for TcpConfig {
    fn default() -> TcpConfig {
        TcpConfig {
            family: AddressFamily::Any,
            local_address: None,
            interface: None,
            keepalive: None,
            nodelay: true,
        }
    }
}

impl TcpConfig {
    /// The defaults: any address, from anywhere, without keepalive, and each write leaves at once.
    pub fn new() -> TcpConfig {
        TcpConfig::default()
    }

    /// Which of a host's addresses are tried. Defaults to [`AddressFamily::Any`].
    pub fn address_family(mut self, family: AddressFamily) -> TcpConfig {
        self.family = family;
        self
    }

    /// The address that connections come from. Of a host's addresses, only those of its family are tried.
    /// Defaults to what the system chooses.
    pub fn local_address(mut self, address: IpAddr) -> TcpConfig {
        self.local_address = Some(address);
        self
    }

    /// The network interface that connections go through (`SO_BINDTODEVICE`), such as `eth0`. Defaults to
    /// what the system chooses.
    #[cfg(any(target_os = "android", target_os = "linux"))]
    pub fn interface(mut self, name: &str) -> TcpConfig {
        self.interface = Some(name.to_owned());
        self
    }

    /// Has the system ask quiet connections whether they are still there. Defaults to not.
    pub fn keepalive(mut self, keepalive: TcpKeepalive) -> TcpConfig {
        self.keepalive = Some(keepalive);
        self
    }

    /// Whether each write leaves at once (`TCP_NODELAY`). Defaults to `true`: without it, a request in two
    /// writes waits for the peer's delayed acknowledgement, which takes 40 ms and more.
    pub fn nodelay(mut self, nodelay: bool) -> TcpConfig {
        self.nodelay = nodelay;
        self
    }

    /// Of which family an address must be.
    pub(super) fn family(&self) -> AddressFamily {
        match (self.family, self.local_address) {
            (AddressFamily::Any, Some(IpAddr::V4(_))) => AddressFamily::Ipv4,
            (AddressFamily::Any, Some(IpAddr::V6(_))) => AddressFamily::Ipv6,
            (family, _) => family,
        }
    }

    /// Whether an address may be tried.
    pub(super) fn may_reach(&self, address: &SocketAddr) -> bool {
        let from = self.local_address.is_none_or(|local| local.is_ipv4() == address.is_ipv4());
        from && self.family.includes(address)
    }

    /// Opens a socket from where connections are to come.
    pub(super) fn open(&self, address: SocketAddr) -> io::Result<Socket> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        if let Some(name) = &self.interface {
            bind_interface(&socket, name)?;
        }
        if let Some(local) = self.local_address {
            socket.bind(&SocketAddr::new(local, 0).into())?;
        }
        Ok(socket)
    }

    /// Connects an open socket.
    pub(super) fn connect_socket(
        &self,
        socket: &Socket,
        address: SocketAddr,
        deadline: Deadline,
    ) -> io::Result<()> {
        let remaining = deadline.remaining().unwrap_or(Duration::MAX);
        if remaining.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        socket.connect_timeout(&address.into(), remaining)?;
        self.prepare(socket)
    }

    /// Sets the options of a connected socket.
    fn prepare(&self, socket: &Socket) -> io::Result<()> {
        if self.nodelay {
            socket.set_tcp_nodelay(true)?;
        }
        match self.keepalive {
            None => Ok(()),
            Some(keepalive) => socket.set_tcp_keepalive(&keepalive.socket2()),
        }
    }
}

#[cfg(any(target_os = "android", target_os = "linux"))]
fn bind_interface(socket: &Socket, name: &str) -> io::Result<()> {
    socket.bind_device(Some(name.as_bytes()))
}

/// Nobody can ask for it here.
#[cfg(not(any(target_os = "android", target_os = "linux")))]
fn bind_interface(_: &Socket, _: &str) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

impl TcpKeepalive {
    #[cfg(any(
        target_os = "android",
        target_os = "freebsd",
        target_os = "ios",
        target_os = "linux",
        target_os = "macos",
        target_os = "netbsd",
        target_os = "windows"
    ))]
    fn socket2(self) -> socket2::TcpKeepalive {
        let keepalive = socket2::TcpKeepalive::new().with_time(self.idle);
        keepalive.with_interval(self.interval).with_retries(self.probes)
    }

    #[cfg(not(any(
        target_os = "android",
        target_os = "freebsd",
        target_os = "ios",
        target_os = "linux",
        target_os = "macos",
        target_os = "netbsd",
        target_os = "windows"
    )))]
    fn socket2(self) -> socket2::TcpKeepalive {
        socket2::TcpKeepalive::new().with_time(self.idle)
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};

    use super::*;

    fn connect(tcp: &TcpConfig, address: SocketAddr, timeout: Duration) -> io::Result<Socket> {
        let socket = tcp.open(address)?;
        tcp.connect_socket(&socket, address, Deadline::after(timeout)).map(|()| socket)
    }

    fn connected(tcp: &TcpConfig) -> Socket {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        connect(tcp, listener.local_addr().unwrap(), Duration::from_secs(30)).unwrap()
    }

    #[test]
    fn options_are_set_as_configured() {
        for nodelay in [true, false] {
            let socket = connected(&TcpConfig::new().nodelay(nodelay));
            assert_eq!(socket.tcp_nodelay().unwrap(), nodelay);
            assert!(!socket.keepalive().unwrap());
        }
        assert!(connected(&TcpConfig::new()).tcp_nodelay().unwrap(), "it is the default");
        let keepalive = TcpKeepalive { idle: Duration::from_secs(70), ..TcpKeepalive::default() };
        assert!(connected(&TcpConfig::new().keepalive(keepalive)).keepalive().unwrap());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn keepalive_reaches_the_system() {
        let keepalive =
            TcpKeepalive { idle: Duration::from_secs(70), interval: Duration::from_secs(7), probes: 5 };
        let socket = connected(&TcpConfig::new().keepalive(keepalive));
        assert_eq!(socket.tcp_keepalive_time().unwrap(), keepalive.idle);
        assert_eq!(socket.tcp_keepalive_interval().unwrap(), keepalive.interval);
        assert_eq!(socket.tcp_keepalive_retries().unwrap(), keepalive.probes);
    }

    #[test]
    fn a_deadline_that_has_passed_connects_nowhere() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let from = TcpConfig::new().local_address(Ipv4Addr::LOCALHOST.into());
        for tcp in [TcpConfig::new(), from] {
            let error = connect(&tcp, address, Duration::ZERO).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        }
    }

    #[test]
    fn addresses_of_another_family_are_out_of_reach() {
        let v4 = SocketAddr::from((Ipv4Addr::LOCALHOST, 80));
        let v6 = SocketAddr::from((Ipv6Addr::LOCALHOST, 80));
        let new = TcpConfig::new;
        for (tcp, reaches_v4, reaches_v6) in [
            (new(), true, true),
            (new().address_family(AddressFamily::Ipv4), true, false),
            (new().address_family(AddressFamily::Ipv6), false, true),
            (new().local_address(v4.ip()), true, false),
            (new().local_address(v6.ip()), false, true),
            (new().local_address(v4.ip()).address_family(AddressFamily::Ipv6), false, false),
        ] {
            assert_eq!((tcp.may_reach(&v4), tcp.may_reach(&v6)), (reaches_v4, reaches_v6), "{tcp:?}");
        }
    }
}
