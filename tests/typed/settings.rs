//! Settings of a typed client: which of several takes precedence.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the finding")]

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use httpkit::{
    Client, ClientBuilder, ErrorKind, Limits, Result, RetryPolicy, Timeouts, TypedClientBuilder, http_client,
};
use httpkit_tests::{NotedServer, Notes};

const SECOND: Duration = Duration::from_secs(1);

#[http_client(base = "http://trait.example")]
trait Api {
    #[get("/text")]
    fn text(&self) -> Result<String>;
}

type Builder = TypedClientBuilder<ApiClient>;
type Setter = fn(Builder, &Notes) -> Builder;

fn attempts(attempts: u32) -> RetryPolicy {
    RetryPolicy::new().attempts(attempts).backoff(Duration::ZERO, Duration::ZERO)
}

/// A server that is busy, with a body of five bytes and two fields.
fn respond(_: &str) -> Vec<u8> {
    b"HTTP/1.1 503 Busy\r\nX: y\r\nContent-Length: 5\r\n\r\nspam!".to_vec()
}

fn client(builder: ClientBuilder, notes: &Notes) -> Client {
    builder.connector(NotedServer::new(notes, respond)).build().unwrap()
}

const SETTERS: &[(&str, Setter)] = &[
    ("client", |builder, notes| {
        builder.client(client(Client::builder().base_url("http://client.example"), notes))
    }),
    ("base", |builder, _| builder.base("http://builder.example/api")),
    ("header", |builder, _| builder.header("authorization", "general")),
    ("header", |builder, _| builder.header("x-header", "general")),
    ("header_sensitive", |builder, _| builder.header_sensitive("authorization", "secret")),
    ("bearer", |builder, _| builder.bearer("specific")),
    ("basic", |builder, _| builder.basic("specific", "")),
    ("timeout", |builder, _| builder.timeout(9000 * SECOND)),
    ("timeouts", |builder, _| builder.timeouts(Timeouts::NONE.response(3000 * SECOND))),
    ("limits", |builder, _| builder.limits(Limits::new().max_fields(1))),
    ("retry", |builder, _| builder.retry(attempts(3))),
    ("without_retry", |builder, _| builder.without_retry()),
];

/// Setters of one thing, of which the last call counts.
const HAVE_AN_ORDER: &[&[&str]] =
    &[&["retry", "without_retry"], &["bearer", "basic"], &["header", "header_sensitive"]];

/// Returns everything that a server and a caller see of a typed client with these settings.
fn observe(set: impl Fn(Builder, &Notes) -> Builder) -> Vec<String> {
    let notes = Notes::default();
    // Without timeouts, so that a total shows; with retries, so that none shows.
    let of_client = Client::builder().timeouts(Timeouts::NONE).retry(attempts(2));
    let api = set(ApiClient::builder().client(client(of_client, &notes)), &notes).build().unwrap();
    let error = api.text().unwrap_err();
    notes.add(format!("{error:#}, attempt {}", error.attempts()));
    notes.take()
}

#[test]
fn order_of_typed_setters_does_not_matter() {
    for (index, (first, set_first)) in SETTERS.iter().enumerate() {
        for (second, set_second) in &SETTERS[index + 1..] {
            let has_order = |group: &&[&str]| group.contains(first) && group.contains(second);
            if first == second || HAVE_AN_ORDER.iter().any(has_order) {
                continue;
            }
            let one_way = observe(|builder, notes| set_second(set_first(builder, notes), notes));
            let other_way = observe(|builder, notes| set_first(set_second(builder, notes), notes));
            assert_eq!(one_way, other_way, "{first} and {second}");
        }
    }
}

#[test]
fn each_typed_setter_has_an_effect() {
    let none = observe(|builder, _| builder);
    for (name, set) in SETTERS {
        assert_ne!(observe(set), none, "{name}");
    }
}

#[test]
fn table_has_every_typed_setter() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../httpkit/src/typed/builder.rs");
    let source = fs::read_to_string(file).unwrap();
    let methods = source.split("    pub fn ").skip(1);
    let setters = methods.filter(|method| method.lines().next().unwrap().ends_with("-> Self {"));
    let names = setters.map(|setter| setter.split('(').next().unwrap());
    let declared: BTreeSet<&str> = names.filter(|name| *name != "new").collect();
    assert_eq!(declared, SETTERS.iter().map(|(name, _)| *name).collect());
}

#[test]
fn credentials_take_precedence_over_headers() {
    for (set, expected) in [
        (
            (|builder, _| builder.bearer("t").header("Authorization", "general")) as Setter,
            "Authorization: Bearer t",
        ),
        (|builder, _| builder.header("authorization", "general").bearer("t"), "Authorization: Bearer t"),
        (|builder, _| builder.bearer("t").basic("u", "p"), "Authorization: Basic dTpw"),
        (|builder, _| builder.basic("u", "p").bearer("t"), "Authorization: Bearer t"),
        (|builder, _| builder.header("authorization", "general"), "authorization: general"),
    ] {
        let seen = observe(set);
        let lines: Vec<_> =
            seen.iter().filter(|line| line.to_ascii_lowercase().starts_with("authorization")).collect();
        // For each of two attempts.
        assert_eq!(lines, [expected; 2]);
    }
    let error = ApiClient::builder().bearer("t").header("Authorization", "a\nb").build().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidRequest(_)), "{error}");
}

/// A setting of the client and of the typed client, and what shows them and the default.
struct Row {
    of_client: fn(ClientBuilder) -> ClientBuilder,
    of_typed: fn(Builder) -> Builder,
    off: fn(Builder) -> Builder,
    /// Of the default, the client, the typed client, and off in the typed client.
    shown: [&'static str; 4],
}

const ROWS: &[Row] = &[
    Row {
        of_client: |builder| builder.timeout(1000 * SECOND),
        of_typed: |builder| builder.timeout(2000 * SECOND),
        off: |builder| builder.timeout(None),
        shown: ["read within any time", "read within 1000 s", "read within 2000 s", "read within any time"],
    },
    Row {
        of_client: |builder| builder.timeouts(Timeouts::new().connect(1000 * SECOND)),
        of_typed: |builder| builder.timeouts(Timeouts::new().connect(2000 * SECOND)),
        off: |builder| builder.timeouts(Timeouts::NONE),
        shown: [":80 within any time", ":80 within 1000 s", ":80 within 2000 s", ":80 within any time"],
    },
    Row {
        of_client: |builder| builder.limits(Limits::new().max_error_body_bytes(1)),
        of_typed: |builder| builder.limits(Limits::new().max_error_body_bytes(2)),
        off: |builder| builder.limits(Limits::new().max_error_body_bytes(None)),
        shown: ["keeps 5 bytes", "keeps 1 bytes", "keeps 2 bytes", "keeps 5 bytes"],
    },
    Row {
        of_client: |builder| builder.retry(attempts(2)),
        of_typed: |builder| builder.retry(attempts(3)),
        off: |builder| builder.without_retry(),
        shown: ["in 1 requests", "in 2 requests", "in 3 requests", "in 1 requests"],
    },
];

/// Returns what a server and a caller see, with settings of the client and of the typed client.
fn call(of_client: fn(ClientBuilder) -> ClientBuilder, of_typed: fn(Builder) -> Builder) -> String {
    let notes = Notes::default();
    let client = client(of_client(Client::builder().timeouts(Timeouts::NONE)), &notes);
    let error = of_typed(ApiClient::builder().client(client)).build().unwrap().text().unwrap_err();
    let kept = error.response().map_or(0, |response| response.body().len());
    let seen = notes.take();
    let requests = seen.iter().filter(|note| note.starts_with("GET ")).count();
    format!("{}\nin {requests} requests, keeps {kept} bytes", seen.join("\n"))
}

#[test]
fn setting_of_typed_client_precedes_that_of_client() {
    for Row { of_client, of_typed, off, shown } in ROWS {
        let [of_none, client_shown, typed_shown, off_shown] = *shown;
        for (seen, expected) in [
            (call(|builder| builder, |builder| builder), of_none),
            (call(*of_client, |builder| builder), client_shown),
            (call(|builder| builder, *of_typed), typed_shown),
            (call(*of_client, *of_typed), typed_shown),
            (call(*of_client, *off), off_shown),
        ] {
            assert!(seen.contains(expected), "{expected} in {seen}");
        }
    }
}

#[test]
fn timeouts_and_limits_are_inherited_one_by_one() {
    let notes = Notes::default();
    let timeouts = Timeouts::new().connect(1000 * SECOND).response(2000 * SECOND);
    let limits = Limits::new().max_error_body_bytes(3);
    let client = client(Client::builder().timeouts(timeouts).limits(limits), &notes);
    let builder = ApiClient::builder().client(client).timeouts(Timeouts::new().response(3000 * SECOND));
    let api = builder.limits(Limits::new().max_fields(2)).build().unwrap();
    let error = api.text().unwrap_err();
    assert_eq!(error.response().unwrap().body(), b"spa");
    let seen = notes.take().join("\n");
    assert!(seen.contains(":80 within 1000 s") && seen.contains("read within 3000 s"), "{seen}");
}

#[test]
fn request_in_middleware_precedes_the_typed_client() {
    let notes = Notes::default();
    let builder = Client::builder().timeouts(Timeouts::NONE).middleware(|mut request, next| {
        // It has inherited that of the typed client by now.
        assert_eq!(request.timeout(), Some(2000 * SECOND));
        request.set_timeout(3000 * SECOND);
        next.run(request)
    });
    let api = ApiClient::builder().client(client(builder, &notes)).timeout(2000 * SECOND).build().unwrap();
    api.text().unwrap_err();
    assert!(notes.take().contains(&"read within 3000 s".to_owned()));
}
