//! The trait of custom resolvers.

use std::{io, net::SocketAddr};

use crate::net::{deadline::Deadline, transport::Destination};

/// Finds the addresses of hosts, instead of the system.
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
    /// Returns the addresses of a host in the order in which to try them. At most 32 are tried. Port 0 means the
    /// port of the destination. Hosts that are IP addresses are never looked up.
    ///
    /// Requests that need the same host and port at the same time share one call. It may run on a thread of the
    /// library, so that each request can stop waiting at its own deadline or when it is cancelled. The deadline here
    /// is the latest of those that were waiting when the call began.
    ///
    /// A client may have 64 calls in progress. If all of them are slow, requests for further hosts wait for one to
    /// end. A resolver may send requests itself.
    ///
    /// # Errors
    /// Any. `TimedOut` means that the deadline passed. A panic fails the requests that wait for this call.
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
