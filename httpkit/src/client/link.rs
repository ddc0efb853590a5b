//! What an exchange went over, and how long it took.

use std::{net::SocketAddr, sync::Arc, time::Instant};

use super::Response;
use crate::{
    connection::{HttpConnection, Measured, Timings},
    net::{Endpoints, now},
};

/// What is kept of a connection when the response no longer has it.
pub(super) struct Link {
    endpoints: Option<Arc<Endpoints>>,
    measured: Option<Box<Measured>>,
    began: Instant,
}

impl Link {
    #[inline]
    pub(super) fn of(connection: &mut HttpConnection, began: Instant) -> Link {
        Link { endpoints: connection.endpoints().cloned(), measured: connection.take_measured(), began }
    }

    fn timings(&self) -> Timings {
        match &self.measured {
            Some(measured) => measured.since(self.began),
            None => Timings { total: now().duration_since(self.began), ..Timings::default() },
        }
    }
}

impl Response {
    /// How long the parts of the exchange took. Asked when the body has been read, the total includes that.
    ///
    /// ```
    /// # use httpkit::{Client, testing::{Reply, Server}};
    /// # let server = Server::start(|_| Reply::text(200, "hello"));
    /// let client = Client::new();
    /// let response = client.get(server.url("/")).send()?;
    /// let timings = response.timings();
    /// assert!(timings.connect.is_some() && timings.head <= Some(timings.total));
    /// # Ok::<(), httpkit::Error>(())
    /// ```
    pub fn timings(&self) -> Timings {
        self.value.link().timings()
    }

    /// The address that answered: of the server, or of the proxy in front of it. `None` for Unix domain sockets,
    /// and for [`Transport`](crate::Transport)s that have none.
    pub fn remote_addr(&self) -> Option<SocketAddr> {
        self.value.link().endpoints.as_ref()?.remote
    }

    /// The address that the request came from. `None` for Unix domain sockets, and for
    /// [`Transport`](crate::Transport)s that have none.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.value.link().endpoints.as_ref()?.local
    }
}
