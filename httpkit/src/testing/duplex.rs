//! Streams that go both ways.

use std::io::{Read, Write};

/// A stream that reads and writes: a socket, or TLS over one.
pub trait Duplex: Read + Write + Send {}

impl<T: Read + Write + Send> Duplex for T {}
