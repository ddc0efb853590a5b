//! Lookups of names: which requests share them, and which wait.

use std::{
    collections::HashSet,
    error::Error as _,
    io,
    net::SocketAddr,
    sync::{
        Arc, Barrier, Condvar, Mutex, OnceLock,
        mpsc::{self, Receiver, Sender},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use httpkit::{
    CancelToken, Client, ClientBuilder, Deadline, Destination, Error, ErrorKind, HttpConnection, Phase,
    Timeouts,
    testing::{Reply, Server},
};
use httpkit_tests::{CancelledBy, is_child, run_with};

const SHORT: Duration = Duration::from_millis(100);
const LONG: Duration = Duration::from_secs(30);

/// The number of lookups that one resolver runs at once.
const LIMIT: usize = 64;

fn hello() -> Server {
    Server::start(|_| Reply::text(200, "hello"))
}

/// Builds a client without timeouts and proxies.
fn build(builder: ClientBuilder) -> Client {
    builder.no_proxy().timeouts(Timeouts::NONE).build().unwrap()
}

fn text(client: &Client, host: &str) -> httpkit::Result<String> {
    client.get(format!("http://{host}/")).send()?.text()
}

fn spawn(client: &Client, host: &str) -> JoinHandle<httpkit::Result<String>> {
    let (client, host) = (client.clone(), host.to_owned());
    thread::spawn(move || text(&client, &host))
}

/// Resolves each name to one address. Names that begin with `slow` wait until the gate opens.
struct Names {
    address: SocketAddr,
    hosts: Mutex<Vec<String>>,
    began: Sender<()>,
    is_open: Mutex<bool>,
    opened: Condvar,
}

impl Names {
    /// Also returns a channel that receives a message when a slow lookup has begun.
    fn new(address: SocketAddr) -> (Arc<Names>, Receiver<()>) {
        let (began, has_begun) = mpsc::channel();
        let (hosts, is_open, opened) = (Mutex::default(), Mutex::default(), Condvar::new());
        (Arc::new(Names { address, hosts, began, is_open, opened }), has_begun)
    }

    fn client(self: &Arc<Names>) -> Client {
        let names = self.clone();
        build(Client::builder().resolver(move |to: Destination<'_>, _: Deadline| names.resolve(to.host)))
    }

    fn resolve(&self, host: &str) -> io::Result<Vec<SocketAddr>> {
        self.hosts.lock().unwrap().push(host.to_owned());
        if host.starts_with("slow") {
            let _ = self.began.send(());
            let is_open = self.is_open.lock().unwrap();
            drop(self.opened.wait_while(is_open, |is_open| !*is_open).unwrap());
        }
        match host.strip_prefix("slow-panic") {
            Some(_) => panic!("the test wants this"),
            None if host.contains("missing") => Err(io::Error::new(io::ErrorKind::NotFound, "no such host")),
            None => Ok(vec![self.address]),
        }
    }

    fn open(&self) {
        *self.is_open.lock().unwrap() = true;
        self.opened.notify_all();
    }

    /// Returns the number of lookups of hosts with this prefix.
    fn calls(&self, prefix: &str) -> usize {
        self.hosts.lock().unwrap().iter().filter(|host| host.starts_with(prefix)).count()
    }
}

/// Begins slow lookups and waits until the resolver runs all of them.
fn begin(
    client: &Client,
    has_begun: &Receiver<()>,
    count: usize,
) -> Vec<JoinHandle<httpkit::Result<String>>> {
    let requests = (0..count).map(|number| spawn(client, &format!("slow{number}.test"))).collect();
    has_begun.iter().take(count).for_each(drop);
    requests
}

fn assert_served(requests: Vec<JoinHandle<httpkit::Result<String>>>) {
    for request in requests {
        assert_eq!(request.join().unwrap().unwrap(), "hello");
    }
}

fn assert_resolve_timeout(error: &Error) {
    assert!(matches!(error.kind(), ErrorKind::Timeout { phase: Phase::Resolve, .. }), "{error}");
}

#[test]
fn slow_names_delay_no_other_name() {
    let server = hello();
    let (names, has_begun) = Names::new(server.address());
    let client = names.client();
    let slow = begin(&client, &has_begun, 12);
    assert_eq!(text(&client, "quick.test").unwrap(), "hello");
    let (others, _) = Names::new(server.address());
    assert_eq!(text(&others.client(), "quick.test").unwrap(), "hello");
    names.open();
    assert_served(slow);
}

#[test]
fn other_clients_proceed_while_one_fills_its_limit() {
    let server = hello();
    let (names, has_begun) = Names::new(server.address());
    let client = names.client();
    let slow = begin(&client, &has_begun, LIMIT);
    let waiting = spawn(&client, "waiting.test");
    let (others, _) = Names::new(server.address());
    assert_eq!(text(&others.client(), "quick.test").unwrap(), "hello");
    assert_eq!(names.calls("waiting"), 0);
    names.open();
    assert_served(slow);
    assert_eq!(waiting.join().unwrap().unwrap(), "hello");
}

#[test]
fn requests_that_gave_up_start_no_lookup() {
    let server = hello();
    let (names, has_begun) = Names::new(server.address());
    let client = names.client();
    let slow = begin(&client, &has_begun, LIMIT);
    for number in 0..5 {
        let url = format!("http://gave-up{number}.test/");
        assert_resolve_timeout(&client.get(&url).timeout(SHORT).send().unwrap_err());
        let (say, word) = mpsc::channel();
        say.send(()).unwrap();
        CancelledBy::Token.when(word, &client, client.get(&url));
    }
    names.open();
    assert_served(slow);
    // This lookup would run after the others.
    assert_eq!(text(&client, "last.test").unwrap(), "hello");
    assert_eq!((names.calls("gave-up"), names.calls("")), (0, LIMIT + 1));
}

#[test]
fn request_that_is_over_asks_no_resolver() {
    let (names, _) = Names::new(hello().address());
    let client = names.client();
    let token = CancelToken::new();
    token.cancel();
    let error = client.get("http://a.test/").cancel_token(&token).send().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Cancelled), "{error}");
    let mut connection = HttpConnection::builder("a.test")
        .resolver({
            let names = names.clone();
            move |to: Destination<'_>, _: Deadline| names.resolve(to.host)
        })
        .timeouts(Timeouts::NONE.resolve(Duration::ZERO))
        .build()
        .unwrap();
    assert_resolve_timeout(&connection.connect().unwrap_err());
    assert_eq!(names.calls(""), 0);
}

#[test]
fn requests_for_one_name_share_a_lookup() {
    let server = hello();
    let (names, has_begun) = Names::new(server.address());
    let client = names.client();
    let mut requests = begin(&client, &has_begun, 1);
    // Each of them waits for the lookup until it gives up.
    for _ in 0..9 {
        let error = client.get("http://slow0.test/").timeout(SHORT).send().unwrap_err();
        assert_resolve_timeout(&error);
    }
    assert_eq!(names.calls(""), 1);
    requests.extend((0..9).map(|_| spawn(&client, "slow0.test")));
    names.open();
    assert_served(requests);
}

#[test]
fn requests_that_share_a_lookup_get_its_error() {
    let server = hello();
    let (names, has_begun) = Names::new(server.address());
    let client = names.client();
    for (host, message) in
        [("slow-panic.test", "the resolver panicked"), ("slow-missing.test", "no such host")]
    {
        let first = spawn(&client, host);
        has_begun.recv().unwrap();
        let requests: Vec<_> = (0..5).map(|_| spawn(&client, host)).collect();
        names.open();
        for request in requests.into_iter().chain([first]) {
            let error = request.join().unwrap().unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Dns { .. }), "{error:?}");
            assert_eq!(error.source().unwrap().to_string(), message);
        }
        // A request that came late has begun a second lookup.
        while has_begun.try_recv().is_ok() {}
        *names.is_open.lock().unwrap() = false;
    }
    assert_eq!(text(&client, "quick.test").unwrap(), "hello");
}

#[test]
fn later_deadline_outlasts_a_shared_lookup() {
    let server = hello();
    let address = server.address();
    let (say, has_begun) = mpsc::channel();
    let resolver = move |_: Destination<'_>, deadline: Deadline| {
        say.send(()).unwrap();
        match deadline.remaining() {
            // As if the deadline had passed. Most likely the second request waits by then, but it need not.
            Some(_) => {
                thread::sleep(SHORT);
                Err(io::ErrorKind::TimedOut.into())
            }
            None => Ok(vec![address]),
        }
    };
    let client = build(Client::builder().resolver(resolver));
    let first = {
        let client = client.clone();
        thread::spawn(move || client.get("http://a.test/").timeout(LONG).send().map(drop))
    };
    has_begun.recv().unwrap();
    text(&client, "a.test").unwrap();
    assert_resolve_timeout(&first.join().unwrap().unwrap_err());
    assert_eq!(has_begun.try_iter().count(), 1, "the second request asks again");
}

/// Sends requests at once through a client whose resolver sends requests itself, when all of its lookups have begun.
/// `inner` returns the client for those, given the outer client and the address of the server that they go to.
fn resolve_by_requests(count: usize, inner: impl Fn(&Client, SocketAddr) -> Client) {
    let server = hello();
    let address = server.address();
    let dns = Server::start(move |_| Reply::text(200, &address.to_string()));
    let (dns_address, all_begun) = (dns.address(), Barrier::new(count));
    let nested = Arc::new(OnceLock::<Client>::new());
    let resolver = {
        let nested = nested.clone();
        move |to: Destination<'_>, _: Deadline| {
            if to.host == "dns.test" {
                return Ok(vec![dns_address]);
            }
            all_begun.wait();
            let address = text(nested.get().unwrap(), "dns.test")?;
            Ok(vec![address.parse().unwrap()])
        }
    };
    let client = build(Client::builder().resolver(resolver));
    assert!(nested.set(inner(&client, dns_address)).is_ok());
    assert_served((0..count).map(|number| spawn(&client, &format!("{number}.test"))).collect());
}

#[test]
fn resolver_may_send_requests_by_another_client() {
    resolve_by_requests(8, |_, address| Names::new(address).0.client());
}

#[test]
fn resolver_may_send_requests_by_its_own_client() {
    resolve_by_requests(LIMIT, |outer, _| outer.clone());
}

/// Runs in a child process, where no other test uses a worker.
#[test]
fn lookups_in_sequence_share_a_thread() {
    if !is_child() {
        return run_with("transport::lookups::lookups_in_sequence_share_a_thread", &[]);
    }
    let threads = Arc::new(Mutex::new(HashSet::new()));
    for number in 0..20 {
        let threads = threads.clone();
        let resolver = move |_: Destination<'_>, _: Deadline| {
            threads.lock().unwrap().insert(thread::current().id());
            Err(io::ErrorKind::NotFound.into())
        };
        let client = build(Client::builder().resolver(resolver));
        text(&client, &format!("{number}.test")).unwrap_err();
    }
    assert_eq!(threads.lock().unwrap().len(), 1);
}

/// Runs in a child process whose threads need a larger stack than the address space has room for.
#[cfg(all(unix, target_pointer_width = "64"))]
#[test]
fn process_without_threads_reports_why() {
    if !is_child() {
        let stack = (1_u64 << 50).to_string();
        return run_with(
            "transport::lookups::process_without_threads_reports_why",
            &[("RUST_MIN_STACK", &stack)],
        );
    }
    let expected = thread::Builder::new().spawn(|| {}).unwrap_err().raw_os_error();
    let (names, _) = Names::new(SocketAddr::from(([127, 0, 0, 1], 1)));
    let client = names.client();
    for timeout in [None, Some(LONG)] {
        let request = client.get("http://a.test/");
        let request = if let Some(timeout) = timeout { request.timeout(timeout) } else { request };
        let error = request.send().unwrap_err();
        let ErrorKind::Dns { host, source } = error.kind() else { panic!("{error:?}") };
        assert_eq!((host.as_str(), source.raw_os_error()), ("a.test", expected));
    }
    assert_eq!(names.calls(""), 0);
    // A lookup that nothing can end early needs no thread, nor does an address.
    let connect = |host: &str, timeouts| {
        let names = names.clone();
        let resolver = move |to: Destination<'_>, _: Deadline| names.resolve(to.host);
        let connection = HttpConnection::builder(host).resolver(resolver).timeouts(timeouts);
        connection.build().unwrap().connect().unwrap_err()
    };
    for (host, timeouts) in [
        ("a.test", Timeouts::NONE),
        ("127.0.0.1:1", Timeouts::default()),
        ("[fe80::1%1]:1", Timeouts::default()),
    ] {
        let error = connect(host, timeouts);
        assert!(matches!(error.kind(), ErrorKind::Connect { .. }), "{host}: {error:?}");
    }
    assert_eq!(names.calls(""), 1);
}

/// The forked child inherits the memory of an idle worker, of a busy one and of its lookup, without the threads.
#[cfg(unix)]
#[test]
fn forked_child_resolves_names() {
    if !is_child() {
        return run_with("transport::lookups::forked_child_resolves_names", &[]);
    }
    let server = hello();
    let (names, has_begun) = Names::new(server.address());
    let client = names.client();
    let slow = begin(&client, &has_begun, 1);
    let localhost = format!("localhost:{}", server.address().port());
    let is_known = text(&build(Client::builder()), &localhost).is_ok();
    match fork::fork().unwrap() {
        fork::Fork::Child => {
            let (names, _) = Names::new(server.address());
            let quick = text(&names.client(), "quick.test");
            let local = text(&build(Client::builder()), &localhost);
            std::process::exit(i32::from(quick.is_err() || local.is_ok() != is_known));
        }
        fork::Fork::Parent(child) => assert_eq!(fork::waitpid(child).unwrap(), 0),
    }
    names.open();
    assert_served(slow);
}
