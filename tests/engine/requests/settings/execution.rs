//! Each setting is resolved when a request is executed: that of the request, of the client, or the default.

use std::time::Duration;

use httpkit::{
    Client, ClientBuilder, ErrorKind, Limits, Proxies, Proxy, RedirectPolicy, Request, RequestBuilder,
    RetryPolicy, Timeouts,
};
use httpkit_tests::{NotedServer, Notes, gzip};

const SECOND: Duration = Duration::from_secs(1);

type OfClient = fn(ClientBuilder) -> ClientBuilder;
type OfRequest = fn(RequestBuilder<'static>) -> RequestBuilder<'static>;

/// A setting: of the client that builds a request, of the client that executes it, and of the request itself.
struct Row {
    name: &'static str,
    builds: OfClient,
    executes: OfClient,
    own: OfRequest,
    /// What shows the setting of each, and nothing else does.
    shown: [&'static str; 3],
}

fn attempts(attempts: u32) -> RetryPolicy {
    RetryPolicy::new().attempts(attempts).backoff(Duration::ZERO, Duration::ZERO)
}

fn through(proxy: &str) -> Proxies {
    Proxies::all(Proxy::parse(proxy).unwrap())
}

fn total(timeout: impl Into<Option<Duration>>) -> impl FnOnce(ClientBuilder) -> ClientBuilder {
    let timeout = timeout.into();
    // Otherwise the other timeouts would end each wait first.
    move |builder| builder.timeouts(Timeouts::NONE).timeout(timeout)
}

const ROWS: &[Row] = &[
    Row {
        name: "timeout",
        builds: |builder| total(1000 * SECOND)(builder),
        executes: |builder| total(2000 * SECOND)(builder),
        own: |request| request.timeout(3000 * SECOND),
        shown: ["read within 1000 s", "read within 2000 s", "read within 3000 s"],
    },
    Row {
        name: "timeout off",
        builds: |builder| total(1000 * SECOND)(builder),
        executes: |builder| total(2000 * SECOND)(builder),
        own: |request| request.timeout(None),
        shown: ["read within 1000 s", "read within 2000 s", "read within any time"],
    },
    Row {
        name: "timeouts",
        builds: |builder| builder.timeouts(Timeouts::new().response(1000 * SECOND)),
        executes: |builder| builder.timeouts(Timeouts::new().response(2000 * SECOND)),
        own: |request| request.timeouts(Timeouts::new().response(3000 * SECOND)),
        shown: ["read within 1000 s", "read within 2000 s", "read within 3000 s"],
    },
    Row {
        name: "timeouts off",
        builds: |builder| builder.timeouts(Timeouts::new().response(1000 * SECOND)),
        executes: |builder| builder.timeouts(Timeouts::new().response(2000 * SECOND)),
        own: |request| request.timeouts(Timeouts::NONE),
        shown: ["read within 1000 s", "read within 2000 s", "read within any time"],
    },
    Row {
        name: "connect_timeout",
        builds: |builder| builder.connect_timeout(1000 * SECOND),
        executes: |builder| builder.connect_timeout(2000 * SECOND),
        own: |request| request.timeouts(Timeouts::new().connect(3000 * SECOND)),
        shown: [
            "test.example:80 within 1000 s",
            "test.example:80 within 2000 s",
            "test.example:80 within 3000 s",
        ],
    },
    Row {
        name: "limits",
        builds: |builder| builder.limits(Limits::new().max_fields(1)),
        executes: |builder| builder.limits(Limits::new().max_fields(2)),
        own: |request| request.limits(Limits::new().max_fields(None)),
        shown: ["exceeds 1 field ", "exceeds 2 fields ", "503 Service Unavailable, attempt 1: 5 bytes"],
    },
    Row {
        name: "limits of collected bytes",
        builds: |builder| builder.limits(Limits::new().max_collected_bytes(1)),
        executes: |builder| builder.limits(Limits::new().max_collected_bytes(2)),
        own: |request| request.limits(Limits::new().max_collected_bytes(None)),
        shown: ["exceeds 1 byte ", "exceeds 2 bytes ", "503 Service Unavailable, attempt 1: 5 bytes"],
    },
    Row {
        name: "retry",
        builds: |builder| builder.retry(attempts(2)),
        executes: |builder| builder.retry(attempts(3)),
        own: |request| request.retry(attempts(4)),
        shown: ["attempt 2: 5", "attempt 3: 5", "attempt 4: 5"],
    },
    Row {
        name: "retry off",
        builds: |builder| builder.retry(attempts(2)),
        executes: |builder| builder.retry(attempts(3)),
        own: |request| request.without_retry(),
        shown: ["attempt 2: 5", "attempt 3: 5", "attempt 1: 5"],
    },
    Row {
        name: "redirects",
        builds: |builder| builder.redirects(RedirectPolicy::none()),
        executes: |builder| builder.redirects(RedirectPolicy::limited(1)),
        own: |request| request.redirects(RedirectPolicy::limited(10)),
        shown: ["302 Found, attempt", "more than 1 redirects", "503 Service Unavailable, attempt 1: 5 bytes"],
    },
    Row {
        name: "proxies",
        builds: |builder| builder.proxies(through("http://builds.example")),
        executes: |builder| builder.proxies(through("http://executes.example")),
        own: |request| request.proxies(Proxies::none()),
        shown: ["connect to builds.example", "connect to executes.example", "connect to test.example"],
    },
    Row {
        name: "default_header",
        builds: |builder| builder.default_header("X-Client", "builds"),
        executes: |builder| builder.default_header("X-Client", "executes"),
        own: |request| request.header("X-Client", "own"),
        shown: ["X-Client: builds", "X-Client: executes", "X-Client: own"],
    },
    Row {
        name: "user_agent",
        builds: |builder| builder.user_agent("builds"),
        executes: |builder| builder.user_agent("executes"),
        own: |request| request.header("User-Agent", "own"),
        shown: ["User-Agent: builds", "User-Agent: executes", "User-Agent: own"],
    },
];

/// Two redirects, then a 503 with content.
fn respond(head: &str) -> Vec<u8> {
    let target = head.split(' ').nth(1).unwrap_or_default();
    match target.rsplit('/').next() {
        Some("") => b"HTTP/1.1 302 Found\r\nX: y\r\nLocation: /second\r\nContent-Length: 0\r\n\r\n".into(),
        Some("second") => {
            b"HTTP/1.1 302 Found\r\nX: y\r\nLocation: /third\r\nContent-Length: 0\r\n\r\n".into()
        }
        Some("gzip") => {
            let content = gzip(b"encoded");
            let fields = format!("Content-Encoding: gzip\r\nContent-Length: {}", content.len());
            [format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\n").into_bytes(), content].concat()
        }
        _ => b"HTTP/1.1 503 Busy\r\nX: y\r\nZ: z\r\nContent-Length: 5\r\n\r\nplain".into(),
    }
}

fn client(set: OfClient) -> (Client, Notes) {
    let notes = Notes::default();
    let builder = set(Client::builder()).connector(NotedServer::new(&notes, respond));
    (builder.build().unwrap(), notes)
}

/// Executes a request, and returns what the server and the caller see.
fn execute((client, notes): &(Client, Notes), request: Request<'_>) -> String {
    // So that each shows how long a connection may take.
    client.close_idle();
    let outcome = client.execute(request).and_then(|response| {
        let (status, attempts) = (response.status(), response.attempts());
        let body = response.bytes()?;
        Ok(format!("{status}, attempt {attempts}: {} bytes", body.len()))
    });
    notes.add(outcome.unwrap_or_else(|error| format!("{error:#}")));
    notes.take().join("\n")
}

#[test]
fn request_has_settings_of_the_client_that_executes_it() {
    for row in ROWS {
        let [of_builder, of_executor, of_request] = row.shown;
        let (builds, executes) = (client(row.builds), client(row.executes));
        let request = |own: OfRequest| own(builds.0.get("http://test.example/")).build().unwrap();
        for (case, seen, shown) in [
            ("built and executed by one client", execute(&builds, request(|request| request)), of_builder),
            ("executed by another client", execute(&executes, request(|request| request)), of_executor),
            ("with a setting of its own", execute(&executes, request(row.own)), of_request),
            ("executed after that", execute(&executes, request(|request| request)), of_executor),
        ] {
            for text in row.shown {
                assert_eq!(seen.contains(text), text == shown, "{}, {case}: {text} in {seen}", row.name);
            }
        }
    }
}

#[test]
fn request_is_decoded_as_its_executor_says() {
    let [decodes, keeps] = [client(|builder| builder), client(|builder| builder.decode(false))];
    let request = |builds: &(Client, Notes)| builds.0.get("http://test.example/gzip");
    for (executes, request, bytes) in [
        (&decodes, request(&keeps), 7),
        (&keeps, request(&decodes), gzip(b"encoded").len()),
        (&decodes, request(&decodes).decode(false), gzip(b"encoded").len()),
        (&keeps, request(&keeps).decode(true), 7),
    ] {
        let seen = execute(executes, request.build().unwrap());
        assert!(seen.contains(&format!("attempt 1: {bytes} bytes")), "{bytes} in {seen}");
    }
}

#[test]
fn request_without_settings_has_the_defaults() {
    let (builds, executes) = (client(|builder| total(SECOND)(builder)), client(|builder| builder));
    let request = builds.0.get("http://test.example/").build().unwrap();
    let seen = execute(&executes, request);
    assert!(seen.contains("test.example:80 within 100 s") && seen.contains("read within 100 s"), "{seen}");
}

#[test]
fn timeouts_that_a_request_does_not_set_are_inherited() {
    let of_client = |builder: ClientBuilder| {
        builder.timeouts(Timeouts::new().connect(1000 * SECOND).response(2000 * SECOND))
    };
    let client = client(of_client);
    let own = client.0.get("http://test.example/").timeouts(Timeouts::new().between_bytes(3000 * SECOND));
    let seen = execute(&client, own.build().unwrap());
    for wait in ["test.example:80 within 1000 s", "write within 3000 s", "read within 2000 s"] {
        assert!(seen.contains(wait), "{wait} in {seen}");
    }
}

#[test]
fn middleware_can_set_the_total_timeout() {
    for (own, expected) in [(Some(3000 * SECOND), "within 3000 s"), (None, "within any time")] {
        let notes = Notes::default();
        let builder = total(1000 * SECOND)(Client::builder()).middleware(move |mut request, next| {
            request.set_timeout(own);
            next.run(request)
        });
        let client = builder.connector(NotedServer::new(&notes, respond)).build().unwrap();
        let request = client.get("http://test.example/").timeout(2000 * SECOND).build().unwrap();
        let seen = execute(&(client, notes), request);
        assert!(seen.contains(expected) && !seen.contains("within 1000"), "{seen}");
    }
}

#[test]
fn timeouts_of_a_request_in_a_clone_are_kept() {
    let client = client(|builder| builder);
    let own = client.0.get("http://test.example/").timeouts(Timeouts::new().response(3000 * SECOND));
    let request = own.limits(Limits::new().max_collected_bytes(1)).build().unwrap();
    let clone = request.try_clone().unwrap();
    let seen = execute(&client, clone);
    assert!(seen.contains("read within 3000 s") && seen.contains("exceeds 1 byte "), "{seen}");
}

#[test]
fn limits_of_the_request_name_their_setting() {
    let (client, _) = client(|builder| builder);
    let error = client.get("http://test.example/").limits(Limits::new().max_fields(2)).send().unwrap_err();
    let ErrorKind::TooLarge { limit, setting, .. } = error.kind() else { panic!("{error}") };
    assert_eq!((*limit, *setting), (2, "Limits::max_fields"));
}
