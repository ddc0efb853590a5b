//! Servers for tests: one on loopback, and one in memory that follows a script.
//!
//! ```
//! use httpkit::{Client, testing::{Reply, Server}};
//!
//! let server = Server::start(|request| match request.target() {
//!     "/hello" => Reply::text(200, "world"),
//!     _ => Reply::new(404),
//! });
//! let response = Client::new().get(server.url("/hello")).send()?;
//! assert_eq!(response.text()?, "world");
//! assert_eq!(server.received()[0].method(), "GET");
//! # Ok::<(), httpkit::Error>(())
//! ```

mod clock;
mod duplex;
mod reply;
mod script;
mod server;

pub use self::{
    clock::advance_clock,
    duplex::Duplex,
    reply::Reply,
    script::{Act, Recorded, Script, ScriptedConnector},
    server::{Received, Server},
};
