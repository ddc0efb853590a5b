//! A connection on loan.

use std::ops::{Deref, DerefMut};

use super::slots::Slot;
use crate::connection::HttpConnection;

/// A connection that an exchange has for itself, and what it occupies as long as it is open.
#[derive(Debug)]
pub(crate) struct Lease {
    connection: Box<HttpConnection>,
    /// Dropped after the connection, which is closed by then.
    slot: Option<Box<Slot>>,
}

impl Lease {
    pub(super) fn new(connection: Box<HttpConnection>, slot: Option<Slot>) -> Lease {
        Lease { connection, slot: slot.map(Box::new) }
    }

    /// Closes the connection. Returns its slot for another one.
    pub(super) fn close(self) -> Option<Slot> {
        drop(self.connection);
        self.slot.map(|slot| *slot)
    }
}

impl Deref for Lease {
    type Target = HttpConnection;

    fn deref(&self) -> &HttpConnection {
        &self.connection
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut HttpConnection {
        &mut self.connection
    }
}
