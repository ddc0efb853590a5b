//! Names to addresses, within a deadline.
//!
//! The system's resolver cannot be interrupted, so a lookup with a deadline runs on one of a few worker
//! threads, started when first needed and ended when idle. An IP address is never looked up.

use std::{
    io,
    net::{IpAddr, SocketAddr, ToSocketAddrs},
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel},
    },
    thread,
    time::Duration,
};

use crate::net::{
    deadline::Deadline,
    error::{NetError, Stage},
    transport::Destination,
};

/// So many lookups run at once; further ones wait in line, within their deadlines.
const MAX_WORKERS: usize = 4;
const WORKER_IDLES: Duration = Duration::from_secs(30);

/// Resolves a destination to the addresses to try, in the resolver's order.
pub(super) fn resolve(destination: Destination<'_>, deadline: Deadline) -> Result<Vec<SocketAddr>, NetError> {
    let Destination { host, port } = destination;
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let addresses = match deadline.remaining() {
        None => look_up(host, port),
        Some(remaining) => match ask_worker(host, port).recv_timeout(remaining) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => return Err(NetError::TimedOut(Stage::Resolve)),
            Err(RecvTimeoutError::Disconnected) => Err(io::Error::other("the lookup's thread has ended")),
        },
    };
    match addresses.map_err(NetError::Dns)? {
        none if none.is_empty() => {
            Err(NetError::Dns(io::Error::new(io::ErrorKind::NotFound, "the name has no address")))
        }
        addresses => Ok(addresses),
    }
}

type Answer = io::Result<Vec<SocketAddr>>;

fn look_up(host: &str, port: u16) -> Answer {
    (host, port).to_socket_addrs().map(Iterator::collect)
}

struct Job {
    host: String,
    port: u16,
    answer: SyncSender<Answer>,
}

/// The line before the workers, and how many there are.
struct Workers {
    line: Option<Sender<Job>>,
    running: usize,
}

static WORKERS: Mutex<Workers> = Mutex::new(Workers { line: None, running: 0 });

/// The workers' end of the line. Only who waits for a job holds it.
static JOBS: Mutex<Option<Receiver<Job>>> = Mutex::new(None);

fn ask_worker(host: &str, port: u16) -> Receiver<Answer> {
    let (answer, answers) = sync_channel(1);
    let mut workers = WORKERS.lock().unwrap_or_else(PoisonError::into_inner);
    let line = workers.line.get_or_insert_with(|| {
        let (line, jobs) = channel();
        *JOBS.lock().unwrap_or_else(PoisonError::into_inner) = Some(jobs);
        line
    });
    // The receiver stands in a static and outlives any sender.
    let _ = line.send(Job { host: host.to_owned(), port, answer });
    if workers.running < MAX_WORKERS && thread::Builder::new().name("httpkit-dns".into()).spawn(work).is_ok()
    {
        workers.running += 1;
    }
    answers
}

fn work() {
    while let Some(job) = next_job() {
        // Whoever asked may have given up.
        let _ = job.answer.try_send(look_up(&job.host, job.port));
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
