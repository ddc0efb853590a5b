//! The lookups in flight, and the requests that wait for each of them.
//!
//! Rule of this file: it decides what runs, and runs nothing. There is one lookup for each resolver and name.

use std::sync::Arc;

use super::{
    inbox::Outbox,
    lookup::{Outcome, Question, Task},
};
use crate::net::deadline::Deadline;

/// The maximum number of lookups that workers run at once for one resolver.
///
/// No lookup can be ended early: a name that does not resolve keeps its thread as long as the resolver tries, which is
/// 10 s for each name server with glibc. Few programs wait for more than 64 such names at once. 64 threads use little
/// memory, and fit the usual limits of services and containers (about 1,000 threads).
const MAX_RUNNING: usize = 64;

/// The lookups in flight, in the order in which they were first requested.
pub(super) struct InFlight {
    lookups: Vec<Lookup>,
    next_waiter: u64,
}

struct Lookup {
    question: Arc<Question>,
    /// `None` until the lookup begins.
    place: Option<Place>,
    waiters: Vec<Waiter>,
}

/// Where a lookup runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// On a worker. A resolver has up to [`MAX_RUNNING`].
    Worker,
    /// On the thread of a request.
    Caller,
}

/// A request that waits for a lookup.
struct Waiter {
    id: WaiterId,
    deadline: Deadline,
    outbox: Outbox<Outcome>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WaiterId(u64);

impl InFlight {
    pub(super) const fn new() -> InFlight {
        InFlight { lookups: Vec::new(), next_waiter: 0 }
    }

    /// Adds a request to the lookup of the same question. Adds this lookup if it is missing. Returns its own question,
    /// which identifies it.
    pub(super) fn join(
        &mut self,
        question: &Arc<Question>,
        deadline: Deadline,
        outbox: Outbox<Outcome>,
    ) -> (Arc<Question>, WaiterId) {
        let id = WaiterId(self.next_waiter);
        self.next_waiter += 1;
        let waiter = Waiter { id, deadline, outbox };
        if let Some(lookup) = self.lookups.iter_mut().find(|lookup| lookup.question.is_same(question)) {
            lookup.waiters.push(waiter);
            return (lookup.question.clone(), id);
        }
        self.lookups.push(Lookup { question: question.clone(), place: None, waiters: vec![waiter] });
        (question.clone(), id)
    }

    /// Removes a request, and its lookup if that has not begun and no other request waits for it.
    pub(super) fn leave(&mut self, question: &Arc<Question>, waiter: WaiterId) {
        let Some(index) = self.index(question) else { return };
        let lookup = &mut self.lookups[index];
        lookup.waiters.retain(|other| other.id != waiter);
        if lookup.waiters.is_empty() && lookup.place.is_none() {
            self.lookups.remove(index);
        }
    }

    /// Begins this lookup, unless it has begun.
    pub(super) fn begin(&mut self, question: &Arc<Question>, place: Place) -> Option<Task> {
        let index = self.index(question)?;
        let lookup = &mut self.lookups[index];
        lookup.place.is_none().then(|| lookup.begin(place))
    }

    /// Begins the first lookup of the same resolver that has not begun, if the limit allows one more.
    pub(super) fn begin_next(&mut self, question: &Question) -> Option<Task> {
        if self.running(question) >= MAX_RUNNING {
            return None;
        }
        let next = self.lookups.iter_mut().find(|lookup| {
            // If no waiter has time left, all of them are about to leave.
            lookup.place.is_none()
                && lookup.question.has_resolver_of(question)
                && !lookup.deadline().has_passed()
        });
        next.map(|lookup| lookup.begin(Place::Worker))
    }

    /// Puts a lookup back that no worker could be started for. Returns whether a busy worker will run it.
    pub(super) fn put_back(&mut self, question: &Arc<Question>) -> bool {
        if let Some(index) = self.index(question) {
            self.lookups[index].place = None;
        }
        self.running(question) > 0
    }

    /// Removes a lookup that has ended. Returns where the outcome goes.
    pub(super) fn end(&mut self, question: &Arc<Question>) -> Vec<Outbox<Outcome>> {
        let Some(index) = self.index(question) else { return Vec::new() };
        self.lookups.remove(index).waiters.into_iter().map(|waiter| waiter.outbox).collect()
    }

    /// The number of workers that are busy for the same resolver.
    fn running(&self, question: &Question) -> usize {
        let on_workers = self.lookups.iter().filter(|lookup| lookup.place == Some(Place::Worker));
        on_workers.filter(|lookup| lookup.question.has_resolver_of(question)).count()
    }

    fn index(&self, question: &Arc<Question>) -> Option<usize> {
        self.lookups.iter().position(|lookup| Arc::ptr_eq(&lookup.question, question))
    }
}

impl Lookup {
    fn begin(&mut self, place: Place) -> Task {
        self.place = Some(place);
        Task { question: self.question.clone(), deadline: self.deadline() }
    }

    /// The latest deadline of the requests that wait.
    fn deadline(&self) -> Deadline {
        let deadlines = self.waiters.iter().map(|waiter| waiter.deadline);
        deadlines.reduce(Deadline::max).unwrap_or(Deadline::NEVER)
    }
}

#[cfg(test)]
mod tests {
    use std::{net::SocketAddr, time::Duration};

    use super::{
        super::{
            inbox::{self, Inbox},
            resolver::Resolver,
        },
        *,
    };
    use crate::net::{cancel::CancelTokens, error::Stage, shared::Shared, transport::Destination};

    fn resolver() -> Shared<dyn Resolver> {
        Shared(Arc::new(|to: Destination<'_>, _: Deadline| {
            Ok(vec![SocketAddr::from(([127, 0, 0, 1], to.port))])
        }))
    }

    fn question(resolver: &Shared<dyn Resolver>, host: &str) -> Arc<Question> {
        Arc::new(Question::new(Some(resolver), Destination { host, port: 80 }))
    }

    fn open() -> (Outbox<Outcome>, Inbox<Outcome>) {
        inbox::open(CancelTokens::default())
    }

    /// Joins without a deadline.
    fn join(in_flight: &mut InFlight, question: &Arc<Question>) -> (Arc<Question>, WaiterId) {
        in_flight.join(question, Deadline::NEVER, open().0)
    }

    /// Fills the limit of a resolver.
    fn fill(in_flight: &mut InFlight, resolver: &Shared<dyn Resolver>) -> Vec<Task> {
        let begin = |number| {
            let question = question(resolver, &format!("{number}.test"));
            join(in_flight, &question);
            in_flight.begin_next(&question).unwrap()
        };
        (0..MAX_RUNNING).map(begin).collect()
    }

    #[test]
    fn ten_requests_share_one_lookup() {
        let (mut in_flight, resolver) = (InFlight::new(), resolver());
        let inboxes: Vec<_> = (0..10)
            .map(|_| {
                let (outbox, inbox) = open();
                in_flight.join(&question(&resolver, "a.test"), Deadline::NEVER, outbox);
                inbox
            })
            .collect();
        let task = in_flight.begin_next(&question(&resolver, "a.test")).unwrap();
        assert!(in_flight.begin_next(&task.question).is_none());
        let outboxes = in_flight.end(&task.question);
        assert_eq!(outboxes.len(), 10);
        task.run().send(&outboxes);
        for inbox in inboxes {
            let outcome = inbox.wait(Deadline::NEVER, Stage::Resolve).unwrap();
            assert_eq!(outcome.found.unwrap(), [SocketAddr::from(([127, 0, 0, 1], 80))]);
        }
    }

    #[test]
    fn limit_holds_for_each_resolver_alone() {
        let (mut in_flight, one, other) = (InFlight::new(), resolver(), resolver());
        let running = fill(&mut in_flight, &one);
        let (first, second) = (question(&one, "first.test"), question(&one, "second.test"));
        for question in [&first, &second] {
            join(&mut in_flight, question);
            assert!(in_flight.begin_next(question).is_none());
        }
        let others = question(&other, "first.test");
        join(&mut in_flight, &others);
        assert!(Arc::ptr_eq(&in_flight.begin_next(&others).unwrap().question, &others));
        // Those that wait follow in their order.
        for (ended, expected) in running.iter().zip([&first, &second]) {
            in_flight.end(&ended.question);
            let next = in_flight.begin_next(&ended.question).unwrap();
            assert!(Arc::ptr_eq(&next.question, expected));
            assert!(in_flight.begin_next(&ended.question).is_none());
        }
    }

    #[test]
    fn nested_and_own_lookups_begin_beyond_the_limit() {
        let (mut in_flight, resolver) = (InFlight::new(), resolver());
        fill(&mut in_flight, &resolver);
        for (host, place) in [("nested.test", Place::Worker), ("own.test", Place::Caller)] {
            let question = question(&resolver, host);
            join(&mut in_flight, &question);
            assert!(in_flight.begin(&question, place).is_some());
            assert!(in_flight.begin(&question, place).is_none(), "it has begun");
        }
    }

    #[test]
    fn lookups_without_waiters_never_begin() {
        let (mut in_flight, resolver) = (InFlight::new(), resolver());
        let asked = question(&resolver, "a.test");
        let (question, waiter) = join(&mut in_flight, &asked);
        let (_, other) = join(&mut in_flight, &asked);
        in_flight.leave(&question, waiter);
        assert_eq!(in_flight.lookups.len(), 1);
        in_flight.leave(&question, other);
        assert!(in_flight.begin_next(&question).is_none());
        let (question, _) = in_flight.join(&asked, Deadline::after(Duration::ZERO), open().0);
        assert!(in_flight.begin_next(&question).is_none(), "its waiter is about to leave");
    }

    #[test]
    fn running_lookup_keeps_its_place_without_waiters() {
        let (mut in_flight, resolver) = (InFlight::new(), resolver());
        let (question, waiter) = join(&mut in_flight, &question(&resolver, "a.test"));
        in_flight.begin_next(&question).unwrap();
        in_flight.leave(&question, waiter);
        let (joined, _) = join(&mut in_flight, &self::question(&resolver, "A.test"));
        assert!(Arc::ptr_eq(&joined, &question));
        assert_eq!(in_flight.end(&question).len(), 1);
    }

    #[test]
    fn resolver_receives_the_latest_deadline() {
        let (mut in_flight, resolver) = (InFlight::new(), resolver());
        let [soon, later] = [100, 200].map(|seconds| Deadline::after(Duration::from_secs(seconds)));
        for (deadlines, expected) in [
            (&[soon, later][..], later),
            (&[later, soon], later),
            (&[soon, Deadline::NEVER], Deadline::NEVER),
        ] {
            let question = question(&resolver, "a.test");
            for deadline in deadlines {
                in_flight.join(&question, *deadline, open().0);
            }
            let task = in_flight.begin_next(&question).unwrap();
            assert_eq!(task.deadline, expected);
            in_flight.end(&task.question);
        }
    }

    #[test]
    fn lookup_that_was_put_back_needs_a_busy_worker() {
        let (mut in_flight, resolver) = (InFlight::new(), resolver());
        let (one, other) = (question(&resolver, "one.test"), question(&resolver, "other.test"));
        join(&mut in_flight, &one);
        in_flight.begin_next(&one).unwrap();
        assert!(!in_flight.put_back(&one));
        in_flight.begin_next(&one).unwrap();
        join(&mut in_flight, &other);
        in_flight.begin_next(&other).unwrap();
        assert!(in_flight.put_back(&other));
        in_flight.end(&one);
        assert!(Arc::ptr_eq(&in_flight.begin_next(&one).unwrap().question, &other));
    }
}
