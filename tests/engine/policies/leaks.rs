//! Which headers a redirect takes along: every way to give a secret, over every redirect, to every kind of
//! origin. A header that is not expected fails, whatever its name: a leak cannot hide.

use std::{
    collections::BTreeMap,
    fs,
    sync::{Arc, OnceLock},
};

use httpkit::{
    Client, ClientBuilder, CookieJar, RequestBuilder, Url,
    testing::{Received, Reply, Server},
};
use httpkit_tests::tls::{Authority, Then, TlsServer};
use rustls::version::TLS13;

const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

/// The headers that any request may have: the client's own, and those of a body.
const EXPECTED: [&str; 8] = [
    "host",
    "accept",
    "accept-encoding",
    "user-agent",
    "range",
    "content-type",
    "content-length",
    "x-declared-safe",
];

/// A way to give a secret, and the header that it is sent in.
struct Secret {
    name: &'static str,
    header: &'static str,
    client: fn(ClientBuilder, &Url) -> ClientBuilder,
    request: fn(RequestBuilder<'static>) -> RequestBuilder<'static>,
    user_info: &'static str,
    /// Whether it is for the host, whatever the port and scheme.
    is_of_host: bool,
}

const PLAIN: Secret = Secret {
    name: "",
    header: "authorization",
    client: |builder, _| builder,
    request: |request| request,
    user_info: "",
    is_of_host: false,
};

fn secrets() -> [Secret; 10] {
    [
        Secret { name: "basic", request: |request| request.basic("me", "secret"), ..PLAIN },
        Secret { name: "bearer", request: |request| request.bearer("secret"), ..PLAIN },
        Secret { name: "user info", user_info: "me:secret@", ..PLAIN },
        Secret { name: "digest", request: |request| request.digest("me", "secret"), ..PLAIN },
        Secret {
            name: "custom header",
            header: "x-api-key",
            request: |request| request.header("X-Api-Key", "secret"),
            ..PLAIN
        },
        Secret {
            name: "unknown header",
            header: "x-whatever",
            request: |request| request.header("X-Whatever", "secret"),
            ..PLAIN
        },
        Secret {
            name: "Cookie header",
            header: "cookie",
            request: |request| request.header("Cookie", "secret"),
            ..PLAIN
        },
        Secret {
            name: "default header",
            header: "x-token",
            client: |builder, _| builder.default_header("X-Token", "secret"),
            ..PLAIN
        },
        Secret { name: "cookie jar", header: "cookie", client: with_cookie, is_of_host: true, ..PLAIN },
        Secret { name: "netrc", client: with_netrc, is_of_host: true, ..PLAIN },
    ]
}

fn with_cookie(builder: ClientBuilder, url: &Url) -> ClientBuilder {
    let jar = CookieJar::new();
    assert!(jar.set(url, "id=secret; Path=/"));
    builder.cookie_jar(&jar)
}

fn with_netrc(builder: ClientBuilder, url: &Url) -> ClientBuilder {
    let path = std::env::temp_dir().join(format!("httpkit-leaks-{}", std::process::id()));
    fs::write(&path, format!("machine {} login me password secret", url.host())).unwrap();
    let builder = builder.netrc(&path);
    fs::remove_file(path).unwrap();
    builder
}

/// Where a redirect leads, seen from `http://127.0.0.1:PORT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    SameOrigin,
    OtherPort,
    OtherScheme,
    OtherHost,
}

/// Servers that redirect from `/STATUS/TARGET`, and answer at `/end`.
struct Servers {
    start: Server,
    other: Server,
    secure: TlsServer,
    authority: Authority,
}

impl Servers {
    fn start() -> Servers {
        let authority = Authority::new();
        let end = |request: &Received| greet(request).unwrap_or_else(|| Reply::text(200, "end"));
        let other = Server::start(end);
        let secure = TlsServer::start(authority.issue("127.0.0.1").server(&[&TLS13]), Then::Silence, end);
        let targets: BTreeMap<String, String> = BTreeMap::from([
            ("SameOrigin".into(), "/end".into()),
            ("OtherPort".into(), other.url("/end").replacen("//", "//evil:info@", 1)),
            ("OtherScheme".into(), secure.url("/end")),
            ("OtherHost".into(), other.url("/end").replace("127.0.0.1", "localhost")),
        ]);
        let start = Server::start(move |request| {
            if let Some(challenge) = greet(request) {
                return challenge;
            }
            let mut segments = request.target().split('/').skip(1);
            let (status, target) = (segments.next().and_then(|status| status.parse().ok()), segments.next());
            match (status, target.and_then(|target| targets.get(target))) {
                (Some(status), Some(location)) => Reply::new(status).header("Location", location),
                _ => Reply::text(200, "end"),
            }
        });
        Servers { start, other, secure, authority }
    }

    fn received(&self, target: Target) -> Vec<Received> {
        match target {
            Target::SameOrigin => self.start.received(),
            Target::OtherPort | Target::OtherHost => self.other.received(),
            Target::OtherScheme => self.secure.server().received(),
        }
    }
}

/// Challenges who comes without credentials, where the query says so.
fn greet(request: &Received) -> Option<Reply> {
    let asks = request.header("x-declared-safe").is_some_and(|value| value == "digest");
    (asks && request.header("authorization").is_none())
        .then(|| Reply::new(401).header("WWW-Authenticate", "Digest realm=r, nonce=n, qop=auth"))
}

fn names(request: &Received) -> Vec<String> {
    request.headers().iter().map(|(name, _)| name.to_ascii_lowercase()).collect()
}

#[test]
fn no_secret_is_sent_to_an_origin_that_it_is_not_for() {
    for secret in secrets() {
        for target in [Target::SameOrigin, Target::OtherPort, Target::OtherScheme, Target::OtherHost] {
            let servers = Servers::start();
            for status in STATUSES {
                send(&servers, &secret, target, status);
                judge(&servers, &secret, target, status);
            }
        }
    }
}

fn send(servers: &Servers, secret: &Secret, target: Target, status: u16) {
    let url = Url::parse(&servers.start.url("/")).unwrap();
    let policy = httpkit::RedirectPolicy::default().keep_header("X-Declared-Safe");
    let builder = Client::builder().tls(servers.authority.trusted()).redirects(policy);
    let client = (secret.client)(builder, &url).build().unwrap();
    let start = servers.start.url(&format!("/{status}/{target:?}"));
    let request = client.post(start.replacen("//", &format!("//{}", secret.user_info), 1)).body("spam");
    let request = request.header("Content-Type", "text/plain").header("Range", "bytes=0-");
    let request = (secret.request)(request.header("X-Declared-Safe", secret.name));
    let response = request.send().unwrap();
    let refused = secret.name == "digest" && target != Target::SameOrigin;
    assert_eq!(
        response.status().code(),
        if refused { 401 } else { 200 },
        "{} {target:?} {status}",
        secret.name
    );
}

fn judge(servers: &Servers, secret: &Secret, target: Target, status: u16) {
    let case = format!("{} {target:?} {status}", secret.name);
    let first = servers
        .start
        .received()
        .iter()
        .filter(|request| request.target() != "/end")
        .any(|request| names(request).contains(&secret.header.to_owned()));
    assert!(first, "{case}: the origin itself gets it");
    let last = servers.received(target).pop().expect("the redirect is followed");
    assert_eq!(last.target(), "/end", "{case}");
    let same_host = matches!(target, Target::OtherPort | Target::OtherScheme) && secret.is_of_host;
    let is_for = target == Target::SameOrigin || same_host;
    for name in names(&last) {
        let expected = EXPECTED.contains(&name.as_str()) || (is_for && name == secret.header);
        assert!(expected, "{case}: {name} leaks");
    }
    assert_eq!(names(&last).contains(&secret.header.to_owned()), is_for, "{case}");
    assert!(
        names(&last).contains(&"range".to_owned()) && names(&last).contains(&"x-declared-safe".to_owned())
    );
}

#[test]
fn a_chain_that_returns_to_its_origin_returns_without_secrets() {
    let home: Arc<OnceLock<String>> = Arc::default();
    let other = Server::start({
        let home = home.clone();
        move |_| Reply::new(307).header("Location", home.get().unwrap())
    });
    let away = other.url("/");
    let start = Server::start(move |request| match request.target() {
        "/end" => Reply::text(200, "end"),
        _ => Reply::new(307).header("Location", &away),
    });
    home.set(start.url("/end")).unwrap();
    let client = Client::builder().default_header("X-Token", "secret").build().unwrap();
    client.get(start.url("/")).bearer("secret").header("X-Api-Key", "secret").send().unwrap();
    let received = start.received();
    assert!(["authorization", "x-token", "x-api-key"].iter().all(|name| received[0].header(name).is_some()));
    assert!(
        names(&received[1]).iter().all(|name| EXPECTED.contains(&name.as_str())),
        "{:?}",
        names(&received[1])
    );
}

#[test]
fn credentials_for_a_proxy_are_sent_to_no_server() {
    let server = Server::start(|_| Reply::new(200));
    let defaults = Client::builder().default_header("Proxy-Authorization", "secret").build().unwrap();
    defaults.get(server.url("/")).header("X-A", "1").send().unwrap();
    defaults.get(server.url("/")).send().unwrap();
    Client::new().get(server.url("/")).header("proxy-authorization", "secret").send().unwrap();
    let received = server.received();
    assert_eq!(received.len(), 3);
    assert!(received.iter().all(|request| request.header("proxy-authorization").is_none()), "{received:?}");
    assert_eq!(received[0].header("x-a").unwrap(), "1");
}

#[test]
fn default_entry_of_netrc_is_for_the_host_that_the_caller_named() {
    let path = std::env::temp_dir().join(format!("httpkit-default-{}", std::process::id()));
    fs::write(&path, "default login me password secret").unwrap();
    let client = Client::builder().netrc(&path).build().unwrap();
    fs::remove_file(path).unwrap();
    let stranger = Server::start(|_| Reply::new(200));
    let url = stranger.url("/");
    let server = Server::start(move |request| match request.target() {
        "/away" => Reply::new(302).header("Location", &url),
        "/here" => Reply::new(302).header("Location", "/"),
        _ => Reply::new(200),
    });
    client.get(server.url("/here")).send().unwrap();
    client.get(server.url("/away")).send().unwrap();
    assert!(server.received().iter().all(|request| request.header("authorization").is_some()));
    assert!(stranger.received()[0].header("authorization").is_none());
}

#[test]
fn credentials_are_sent_as_given_or_refused() {
    let server = Server::start(|_| Reply::new(200));
    let client = Client::new();
    let url = server.url("/");
    let with_user_info = |user_info: &str| url.replace("http://", &format!("http://{user_info}@"));
    for request in [
        client.get(&url).basic("a:b", "c"),
        client.get(with_user_info("a%3Ab:c")),
        client.get(&url).bearer(""),
        client.get(&url).bearer("secret\n"),
        client.get(&url).bearer("se cret"),
    ] {
        let error = request.send().unwrap_err();
        assert!(matches!(error.kind(), httpkit::ErrorKind::InvalidRequest(_)), "{error}");
        assert!(!error.to_string().contains("cret"), "{error}");
    }
    assert!(httpkit::Proxy::parse("http://proxy").unwrap().basic("a:b", "c").is_err());
    assert!(server.received().is_empty());
    client.get(&url).basic("a", "b:c").send().unwrap();
    assert_eq!(server.received()[0].header("authorization").unwrap(), "Basic YTpiOmM=");
}
