//! Looking up the addresses of a name.
//!
//! No resolver can be interrupted. So lookups run on worker threads, and each request waits with its own deadline and
//! tokens. A lookup belongs to the requests that wait for it: they share it, and it does not begin if all of them have
//! given up.

use std::{
    cell::Cell,
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread::{self, ThreadId},
    time::Duration,
};

use super::{
    in_flight::{InFlight, Place, WaiterId},
    inbox::{self, Outbox},
    lookup::{Outcome, Question, Task},
    per_process::PerProcess,
    resolver::Resolver,
};
use crate::net::{
    cancel::CancelTokens,
    contain::contain,
    deadline::Deadline,
    error::{NetError, Stage},
    shared::Shared,
    transport::Destination,
};

/// The time that a worker waits for its next lookup before it ends. A program that looks up a name every few seconds
/// keeps its worker, for which the C library has read the configuration of DNS already. A quiet program keeps none.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// The lookups of this process. A forked child has none of its parent's threads, so it begins with new ones.
static LOOKUPS: PerProcess<Lookups> = PerProcess::new(Lookups::new(), Lookups::new);

thread_local! {
    static IS_WORKER: Cell<bool> = const { Cell::new(false) };
}

/// Asks the resolver for the addresses of a name, or the system if there is no resolver.
pub(super) fn look_up(
    resolver: Option<&Shared<dyn Resolver>>,
    destination: Destination<'_>,
    deadline: Deadline,
    cancel: CancelTokens<'_>,
) -> Result<Vec<SocketAddr>, NetError> {
    let lookups = LOOKUPS.get();
    let question = Arc::new(Question::new(resolver, destination));
    loop {
        // A request that has given up starts no lookup.
        if cancel.have_cancelled() {
            return Err(NetError::Cancelled);
        }
        if deadline.has_passed() {
            return Err(NetError::TimedOut(Stage::Resolve));
        }
        let (outbox, inbox) = inbox::open(cancel);
        let joined = lookups.join(&question, deadline, outbox);
        if deadline == Deadline::NEVER && cancel.are_none() {
            // Nothing can end this wait early, so it needs no other thread.
            joined.run_here();
        } else {
            joined.start().map_err(NetError::Dns)?;
        }
        let outcome = inbox.wait(deadline, Stage::Resolve)?;
        if !outcome.failed_before(deadline) {
            return outcome.found.map_err(|error| match error.kind() {
                io::ErrorKind::TimedOut => NetError::TimedOut(Stage::Resolve),
                _ => NetError::Dns(error),
            });
        }
    }
}

/// The lookups of a process, and the threads that run them.
struct Lookups(Mutex<State>);

struct State {
    in_flight: InFlight,
    /// The workers that wait for a task. The last of them became idle last. It gets the next task, so that the others
    /// can end.
    idle: Vec<Worker>,
}

struct Worker {
    thread: ThreadId,
    tasks: Sender<Task>,
}

impl Lookups {
    const fn new() -> Lookups {
        Lookups(Mutex::new(State { in_flight: InFlight::new(), idle: Vec::new() }))
    }

    /// Adds a request to the lookup for its question, until the returned value is dropped.
    fn join(&'static self, question: &Arc<Question>, deadline: Deadline, outbox: Outbox<Outcome>) -> Joined {
        let (question, waiter) = self.lock().in_flight.join(question, deadline, outbox);
        Joined { lookups: self, question, waiter }
    }

    /// Gives a task to an idle worker, or to a new one.
    fn dispatch(&'static self, state: &mut State, task: Task) -> io::Result<()> {
        if let Some(worker) = state.idle.pop() {
            // It is received: a worker ends only while it is in the list.
            let _ = worker.tasks.send(task);
            return Ok(());
        }
        let worker = thread::Builder::new().name("httpkit-dns".into());
        worker.spawn(move || self.work(task)).map(drop)
    }

    /// Runs a lookup, then the lookups of the same resolver that wait for a worker, then any others.
    fn work(&self, first: Task) {
        IS_WORKER.set(true);
        let (sender, tasks) = channel();
        let mut next = Some(first);
        while let Some(task) = next {
            let outcome = task.run();
            let mut state = self.lock();
            let outboxes = state.in_flight.end(&task.question);
            next = state.in_flight.begin_next(&task.question);
            // The requests continue after this. Their next lookup needs no new thread, which may not be available.
            if next.is_none() {
                state.idle.push(Worker { thread: thread::current().id(), tasks: sender.clone() });
            }
            drop(state);
            outcome.send(&outboxes);
            // The task may be the last owner of a custom resolver, whose drop may panic.
            contain(move || drop(task));
            next = next.or_else(|| self.await_task(&tasks));
        }
    }

    /// Waits as an idle worker. Returns `None` if the worker must end.
    fn await_task(&self, tasks: &Receiver<Task>) -> Option<Task> {
        if let Ok(task) = tasks.recv_timeout(IDLE_TIMEOUT) {
            return Some(task);
        }
        let me = thread::current().id();
        let mut state = self.lock();
        state.idle.retain(|worker| worker.thread != me);
        // A task may have been sent before the lock was taken.
        tasks.try_recv().ok()
    }

    /// No custom code runs under this lock.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that waits for a lookup, until this is dropped.
struct Joined {
    lookups: &'static Lookups,
    question: Arc<Question>,
    waiter: WaiterId,
}

impl Joined {
    /// Runs the lookup on this thread, unless it has begun.
    fn run_here(&self) {
        let task = self.lookups.lock().in_flight.begin(&self.question, Place::Caller);
        if let Some(task) = task {
            let outcome = task.run();
            let outboxes = self.lookups.lock().in_flight.end(&task.question);
            outcome.send(&outboxes);
        }
    }

    /// Makes a worker run the lookup, now or when one of the resolver's workers is free.
    ///
    /// # Errors
    /// The system cannot start a thread, and the resolver has no worker to wait for.
    fn start(&self) -> io::Result<()> {
        // A resolver that sends requests itself gets here on a worker. If such lookups waited for a free worker, they
        // could wait for the one that they keep busy.
        let is_nested = IS_WORKER.get();
        // The lock is held until a thread has started, so that no request relies on a lookup that never runs.
        let mut state = self.lookups.lock();
        let task = if is_nested {
            state.in_flight.begin(&self.question, Place::Worker)
        } else {
            state.in_flight.begin_next(&self.question)
        };
        let Some(task) = task else { return Ok(()) };
        let question = task.question.clone();
        self.lookups.dispatch(&mut state, task).or_else(|error| {
            let is_served = state.in_flight.put_back(&question);
            if is_served && !is_nested { Ok(()) } else { Err(error) }
        })
    }
}

impl Drop for Joined {
    fn drop(&mut self) {
        self.lookups.lock().in_flight.leave(&self.question, self.waiter);
    }
}
