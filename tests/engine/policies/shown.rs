//! Printed text: every way to give a secret, in every place that shows a request. Any trace of the secret fails,
//! whatever the name that it was given under.

use std::{
    fmt::{self, Write as _},
    fs, io,
    sync::{Arc, Mutex},
};

use httpkit::{
    Client, ClientBuilder, CookieJar, HttpConnection, Method, Proxy, RedirectAction, RedirectPolicy, Request,
    RequestBuilder, Result, Url,
    testing::{Reply, Server},
};

const SECRET: &str = "hunter2";
/// The secret as it is, and as `Basic` credentials of `me` encode it.
const TRACES: [&str; 3] = [SECRET, "bWU6aHVudGVyMg", "aHVudGVyMg"];

/// The printed texts, by the place that printed them.
#[derive(Clone, Default)]
struct Printed(Arc<Mutex<Vec<(String, String)>>>);

impl Printed {
    fn add(&self, place: &str, shown: impl fmt::Display) {
        self.0.lock().unwrap().push((place.to_owned(), shown.to_string()));
    }

    fn debug(&self, place: &str, shown: &dyn fmt::Debug) {
        self.add(place, format_args!("{shown:?}"));
        self.add(&format!("{place}, pretty"), format_args!("{shown:#?}"));
    }

    fn error(&self, place: &str, error: &httpkit::Error) {
        self.add(&format!("{place}: message"), error);
        self.add(&format!("{place}: report"), format_args!("{error:#}"));
        self.debug(&format!("{place}: error"), error);
    }

    /// Fails if anything shows the secret, and returns how many places were checked.
    fn check(&self, way: &str) -> usize {
        let printed = self.0.lock().unwrap();
        for (place, shown) in &*printed {
            for trace in TRACES {
                assert!(!shown.contains(trace), "{way} is shown by {place}: {shown}");
            }
        }
        printed.len()
    }
}

/// A way to give a secret to a request.
struct Way {
    name: &'static str,
    client: fn(ClientBuilder, &Server) -> ClientBuilder,
    request: fn(RequestBuilder<'static>) -> RequestBuilder<'static>,
    user_info: &'static str,
    query: &'static str,
}

const PLAIN: Way =
    Way { name: "", client: |builder, _| builder, request: |request| request, user_info: "", query: "" };

fn ways() -> Vec<Way> {
    let mut ways = vec![
        Way { name: "basic", request: |request| request.basic("me", SECRET), ..PLAIN },
        Way { name: "bearer", request: |request| request.bearer(SECRET), ..PLAIN },
        Way { name: "digest", request: |request| request.digest("me", SECRET), ..PLAIN },
        Way { name: "user info", user_info: "me:hunter2@", ..PLAIN },
        Way { name: "user info without password", user_info: "hunter2@", ..PLAIN },
        Way { name: "query value", query: "?q=1&appid=hunter2", ..PLAIN },
        Way { name: "query without a key", query: "?hunter2", ..PLAIN },
        Way { name: "fragment", query: "#hunter2", ..PLAIN },
        Way { name: "query method", request: |request| request.query(&[("appid", SECRET)]), ..PLAIN },
        Way { name: "cookie header", request: |request| request.header("Cookie", "id=hunter2"), ..PLAIN },
        Way { name: "idempotency key", request: |request| request.idempotency_key(SECRET), ..PLAIN },
        Way { name: "marked header", request: |request| request.header_sensitive("Accept", SECRET), ..PLAIN },
        Way { name: "cookie jar", client: |builder, server| builder.cookie_jar(&jar(server)), ..PLAIN },
        Way { name: "netrc", client: |builder, server| with_netrc(builder, server), ..PLAIN },
        Way {
            name: "default header",
            client: |builder, _| builder.default_header("X-Vault-Token", SECRET),
            ..PLAIN
        },
        Way {
            name: "base URL",
            client: |builder, server| builder.base_url(with_user_info(&server.url("/"), "me:hunter2@")),
            ..PLAIN
        },
    ];
    let headers: [fn(RequestBuilder<'static>) -> RequestBuilder<'static>; 9] = [
        |request| request.header("X-Vault-Token", SECRET),
        |request| request.header("Private-Token", SECRET),
        |request| request.header("X-Amz-Security-Token", SECRET),
        |request| request.header("X-Goog-Api-Key", SECRET),
        |request| request.header("Ocp-Apim-Subscription-Key", SECRET),
        |request| request.header("DD-API-KEY", SECRET),
        |request| request.header("x-whatever-comes", SECRET),
        |request| request.header("Referer", "http://h/?key=hunter2"),
        |request| request.append_header("X-Twice", SECRET).append_header("X-Twice", SECRET),
    ];
    ways.extend(headers.into_iter().map(|request| Way { name: "header", request, ..PLAIN }));
    ways
}

fn with_user_info(url: &str, user_info: &str) -> String {
    url.replacen("http://", &format!("http://{user_info}"), 1)
}

fn jar(server: &Server) -> CookieJar {
    let jar = CookieJar::new();
    assert!(jar.set(&Url::parse(&server.url("/")).unwrap(), "id=hunter2; Path=/"));
    jar
}

fn with_netrc(builder: ClientBuilder, server: &Server) -> ClientBuilder {
    let path = std::env::temp_dir().join(format!("httpkit-shown-{}", std::process::id()));
    let host = server.address().ip().to_string();
    fs::write(&path, format!("machine {host} login me password hunter2")).unwrap();
    let builder = builder.netrc(&path);
    fs::remove_file(path).unwrap();
    builder
}

/// A server that responds with secrets of its own.
fn server() -> Server {
    Server::start(|request| match request.target().split('?').next().unwrap_or_default() {
        "/redirect" => Reply::new(302).header("Location", "/end?code=hunter2#hunter2"),
        "/round" => Reply::new(302).header("Location", "/round?state=hunter2"),
        "/refused" => Reply::new(302).header("Location", "ftp://me:hunter2@h/?x=hunter2"),
        "/challenged" => Reply::new(401)
            .header("WWW-Authenticate", "Digest realm=\"r\", nonce=\"hunter2\"")
            .header("Set-Cookie", "id=hunter2"),
        "/token" => Reply::json(200, r#"{"access_token": "hunter2"}"#),
        "/faulty" => Reply::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"),
        _ => Reply::text(200, "ok")
            .header("Set-Cookie", "id=hunter2")
            .header("Link", "</next?cursor=hunter2>; rel=\"next\""),
    })
}

/// A client that prints each event, and asks a hook about each redirect.
fn client(way: &Way, server: &Server, printed: &Printed) -> Client {
    let (events, hops) = (printed.clone(), printed.clone());
    let redirects = RedirectPolicy::limited(2).on_redirect(move |next| {
        hops.debug("next request", next);
        RedirectAction::Follow
    });
    let builder = Client::builder().redirects(redirects).on_event(move |event| events.debug("event", event));
    (way.client)(builder, server).build().unwrap()
}

fn print_request(printed: &Printed, request: &Request<'_>) {
    printed.debug("request", request);
    printed.debug("URL", request.url());
    printed.debug("headers", request.headers());
    printed.add("redacted URL", request.url().redacted());
    printed.add("to_curl", request.to_curl().unwrap());
}

fn exchange(way: &Way, path: &str, client: &Client, server: &Server, printed: &Printed) -> Result<()> {
    let url = with_user_info(&server.url(path), way.user_info) + way.query;
    let builder = (way.request)(client.get(url));
    printed.debug("request builder", &builder);
    let request = builder.build()?;
    print_request(printed, &request);
    let response = client.execute(request)?;
    printed.debug("response", &response);
    printed.debug("headers of the response", response.headers());
    printed.debug("history", &response.history());
    for hop in response.history() {
        assert!(!hop.url().as_str().contains('@'), "a hop has user info: {}", hop.url());
    }
    assert!(!response.url().as_str().contains('@') && response.url().user_info().is_none());
    printed.debug("links", &response.link("next"));
    let response = response.error_for_status()?;
    if path == "/token" { response.json::<Vec<u8>>().map(drop) } else { response.bytes().map(drop) }
}

#[test]
fn nothing_that_is_printed_shows_a_secret() {
    for way in ways() {
        let (server, printed) = (server(), Printed::default());
        let client = client(&way, &server, &printed);
        printed.debug("client", &client);
        for path in ["/", "/redirect", "/round", "/refused", "/challenged", "/token", "/faulty"] {
            if let Err(error) = exchange(&way, path, &client, &server, &printed) {
                printed.error(path, &error);
            }
        }
        // Nobody listens there.
        let url = with_user_info("http://127.0.0.1:1/", way.user_info) + way.query;
        printed.error("connection", &(way.request)(client.get(url)).send().unwrap_err());
        assert!(printed.check(way.name) > 100, "{}", way.name);
    }
}

#[test]
fn no_error_shows_a_refused_value() {
    let client = Client::new();
    let printed = Printed::default();
    let requests: [RequestBuilder<'_>; 12] = [
        client.get("http://h/").header("X-Vault-Token", "hunter2\n"),
        client.get("http://h/").header("X-Vault-Token", "\u{1}hunter2"),
        client.get("http://h/").append_header("Accept", "hunter2\r\nX: y"),
        client.get("http://h/").header_sensitive("X-Key", "hunter2\0"),
        client.get("http://h/").header("hunter2 is no name", "1"),
        client.get("http://h/").bearer("hunter2\n"),
        client.get("http://h/").idempotency_key("hunter2\n"),
        client.get("http://h/?key=hunter2\n"),
        client.get("http://me:hunter2@h:x/"),
        client.get("http:/me:hunter2@h/"),
        client.get("http://h\\?key=hunter2"),
        client.get("h?key=hunter2"),
    ];
    for (index, request) in requests.into_iter().enumerate() {
        printed.debug("request builder", &request);
        printed.error(&format!("request {index}"), &request.send().unwrap_err());
    }
    for builder in [
        Client::builder().default_header("X-Vault-Token", "hunter2\n"),
        Client::builder().base_url("http://me:hunter2@h:x/"),
    ] {
        printed.error("client builder", &builder.build().unwrap_err());
    }
    let proxy = Proxy::parse("http://me:hunter2@127.0.0.1:1").unwrap();
    printed.add("proxy", &proxy);
    printed.debug("proxy", &proxy);
    let proxied = Client::builder().proxy(proxy).build().unwrap();
    printed.error("proxy", &proxied.get("http://h/").send().unwrap_err());
    printed.add("proxy that cannot be read", Proxy::parse("http://me:hunter2@h:x").unwrap_err());
    assert!(printed.check("a refused value") > 50);
}

/// A sink that a test can read.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write_str(&String::from_utf8_lossy(bytes)).unwrap();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn debug_log_shows_no_secret_in_a_head() {
    let server = server();
    let log = Log::default();
    let builder = HttpConnection::builder(&server.address().to_string())
        .strictness(httpkit::Strictness::Compat)
        .show_header("X-Trace");
    let mut connection = builder.build().unwrap();
    connection.set_debug_sink(1, log.clone());
    connection.put_request(Method::GET, "/?key=hunter2").unwrap();
    for (name, value) in [("Authorization", SECRET), ("X-Vault-Token", SECRET), ("X-Trace", "shown")] {
        connection.put_header(name, value).unwrap();
    }
    connection.put_header_folded("Authorization", &["a", SECRET]).unwrap();
    connection.end_headers().unwrap();
    connection.get_response().unwrap().read_all().unwrap();
    let log = log.0.lock().unwrap().clone();
    assert!(!log.contains(SECRET), "{log}");
    for line in [
        "> GET /?key=... HTTP/1.1",
        "> X-Vault-Token: <7 bytes>",
        "> X-Trace: shown",
        "< Set-Cookie: <10 bytes>",
    ] {
        assert!(log.contains(line), "{line}: {log}");
    }
}

#[test]
fn shown_header_is_shown_and_not_sent_elsewhere() {
    let other = Server::start(|_| Reply::new(200));
    let url = other.url("/");
    let server = Server::start(move |_| Reply::new(302).header("Location", &url));
    let client = Client::builder().show_header("X-Trace").build().unwrap();
    let request = client.get(server.url("/")).header("x-trace", "7").build().unwrap();
    assert!(format!("{request:?}").contains("\"x-trace\": \"7\""), "{request:?}");
    assert!(request.to_curl().unwrap().contains("'x-trace: 7'"));
    client.execute(request).unwrap();
    assert!(other.received()[0].header("x-trace").is_none());
}
