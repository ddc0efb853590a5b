//! Lookups that nobody need wait for.
//!
//! Neither the system's resolver nor one of a user's can be interrupted, so a lookup with a deadline or a
//! token runs on one of a few worker threads, started when first needed and ended when idle.

use std::{
    io,
    net::{SocketAddr, ToSocketAddrs},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};

use super::{
    inbox::{self, Inbox, Outbox},
    resolver::Resolver,
};
use crate::net::{
    cancel::CancelTokens,
    deadline::Deadline,
    error::{NetError, Stage},
    shared::Shared,
    transport::Destination,
};

/// So many lookups run at once; further ones wait in line, within their deadlines.
const MAX_WORKERS: usize = 4;
const WORKER_IDLES: Duration = Duration::from_secs(30);

/// Asks the resolver, or the system where there is none.
pub(super) fn look_up(
    resolver: Option<&Shared<dyn Resolver>>,
    destination: Destination<'_>,
    deadline: Deadline,
    cancel: CancelTokens<'_>,
) -> Result<Vec<SocketAddr>, NetError> {
    let found = if deadline == Deadline::NEVER && cancel.are_none() {
        ask(resolver, destination, deadline)
    } else {
        ask_worker(resolver.cloned(), destination, deadline, cancel).wait(deadline, Stage::Resolve)?
    };
    found.map_err(|error| match error.kind() {
        io::ErrorKind::TimedOut => NetError::TimedOut(Stage::Resolve),
        _ => NetError::Dns(error),
    })
}

type Found = io::Result<Vec<SocketAddr>>;

fn ask(resolver: Option<&Shared<dyn Resolver>>, destination: Destination<'_>, deadline: Deadline) -> Found {
    match resolver {
        None => (destination.host, destination.port).to_socket_addrs().map(Iterator::collect),
        Some(resolver) => resolver.resolve(destination, deadline),
    }
}

struct Job {
    resolver: Option<Shared<dyn Resolver>>,
    host: String,
    port: u16,
    deadline: Deadline,
    found: Outbox<Found>,
}

impl Job {
    fn run(&self) {
        let destination = Destination { host: &self.host, port: self.port };
        let resolver = self.resolver.as_ref();
        // What a user's code does must not cost a worker.
        let found = catch_unwind(AssertUnwindSafe(|| ask(resolver, destination, self.deadline)));
        self.found.put(found.unwrap_or_else(|_| Err(io::Error::other("the resolver panicked"))));
    }
}

/// The line before the workers, and how many there are.
struct Workers {
    line: Option<Sender<Job>>,
    running: usize,
}

static WORKERS: Mutex<Workers> = Mutex::new(Workers { line: None, running: 0 });

/// The workers' end of the line. Only who waits for a job holds it.
static JOBS: Mutex<Option<Receiver<Job>>> = Mutex::new(None);

fn ask_worker(
    resolver: Option<Shared<dyn Resolver>>,
    destination: Destination<'_>,
    deadline: Deadline,
    cancel: CancelTokens<'_>,
) -> Inbox<Found> {
    let (found, inbox) = inbox::open(cancel);
    let Destination { host, port } = destination;
    let job = Job { resolver, host: host.to_owned(), port, deadline, found };
    let mut workers = WORKERS.lock().unwrap_or_else(PoisonError::into_inner);
    let line = workers.line.get_or_insert_with(|| {
        let (line, jobs) = channel();
        *JOBS.lock().unwrap_or_else(PoisonError::into_inner) = Some(jobs);
        line
    });
    // The receiver stands in a static and outlives any sender.
    let _ = line.send(job);
    if workers.running < MAX_WORKERS && thread::Builder::new().name("httpkit-dns".into()).spawn(work).is_ok()
    {
        workers.running += 1;
    }
    inbox
}

fn work() {
    while let Some(job) = next_job() {
        job.run();
    }
}

/// Waits for a job; `None` ends the worker.
fn next_job() -> Option<Job> {
    let jobs = JOBS.lock().unwrap_or_else(PoisonError::into_inner);
    let job = jobs.as_ref()?.recv_timeout(WORKER_IDLES).ok();
    if job.is_none() {
        WORKERS.lock().unwrap_or_else(PoisonError::into_inner).running -= 1;
    }
    job
}
