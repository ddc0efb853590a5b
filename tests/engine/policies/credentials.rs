//! Credentials that are looked up: digest and netrc.

use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use httpkit::{
    Client, ErrorKind, RequestBody,
    testing::{Received, Reply, Server},
};
use httpkit_tests::{is_child, run_with};

fn authorization(request: &Received) -> String {
    request.header("authorization").map(|value| value.to_string()).unwrap_or_default()
}

fn parameter(request: &Received, name: &str) -> String {
    let value = authorization(request);
    let (_, rest) = value.split_once(&format!("{name}=")).unwrap_or(("", ","));
    rest.split(',').next().unwrap_or_default().trim_matches('"').to_owned()
}

fn challenge(nonce: &str, rest: &str) -> Reply {
    let value = format!("Digest realm=\"r\", nonce=\"{nonce}\", qop=\"auth\"{rest}");
    Reply::text(401, "who are you?").header("WWW-Authenticate", &value)
}

#[test]
fn a_challenge_is_answered_once_and_its_nonce_used_again() {
    let server = Server::start(|request| {
        if authorization(request).starts_with("Digest ") {
            Reply::text(200, "ok")
        } else {
            challenge("n", "")
        }
    });
    let client = Client::new();
    for path in ["/a?q", "/b"] {
        let response = client.put(server.url(path)).digest("me", "pass").body("spam").send().unwrap();
        assert_eq!(response.text().unwrap(), "ok");
    }
    let received = server.received();
    let lines: Vec<String> = received
        .iter()
        .map(|request| format!("{}{}", parameter(request, "uri"), parameter(request, " nc")))
        .collect();
    assert_eq!(lines, ["", "/a?q00000001", "/b00000002"]);
    assert!(received.iter().all(|request| request.body() == b"spam"));
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_refusal_of_the_answer_is_final_unless_the_nonce_was_stale() {
    let refusing = Server::start(|_| challenge("n", ""));
    let response = Client::new().get(refusing.url("/")).digest("me", "wrong").send().unwrap();
    assert_eq!((response.status().code(), refusing.received().len()), (401, 2));

    let count = AtomicU32::new(0);
    let stale = Server::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => challenge("old", ""),
        1 => challenge("new", ", stale=true"),
        _ => Reply::text(200, "ok"),
    });
    let response = Client::new().get(stale.url("/")).digest("me", "pass").send().unwrap();
    assert_eq!(response.text().unwrap(), "ok");
    assert_eq!(parameter(&stale.received()[2], "nonce"), "new");

    let endless = Server::start(|_| challenge("n", ", stale=true"));
    let response = Client::new().get(endless.url("/")).digest("me", "pass").send().unwrap();
    assert_eq!((response.status().code(), endless.received().len()), (401, 4));
}

#[test]
fn a_nonce_that_was_forgotten_is_replaced() {
    let count = AtomicU32::new(0);
    let server = Server::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => challenge("one", ""),
        2 => challenge("two", ""),
        _ => Reply::text(200, "ok"),
    });
    let client = Client::new();
    for _ in 0..2 {
        assert_eq!(client.get(server.url("/")).digest("me", "pass").send().unwrap().status().code(), 200);
    }
    let nonces: Vec<String> = server.received().iter().map(|request| parameter(request, "nonce")).collect();
    assert_eq!(nonces, ["", "one", "one", "two"]);
}

#[test]
fn a_challenge_that_cannot_be_answered_is_the_response() {
    for value in
        ["Basic realm=\"r\"", "Digest realm=\"r\", nonce=n, algorithm=SHA-512-256", "Digest realm=\"r", ""]
    {
        let server = Server::start(move |_| Reply::text(401, "no").header("WWW-Authenticate", value));
        let response = Client::new().get(server.url("/")).digest("me", "pass").send().unwrap();
        assert_eq!((response.text().unwrap().as_str(), server.received().len()), ("no", 1), "{value}");
        assert_eq!(authorization(&server.received()[0]), "", "{value}");
    }
    let server = Server::start(|_| challenge("n", ""));
    let body = RequestBody::from_reader(&b"once"[..]);
    let response = Client::new().put(server.url("/")).digest("me", "pass").body(body).send().unwrap();
    assert_eq!((response.status().code(), server.received().len()), (401, 1));
}

#[test]
fn an_authorization_header_goes_before() {
    let server = Server::start(|_| challenge("n", ""));
    Client::new().get(server.url("/")).digest("me", "pass").bearer("t").send().unwrap();
    assert_eq!(server.received().iter().map(authorization).collect::<Vec<_>>(), ["Bearer t"]);
}

/// A file with this content, which the test removes.
fn file(name: &str, content: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("httpkit-{name}-{}", std::process::id()));
    fs::write(&path, content).unwrap();
    path
}

#[test]
fn netrc_gives_credentials_by_host() {
    let other = Server::start(|_| Reply::text(200, "there"));
    let there = other.url("/").replace("127.0.0.1", "you:other@localhost");
    let server = Server::start(move |request| match request.target() {
        "/away" => Reply::new(307).header("Location", &there),
        _ => Reply::text(200, "here"),
    });
    let path =
        file("netrc", "machine 127.0.0.1 login me password one\nmachine localhost login you password two");
    let client = Client::builder().netrc(&path).build().unwrap();
    fs::remove_file(path).unwrap();
    client.get(server.url("/")).send().unwrap();
    client.get(server.url("/")).basic("own", "x").send().unwrap();
    client.get(server.url("/away")).send().unwrap();
    let sent: Vec<String> = server.received().iter().map(authorization).collect();
    assert_eq!(sent, ["Basic bWU6b25l", "Basic b3duOng=", "Basic bWU6b25l"]);
    assert_eq!(authorization(&other.received()[0]), "Basic eW91OnR3bw==");
}

/// The variable that names the home directory.
const HOME: &str = if cfg!(windows) { "USERPROFILE" } else { "HOME" };

#[test]
fn finds_netrc_by_environment() {
    let server = || Server::start(|_| Reply::new(200));
    if is_child() {
        let server = server();
        Client::builder().netrc_from_env().build().unwrap().get(server.url("/")).send().unwrap();
        let expected = std::env::var("EXPECTED").unwrap();
        assert_eq!(server.received().iter().map(authorization).collect::<Vec<_>>(), [expected]);
        return;
    }
    let test = "policies::credentials::finds_netrc_by_environment";
    let named = file("named-netrc", "machine 127.0.0.1 login me password one");
    let home = std::env::temp_dir().join(format!("httpkit-home-{}", std::process::id()));
    fs::create_dir(&home).unwrap();
    fs::write(home.join(".netrc"), "default login you password two").unwrap();
    let (named_path, home_path) = (named.to_str().unwrap(), home.to_str().unwrap());
    run_with(test, &[("NETRC", named_path), (HOME, home_path), ("EXPECTED", "Basic bWU6b25l")]);
    run_with(test, &[(HOME, home_path), ("EXPECTED", "Basic eW91OnR3bw==")]);
    fs::remove_file(home.join(".netrc")).unwrap();
    run_with(test, &[(HOME, home_path), ("EXPECTED", "")]);
    fs::remove_file(named).unwrap();
    fs::remove_dir(home).unwrap();
}

#[test]
fn a_netrc_that_cannot_be_read_is_an_error() {
    let path = file("bad-netrc", "machine a login me hunter2");
    let error = Client::builder().netrc(&path).build().unwrap_err();
    fs::remove_file(&path).unwrap();
    assert!(matches!(error.kind(), ErrorKind::CredentialsFile { .. }), "{error}");
    assert!(!format!("{error:?}").contains("hunter2"));
    let error = Client::builder().netrc(&path).build().unwrap_err();
    assert_eq!(error.to_string(), format!("cannot read credentials from {}", path.display()));
}
