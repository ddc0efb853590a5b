//! Servers in memory that take their time, by the clock of the thread that asks them.

use std::{io, time::Duration};

use httpkit::{
    Connector, Deadline, Destination, Probe, Transport,
    testing::{Script, ScriptedConnector, advance_clock},
};

/// Leads to scripted servers. What takes time moves the clock on, up to the deadline at most.
pub struct Slow {
    /// Where they are recorded.
    pub scripted: ScriptedConnector,
    /// How long a connection takes.
    pub connecting: Duration,
    /// How long until the next piece has come.
    pub reading: Duration,
    /// How long until a piece has been sent.
    pub writing: Duration,
}

impl Slow {
    /// Servers that take no time, unless that is changed.
    pub fn new(scripts: impl IntoIterator<Item = Script>) -> Slow {
        let scripted = ScriptedConnector::new(scripts);
        Slow { scripted, connecting: Duration::ZERO, reading: Duration::ZERO, writing: Duration::ZERO }
    }
}

impl Connector for Slow {
    fn connect(&self, destination: Destination<'_>, deadline: Deadline) -> io::Result<Box<dyn Transport>> {
        Wait::of(self.connecting).pass(deadline)?;
        let inner = self.scripted.connect(destination, deadline)?;
        Ok(Box::new(SlowTransport { inner, reads: Wait::of(self.reading), writes: Wait::of(self.writing) }))
    }
}

struct SlowTransport {
    inner: Box<dyn Transport>,
    reads: Wait,
    writes: Wait,
}

/// How long something takes, and how much of that is left.
struct Wait {
    whole: Duration,
    left: Duration,
}

impl Wait {
    fn of(whole: Duration) -> Wait {
        Wait { whole, left: whole }
    }

    /// Waits until it is over, or the deadline is; what is left then is for the next wait.
    fn pass(&mut self, deadline: Deadline) -> io::Result<()> {
        let waited = deadline.remaining().map_or(self.left, |remaining| remaining.min(self.left));
        advance_clock(waited);
        self.left -= waited;
        if self.left > Duration::ZERO {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.left = self.whole;
        Ok(())
    }
}

impl Transport for SlowTransport {
    fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        self.reads.pass(deadline)?;
        self.inner.read(buffer, deadline)
    }

    fn write(&mut self, bytes: &[u8], deadline: Deadline) -> io::Result<usize> {
        self.writes.pass(deadline)?;
        self.inner.write(bytes, deadline)
    }

    fn probe(&mut self) -> Probe {
        self.inner.probe()
    }
}
