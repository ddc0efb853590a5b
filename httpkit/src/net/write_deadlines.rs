//! When the writes of a request end.

use std::{
    io::{self, IoSlice},
    time::{Duration, Instant},
};

use crate::net::{deadline::Deadline, pace::Pace, socket::Socket};

/// The deadlines of several writes to a socket: of each, of all together, and where they are too slow.
pub(crate) struct WriteDeadlines<'p> {
    all: Deadline,
    /// That of the first one, which takes no look at the clock.
    first: Option<Deadline>,
    /// How long each may take.
    each: Option<Duration>,
    /// That of the write that began last.
    current: Deadline,
    pace: Option<&'p mut Pace>,
}

impl<'p> WriteDeadlines<'p> {
    /// Writes that begin now: all of them end by a deadline, each within a time.
    #[inline]
    pub(crate) fn new(
        now: Instant,
        all: Deadline,
        each: Option<Duration>,
        pace: Option<&'p mut Pace>,
    ) -> WriteDeadlines<'p> {
        WriteDeadlines { all, first: Some(Deadline::since(now, each)), each, current: all, pace }
    }

    /// Writes that all end by one deadline: what TLS says of its own accord, and what goes through it to a proxy.
    #[cfg(feature = "__tls")]
    pub(super) fn by(deadline: Deadline) -> WriteDeadlines<'p> {
        WriteDeadlines { all: deadline, first: None, each: None, current: deadline, pace: None }
    }

    /// Begins the time of the next write now, because something else came before it.
    #[cfg(feature = "__tls")]
    pub(super) fn begin_pause(&mut self) {
        self.first = None;
    }

    /// Returns the deadline of the write that began last.
    #[inline]
    pub(crate) fn current(&self) -> Deadline {
        self.current
    }

    /// Begins a write.
    #[inline]
    fn next(&mut self) -> Deadline {
        let next = self.first.take().unwrap_or_else(|| Deadline::after_optional(self.each));
        self.current = self.all.min(next);
        self.current
    }

    /// Writes some of the slices, the first ones first.
    #[inline]
    pub(super) fn write(&mut self, socket: &mut Socket, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let deadline = self.next();
        match &mut self.pace {
            None => socket.write_vectored(slices, deadline),
            Some(pace) => pace.transfer(deadline, |deadline| socket.write_vectored(slices, deadline)),
        }
    }
}
