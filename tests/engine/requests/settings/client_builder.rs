//! `ClientBuilder`: the order of two setters does not matter.

use std::{
    collections::BTreeSet,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

use httpkit::{
    Client, ClientBuilder, CookieJar, Deadline, Destination, Limits, Proxies, Proxy, RedirectPolicy,
    RetryPolicy, Strictness, TcpConfig, Timeouts, TlsConfig, Url,
    testing::{Reply, Server, advance_clock},
};
use httpkit_tests::{NotedServer, Notes, gzip, is_child, run_with, within};
use tracing::{
    Event, Metadata, Subscriber,
    span::{Attributes, Id, Record},
};

/// The things that setters need: files, a server on loopback, and where hooks note their calls.
#[derive(Clone)]
struct Place {
    folder: PathBuf,
    server: Arc<Server>,
    notes: Notes,
}

type Setter = fn(ClientBuilder, &Place) -> ClientBuilder;

const SECOND: Duration = Duration::from_secs(1);

/// Each setter with a value that differs from its default.
const SETTERS: &[(&str, Setter)] = &[
    ("base_url", |builder, _| builder.base_url("http://base.example/api")),
    ("default_header", |builder, _| builder.default_header("User-Agent", "general")),
    ("default_header", |builder, _| builder.default_header("Accept-Encoding", "gzip")),
    ("redirects", |builder, _| builder.redirects(RedirectPolicy::none())),
    ("user_agent", |builder, _| builder.user_agent("specific")),
    ("decode", |builder, _| builder.decode(false)),
    ("decode", |builder, _| builder.decode(true)),
    ("timeout", |builder, _| builder.timeout(7000 * SECOND)),
    ("retry", |builder, _| {
        builder.retry(RetryPolicy::new().attempts(2).backoff(Duration::ZERO, Duration::ZERO))
    }),
    ("proxy", |builder, _| builder.proxy(Proxy::parse("http://one.example").unwrap())),
    ("proxies", |builder, _| builder.proxies(Proxies::all(Proxy::parse("http://two.example").unwrap()))),
    ("no_proxy", |builder, _| builder.no_proxy()),
    ("connect_timeout", |builder, _| builder.connect_timeout(1000 * SECOND)),
    ("timeouts", |builder, _| {
        builder.timeouts(Timeouts::new().connect(2000 * SECOND).response(3000 * SECOND))
    }),
    ("limits", |builder, _| builder.limits(Limits::new().max_fields(5))),
    ("show_header", |builder, _| builder.show_header("x-custom")),
    ("strictness", |builder, _| builder.strictness(Strictness::Compat)),
    ("tls", |builder, _| builder.tls(TlsConfig::new().alpn_protocols(["spam/9"]))),
    #[cfg(unix)]
    ("unix_socket", |builder, place| builder.unix_socket(place.folder.join("missing.sock"))),
    ("tcp", |builder, _| builder.tcp(TcpConfig::new().local_address([127, 0, 0, 7].into()))),
    ("resolve", |builder, place| builder.resolve("named.example", place.server.address())),
    ("resolver", |builder, place| builder.resolver(resolver("specific", place))),
    ("connector", |builder, place| {
        builder.connector(NotedServer::new(&place.notes, |_| b"nonsense\r\n\r\n".into()))
    }),
    ("middleware", |builder, place| {
        let notes = place.notes.clone();
        builder.middleware(move |request, next| {
            notes.add("middleware");
            next.run(request)
        })
    }),
    ("on_event", |builder, place| {
        let notes = place.notes.clone();
        builder.on_event(move |event| notes.add(format!("event of {}", event.url)))
    }),
    ("tracing", |builder, _| builder.tracing()),
    ("netrc", |builder, place| builder.netrc(place.folder.join("netrc"))),
    ("netrc_from_env", |builder, _| builder.netrc_from_env()),
    ("cookie_jar", |builder, _| {
        let jar = CookieJar::new();
        jar.set(&Url::parse("http://test.example/").unwrap(), "spam=eggs");
        builder.cookie_jar(&jar)
    }),
    ("max_idle_per_host", |builder, _| builder.max_idle_per_host(0)),
    ("max_idle", |builder, _| builder.max_idle(0)),
    ("idle_timeout", |builder, _| builder.idle_timeout(1000 * SECOND)),
    ("max_lifetime", |builder, _| builder.max_lifetime(50 * SECOND)),
    ("max_requests_per_connection", |builder, _| builder.max_requests_per_connection(1)),
    ("max_open_per_host", |builder, _| builder.max_open_per_host(1)),
];

/// Setters of one thing: the last of them counts, and hooks are called in their order.
const HAVE_AN_ORDER: &[&[&str]] = &[&["proxy", "proxies", "no_proxy"], &["on_event", "tracing"]];

fn have_an_order(first: &str, second: &str) -> bool {
    first == second || HAVE_AN_ORDER.iter().any(|group| group.contains(&first) && group.contains(&second))
}

fn resolver(
    name: &'static str,
    place: &Place,
) -> impl Fn(Destination<'_>, Deadline) -> std::io::Result<Vec<SocketAddr>> + use<> {
    let (notes, address) = (place.notes.clone(), place.server.address());
    move |destination, deadline| {
        notes.add(format!("{name} resolver for {destination} within {}", within(deadline)));
        Ok(vec![address])
    }
}

/// The response of the server in memory.
fn respond(head: &str) -> Vec<u8> {
    let target = head.split(' ').nth(1).unwrap_or_default();
    let (fields, body) = match target.rsplit('/').next().unwrap_or_default() {
        "moved" => return b"HTTP/1.1 302 Found\r\nLocation: /plain\r\nContent-Length: 0\r\n\r\n".into(),
        "busy" => return b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n".into(),
        "loose" => return b"HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nloose".into(),
        "fields" => ("A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\nE: 5\r\n", b"fields".to_vec()),
        "gzip" => ("Content-Encoding: gzip\r\n", gzip(b"encoded")),
        _ => ("", b"plain".to_vec()),
    };
    let head = format!("HTTP/1.1 200 OK\r\n{fields}Content-Length: {}\r\n\r\n", body.len());
    [head.into_bytes(), body].concat()
}

/// Notes what becomes of a GET.
fn get(client: &Client, url: &str, notes: &Notes) {
    let url = match client.base_url() {
        Some(_) => url.strip_prefix("http://test.example").unwrap_or(url),
        None => url,
    };
    let outcome = client.get(url).send().and_then(|response| {
        let (status, from) = (response.status(), response.local_addr());
        let from = from.map(|address| address.ip());
        response.bytes().map(|body| format!("{status} from {from:?}: {}", body.escape_ascii()))
    });
    // Addresses of connections have a port that differs.
    notes.add(outcome.unwrap_or_else(|error| format!("{error:#}")));
}

/// Returns everything that a server, hooks and callers see of a client with these settings.
fn observe(place: &Place, set: impl Fn(ClientBuilder) -> ClientBuilder) -> Vec<String> {
    place.notes.take();
    let in_memory =
        set(Client::builder().connector(NotedServer::new(&place.notes, respond))).build().unwrap();
    let over_tcp = set(Client::builder().resolver(resolver("general", place))).build().unwrap();
    let port = place.server.address().port();
    tracing::subscriber::with_default(Spans(place.notes.clone()), || {
        for host in ["named.example", "proxied.example"] {
            get(&over_tcp, &format!("http://{host}:{port}/"), &place.notes);
        }
    });
    // A thread of its own, because it moves its clock on: other threads, such as that of a lookup, would not see that.
    thread::scope(|scope| scope.spawn(|| observe_in_memory(&in_memory, &place.notes)).join().unwrap());
    place.notes.take()
}

fn observe_in_memory(client: &Client, notes: &Notes) {
    for path in ["plain", "plain", "moved", "busy", "loose", "fields", "gzip"] {
        get(client, &format!("http://test.example/{path}"), notes);
    }
    // Longer than the lifetime that a setter sets, then longer than the default for idle connections.
    for idle in [60 * SECOND, 100 * SECOND] {
        advance_clock(idle);
        get(client, "http://test.example/plain", notes);
    }
    let request = client.get("http://test.example/plain").header("x-custom", "value").build();
    notes.add(format!("{request:?}"));
    let held = client.get("http://test.example/plain").send();
    let second = client.get("http://test.example/plain").timeouts(Timeouts::NONE.pool(Duration::ZERO)).send();
    notes.add(second.map_or_else(|error| format!("{error:#}"), |response| response.status().to_string()));
    drop(held);
    notes.add(client.get("https://test.example/").send().unwrap_err().to_string());
}

/// Notes that a span began.
struct Spans(Notes);

impl Subscriber for Spans {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("httpkit")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.0.add(span.metadata().name());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

fn place(test: &str) -> Place {
    let folder = std::env::temp_dir().join(format!("httpkit-{test}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("netrc"), "machine test.example login given password eggs").unwrap();
    fs::write(folder.join("netrc-of-env"), "machine test.example login environment password eggs").unwrap();
    let server = Arc::new(Server::start(|request| Reply::text(200, request.target())));
    Place { folder, server, notes: Notes::default() }
}

/// Runs a test in a process whose environment names a `.netrc` file and a proxy.
fn in_child(test: &str, run: impl Fn(&Place)) {
    let place = place(test);
    if is_child() {
        run(&place);
    } else {
        let netrc = place.folder.join("netrc-of-env");
        let name = format!("requests::settings::client_builder::{test}");
        let proxy = [("http_proxy", "http://of-environment.example"), ("no_proxy", "named.example")];
        run_with(&name, &[("NETRC", netrc.to_str().unwrap()), proxy[0], proxy[1]]);
    }
    fs::remove_dir_all(&place.folder).unwrap();
}

#[test]
fn order_of_client_setters_does_not_matter() {
    in_child("order_of_client_setters_does_not_matter", |place| {
        for (index, (first, set_first)) in SETTERS.iter().enumerate() {
            for (second, set_second) in &SETTERS[index + 1..] {
                if have_an_order(first, second) {
                    continue;
                }
                let one_way = observe(place, |builder| set_second(set_first(builder, place), place));
                let other_way = observe(place, |builder| set_first(set_second(builder, place), place));
                assert_eq!(one_way, other_way, "{first} and {second}");
            }
        }
    });
}

#[test]
fn each_client_setter_has_an_effect() {
    in_child("each_client_setter_has_an_effect", |place| {
        let none = observe(place, |builder| builder);
        // Clients without settings do the same each time.
        assert_eq!(observe(place, |builder| builder), none);
        for (name, set) in SETTERS {
            // `decode(true)` is the default, and counts only with a header.
            let header = |builder: ClientBuilder| builder.default_header("Accept-Encoding", "gzip");
            let differs = observe(place, |builder| set(builder, place)) != none
                || observe(place, |builder| set(header(builder), place)) != observe(place, header);
            assert!(differs, "{name}");
        }
    });
}

/// The names of the public methods of `ClientBuilder`.
fn public_setters(file: &Path) -> BTreeSet<String> {
    let source = fs::read_to_string(file).unwrap();
    let methods = source.split("    pub fn ").skip(1);
    let setters = methods.filter(|method| {
        let (signature, _) = method.split_once('{').unwrap();
        signature.contains("self") && signature.contains("-> Self")
    });
    setters.map(|setter| setter.split(['(', '<']).next().unwrap().to_owned()).collect()
}

#[test]
fn table_has_every_client_setter() {
    let client = Path::new(env!("CARGO_MANIFEST_DIR")).join("../httpkit/src/client");
    let folder = fs::read_dir(client.join("builder")).unwrap().map(|entry| entry.unwrap().path());
    let files = folder.chain([client.join("builder.rs")]);
    let declared: BTreeSet<String> = files.flat_map(|file| public_setters(&file)).collect();
    let table = SETTERS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(declared, table);
}

#[test]
fn specific_client_setter_takes_precedence() {
    in_child("specific_client_setter_takes_precedence", |place| {
        let seen = |set: fn(ClientBuilder) -> ClientBuilder| observe(place, set).join("\n");
        let agent = seen(|builder| builder.user_agent("specific").default_header("user-agent", "general"));
        assert!(agent.contains("User-Agent: specific") && !agent.contains("agent: general"), "{agent}");
        let connect = seen(|builder| {
            builder.connect_timeout(1000 * SECOND).timeouts(Timeouts::new().connect(2000 * SECOND))
        });
        assert!(connect.contains("test.example:80 within 1000 s") && !connect.contains("2000"), "{connect}");
        let off = seen(|builder| builder.connect_timeout(None).timeouts(Timeouts::new().response(SECOND)));
        assert!(off.contains("test.example:80 within any time"), "{off}");
    });
}

#[test]
fn later_call_keeps_what_it_does_not_set() {
    in_child("later_call_keeps_what_it_does_not_set", |place| {
        let seen = |set: fn(ClientBuilder) -> ClientBuilder| observe(place, set).join("\n");
        let timeouts = seen(|builder| {
            let first = Timeouts::new().connect(2000 * SECOND).response(3000 * SECOND);
            builder.timeouts(first).timeouts(Timeouts::new().response(4000 * SECOND))
        });
        assert!(timeouts.contains("test.example:80 within 2000 s"), "{timeouts}");
        assert!(timeouts.contains("read within 4000 s") && !timeouts.contains("3000"), "{timeouts}");
        let limits = seen(|builder| {
            builder.limits(Limits::new().max_fields(5)).limits(Limits::new().max_head_bytes(10_000))
        });
        assert!(limits.contains("exceeds 5 fields"), "{limits}");
    });
}
