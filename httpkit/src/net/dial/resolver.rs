//! What finds the addresses of a host, for users who bring their own.

use std::{io, net::SocketAddr};

use crate::net::{deadline::Deadline, transport::Destination};

/// Finds the addresses of hosts in place of the system.
///
/// Closures are resolvers:
///
/// ```
/// use httpkit::{Client, Deadline, Destination, testing::{Reply, Server}};
///
/// let server = Server::start(|_| Reply::text(200, "found"));
/// let address = server.address();
/// let client = Client::builder()
///     .resolver(move |_: Destination<'_>, _: Deadline| Ok(vec![address]))
///     .build()?;
/// assert_eq!(client.get("http://anywhere.example/").send()?.text()?, "found");
/// # Ok::<(), httpkit::Error>(())
/// ```
pub trait Resolver: Send + Sync {
    /// The addresses of the host, those to try first first. An address with the port 0 has the port of the
    /// destination.
    ///
    /// It may run on a thread of its own, so that whoever asked can go on when the deadline has passed or
    /// the request is cancelled. It is never asked about a host that is an IP address.
    ///
    /// # Errors
    /// Any; `TimedOut` when the deadline passed.
    fn resolve(&self, destination: Destination<'_>, deadline: Deadline) -> io::Result<Vec<SocketAddr>>;
}

impl<F> Resolver for F
where
    F: Fn(Destination<'_>, Deadline) -> io::Result<Vec<SocketAddr>> + Send + Sync,
{
    fn resolve(&self, destination: Destination<'_>, deadline: Deadline) -> io::Result<Vec<SocketAddr>> {
        self(destination, deadline)
    }
}
