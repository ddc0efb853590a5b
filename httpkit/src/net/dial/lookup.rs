//! One lookup: the question, the call of the resolver, and the outcome for each request that waits.

use std::{
    fmt, io,
    net::{SocketAddr, ToSocketAddrs},
    sync::Arc,
};

use super::{inbox::Outbox, resolver::Resolver};
use crate::net::{contain::contain, deadline::Deadline, shared::Shared, transport::Destination};

/// The name to look up, and the resolver to call.
pub(super) struct Question {
    /// `None` means the system.
    resolver: Option<Shared<dyn Resolver>>,
    host: String,
    port: u16,
}

impl Question {
    pub(super) fn new(resolver: Option<&Shared<dyn Resolver>>, destination: Destination<'_>) -> Question {
        // The system needs no port, so that one lookup serves all ports of a host.
        let port = if resolver.is_some() { destination.port } else { 0 };
        Question { resolver: resolver.cloned(), host: destination.host.to_owned(), port }
    }

    /// Returns whether both have the same addresses. Names are compared without regard to case (RFC 4343).
    pub(super) fn is_same(&self, other: &Question) -> bool {
        self.has_resolver_of(other) && self.port == other.port && self.host.eq_ignore_ascii_case(&other.host)
    }

    pub(super) fn has_resolver_of(&self, other: &Question) -> bool {
        self.resolver == other.resolver
    }

    fn ask(&self, deadline: Deadline) -> Found {
        match &self.resolver {
            None => (self.host.as_str(), self.port).to_socket_addrs().map(Iterator::collect),
            Some(resolver) => resolver.resolve(Destination { host: &self.host, port: self.port }, deadline),
        }
    }
}

/// A lookup that has begun. Its holder must run it.
pub(super) struct Task {
    pub(super) question: Arc<Question>,
    pub(super) deadline: Deadline,
}

impl Task {
    pub(super) fn run(&self) -> Outcome {
        let found = contain(|| self.question.ask(self.deadline));
        let found = found.unwrap_or_else(|| Err(io::Error::other("the resolver panicked")));
        Outcome { found, deadline: self.deadline }
    }
}

/// How a lookup ended.
pub(super) struct Outcome {
    pub(super) found: Found,
    /// The deadline that the resolver received.
    pub(super) deadline: Deadline,
}

impl Outcome {
    /// Returns whether the lookup failed because its deadline was earlier than that of a request. Such a request
    /// joined late, and has time to ask again.
    pub(super) fn failed_before(&self, deadline: Deadline) -> bool {
        let has_time = self.deadline.max(deadline) != self.deadline;
        let is_late =
            |error: &io::Error| error.kind() == io::ErrorKind::TimedOut || self.deadline.has_passed();
        has_time && self.found.as_ref().is_err_and(is_late)
    }

    /// Sends the outcome to each request that waits.
    pub(super) fn send(self, outboxes: &[Outbox<Outcome>]) {
        let deadline = self.deadline;
        for (found, outbox) in copies(self.found, outboxes.len()).into_iter().zip(outboxes) {
            outbox.put(Outcome { found, deadline });
        }
    }
}

type Found = io::Result<Vec<SocketAddr>>;

fn copies(found: Found, count: usize) -> Vec<Found> {
    match found {
        Ok(addresses) => vec![addresses; count].into_iter().map(Ok).collect(),
        // A request that waits alone gets the resolver's own error, which the caller may downcast.
        Err(error) if count == 1 => vec![Err(error)],
        Err(error) => {
            let error = Arc::new(error);
            (0..count).map(|_| Err(copy_of(&error))).collect()
        }
    }
}

fn copy_of(error: &Arc<io::Error>) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), Copied(error.clone())),
    }
}

/// An error that several requests share, because an `io::Error` cannot be cloned.
#[derive(Debug)]
struct Copied(Arc<io::Error>);

impl fmt::Display for Copied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Copied {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

#[cfg(test)]
mod tests {
    use std::{error::Error, time::Duration};

    use super::*;

    #[test]
    fn copies_report_what_the_original_does() {
        let nested = || io::Error::new(io::ErrorKind::NotFound, Copied(Arc::new(io::Error::other("cause"))));
        for original in [
            nested,
            || io::Error::from_raw_os_error(2),
            || io::ErrorKind::ConnectionReset.into(),
            || io::Error::new(io::ErrorKind::InvalidData, "17".parse::<bool>().unwrap_err()),
        ] {
            let expected = original();
            let source = |error: &io::Error| error.source().map(ToString::to_string);
            let copies = copies(Err(original()), 3);
            assert_eq!(copies.len(), 3);
            for copy in copies {
                let copy = copy.unwrap_err();
                assert_eq!(copy.kind(), expected.kind());
                assert_eq!(copy.raw_os_error(), expected.raw_os_error());
                assert_eq!(copy.to_string(), expected.to_string());
                assert_eq!(source(&copy), source(&expected));
            }
        }
    }

    #[test]
    fn lone_request_gets_the_error_itself() {
        let error = io::Error::other("".parse::<u8>().unwrap_err());
        let [Err(only)] = &copies(Err(error), 1)[..] else { panic!("one error") };
        assert!(only.get_ref().unwrap().is::<std::num::ParseIntError>());
    }

    #[test]
    fn only_a_later_deadline_asks_again() {
        let soon = Deadline::after(Duration::from_secs(100));
        let later = Deadline::after(Duration::from_secs(200));
        let passed = Deadline::after(Duration::ZERO);
        let timed_out = || Err(io::ErrorKind::TimedOut.into());
        let other = || Err(io::ErrorKind::NotFound.into());
        for (found, lookup, request, asks_again) in [
            (timed_out(), soon, later, true),
            (timed_out(), soon, Deadline::NEVER, true),
            (timed_out(), soon, soon, false),
            (timed_out(), later, soon, false),
            (timed_out(), Deadline::NEVER, later, false),
            (timed_out(), Deadline::NEVER, Deadline::NEVER, false),
            (other(), soon, later, false),
            (other(), passed, later, true),
            (other(), passed, passed, false),
            (Ok(Vec::new()), passed, later, false),
        ] {
            let outcome = Outcome { found, deadline: lookup };
            let context = format!("{:?} by {lookup:?} for {request:?}", outcome.found);
            assert_eq!(outcome.failed_before(request), asks_again, "{context}");
        }
    }

    #[test]
    fn same_questions_share_resolver_name_and_port() {
        let resolver =
            || -> Shared<dyn Resolver> { Shared(Arc::new(|_: Destination<'_>, _: Deadline| Ok(Vec::new()))) };
        let (one, other) = (resolver(), resolver());
        let ask = |resolver, host, port| Question::new(resolver, Destination { host, port });
        for (left, right, is_same) in [
            (ask(Some(&one), "a.test", 80), ask(Some(&one), "A.TEST", 80), true),
            (ask(Some(&one), "a.test", 80), ask(Some(&one.clone()), "a.test", 80), true),
            (ask(Some(&one), "a.test", 80), ask(Some(&one), "a.test", 443), false),
            (ask(Some(&one), "a.test", 80), ask(Some(&one), "b.test", 80), false),
            (ask(Some(&one), "a.test", 80), ask(Some(&other), "a.test", 80), false),
            (ask(Some(&one), "a.test", 80), ask(None, "a.test", 80), false),
            (ask(None, "a.test", 80), ask(None, "A.test", 443), true),
            (ask(None, "a.test", 80), ask(None, "a.test.", 80), false),
        ] {
            assert_eq!(
                left.is_same(&right),
                is_same,
                "{}:{} {}:{}",
                left.host,
                left.port,
                right.host,
                right.port
            );
        }
    }
}
