//! HTTP proxies: what they are sent, what servers behind them get, and what a tunnel begins with.

use std::{
    error::Error as _,
    io,
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use httpkit::{
    Client, ClientBuilder, Connector, Deadline, Destination, Error, ErrorKind, HttpConnection, Limits,
    Method, Phase, Proxies, Proxy, ProxyError, Timeouts, Transport, Url,
    testing::{Act, Reply, Script, ScriptedConnector, Server},
};
use httpkit_tests::{CancelledBy, OK, answers, is_child, requests, run_with, scripted_with};

const URL: &str = "http://test.example/";
const MADE: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";

fn proxy(url: &str) -> Proxy {
    Proxy::parse(url).unwrap()
}

/// A client through an HTTP proxy that makes tunnels for all.
fn tunnelling() -> ClientBuilder {
    Client::builder().proxy(proxy("http://spam:eggs@proxy.example:3128").tunnel_http())
}

/// What the client wrote on each connection.
fn written(connector: &ScriptedConnector) -> Vec<String> {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    connector.recorded().into_iter().map(|recorded| text(recorded.written)).collect()
}

/// The failure of a tunnel.
fn failure(error: &Error) -> &ProxyError {
    match error.kind() {
        ErrorKind::Proxy { proxy, source } => {
            assert_eq!(proxy, "http://proxy.example:3128");
            source
        }
        _ => panic!("{error:?}"),
    }
}

/// Everything that an error shows, its causes included.
fn shown(error: &Error) -> String {
    let of = |error: &dyn std::error::Error| format!("{error}\n{error:?}\n");
    let mut shown = of(error);
    let mut cause = error.source();
    while let Some(error) = cause {
        shown += &of(error);
        cause = error.source();
    }
    shown
}

/// Where connections were to lead to.
#[derive(Clone)]
struct Asked {
    inner: ScriptedConnector,
    destinations: Arc<Mutex<Vec<String>>>,
}

impl Connector for Asked {
    fn connect(&self, destination: Destination<'_>, deadline: Deadline) -> io::Result<Box<dyn Transport>> {
        self.destinations.lock().unwrap().push(destination.to_string());
        self.inner.connect(destination, deadline)
    }
}

#[test]
fn a_forwarded_request_has_its_whole_url_as_target_and_the_server_as_host() {
    for (url, target, host) in [
        (URL, URL, "test.example"),
        ("http://Test.example:80/a%20b?c=d#e", "http://test.example/a%20b?c=d", "test.example"),
        ("http://test.example:8080", "http://test.example:8080/", "test.example:8080"),
        ("http://[::1]:81/x", "http://[::1]:81/x", "[::1]:81"),
    ] {
        let builder = Client::builder()
            .proxy(proxy("http://spam:eg%40gs@proxy.example:3128").header("X-Team", "green").unwrap())
            .user_agent("t")
            .default_header("Accept-Encoding", "identity");
        let (client, connector) = scripted_with(builder, [answers([OK])]);
        client.get(url).send().unwrap();
        let expected = format!(
            "GET {target} HTTP/1.1\r\nHost: {host}\r\nProxy-Authorization: Basic c3BhbTplZ0Bncw==\r\n\
             X-Team: green\r\nAccept: */*\r\nUser-Agent: t\r\nAccept-Encoding: identity\r\n\r\n"
        );
        assert_eq!(written(&connector), [expected], "{url}");
    }
}

#[test]
fn user_info_of_the_url_goes_to_the_server_and_that_of_the_proxy_to_the_proxy() {
    let builder = Client::builder().proxy(proxy("http://proxy.example"));
    let (client, connector) = scripted_with(builder, [answers([OK])]);
    client.get("http://a:b@test.example/").send().unwrap();
    let written = &written(&connector)[0];
    assert!(written.starts_with("GET http://test.example/ HTTP/1.1\r\n"), "{written}");
    assert!(written.contains("\r\nAuthorization: Basic YTpi\r\n"), "{written}");
    assert!(!written.contains("Proxy-Authorization"), "{written}");
}

#[test]
fn headers_of_the_request_and_the_client_win_over_those_of_the_proxy() {
    let of_proxy = proxy("http://spam:eggs@proxy.example").header("User-Agent", "of the proxy").unwrap();
    let (client, connector) = scripted_with(Client::builder().proxy(of_proxy), [answers([OK])]);
    client.get(URL).header("Proxy-Authorization", "Bearer own").header("Host", "other").send().unwrap();
    let written = &written(&connector)[0];
    assert!(written.contains("\r\nProxy-Authorization: Bearer own\r\n"), "{written}");
    assert!(written.contains("\r\nHost: other\r\n") && !written.contains("Host: test"), "{written}");
    assert!(!written.contains("Basic") && !written.contains("of the proxy"), "{written}");
}

#[test]
fn the_connection_leads_to_the_proxy() {
    for (url, through, expected) in [
        (URL, "http://proxy.example", "proxy.example:80"),
        (URL, "http://[::1]:3128", "[::1]:3128"),
        ("https://test.example/", "http://proxy.example:3128", "proxy.example:3128"),
    ] {
        let asked = Asked { inner: ScriptedConnector::default(), destinations: Arc::default() };
        let client = Client::builder().proxy(proxy(through)).connector(asked.clone()).build().unwrap();
        let error = client.get(url).send().unwrap_err();
        assert_eq!(*asked.destinations.lock().unwrap(), [expected], "{url}");
        // Nobody is there: it says which proxy, and what of it could not be reached.
        let ErrorKind::Proxy { source: ProxyError::Connection(source), .. } = error.kind() else {
            panic!("{error:?}");
        };
        assert!(matches!(source.kind(), ErrorKind::Connect { host, .. } if host == expected), "{source:?}");
        assert!(error.is_connect() && error.is_retryable() && !error.may_have_been_processed(), "{error:?}");
    }
}

#[test]
fn a_tunnel_is_asked_for_by_host_and_port_and_carries_what_the_server_would_get() {
    for (url, authority, host) in [
        (URL, "test.example:80", "test.example"),
        ("http://test.example:8080/", "test.example:8080", "test.example:8080"),
        ("http://[::1]/", "[::1]:80", "[::1]"),
    ] {
        let of_proxy = proxy("http://spam:eggs@proxy.example:3128").tunnel_http();
        let of_proxy = of_proxy.header("X-Team", "green").unwrap();
        let builder =
            Client::builder().proxy(of_proxy).user_agent("t").default_header("Accept-Encoding", "identity");
        let builder = builder.default_header("Proxy-Authorization", "mine");
        let (client, connector) = scripted_with(builder, [answers([MADE, OK])]);
        let response = client.get(url).header("proxy-authorization", "Bearer own").send().unwrap();
        assert_eq!(response.status(), 200);
        let expected = format!(
            "CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\
             Proxy-Authorization: Basic c3BhbTplZ2dz\r\nX-Team: green\r\n\r\n\
             GET / HTTP/1.1\r\nHost: {host}\r\n\
             Accept: */*\r\nUser-Agent: t\r\nAccept-Encoding: identity\r\n\r\n"
        );
        assert_eq!(written(&connector), [expected], "{url}");
    }
}

#[test]
fn a_tunnel_is_made_by_any_status_of_success_whatever_its_head_says_of_a_body() {
    for head in [
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.0 200 Connection established\r\n\r\n",
        "HTTP/1.1 200\r\n\r\n",
        "HTTP/1.1 201 Created\r\nX: y\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 299 Fine\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 7, 8\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    ] {
        for split in 0..head.len() {
            let (first, second) = head.split_at(split);
            let script = Script::new().then(Act::AwaitWrite);
            let script = [first, second]
                .into_iter()
                .filter(|part| !part.is_empty())
                .fold(script, |script, part| script.then(Act::Send(part.into())));
            let script = script.then(Act::AwaitWrite).then(Act::Send(OK.to_vec()));
            let (client, connector) = scripted_with(tunnelling(), [script]);
            client.get(URL).send().unwrap_or_else(|error| panic!("{head:?} at {split}: {error:?}"));
            assert_eq!(requests(&connector), [2]);
        }
    }
}

#[test]
fn a_tunnel_serves_again() {
    let (client, connector) = scripted_with(tunnelling(), [answers([MADE, OK, OK, OK])]);
    for _ in 0..3 {
        client.get(URL).send().unwrap();
    }
    assert_eq!(requests(&connector), [4]);
}

#[test]
fn bytes_behind_the_consent_of_a_proxy_are_an_error() {
    for behind in ["x", "\0", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL"] {
        for url in [URL, "https://test.example/"] {
            let reply = [MADE, behind.as_bytes()].concat();
            let (client, connector) = scripted_with(tunnelling(), [answers([&reply[..]])]);
            let error = client.get(url).send().unwrap_err();
            assert!(
                matches!(failure(&error), ProxyError::UnaskedBytes(found) if found.as_bytes() == behind.as_bytes()),
                "{error:?}"
            );
            assert!(!error.may_have_been_processed() && !error.is_retryable(), "{error:?}");
            assert!(connector.recorded()[0].is_closed);
            assert_eq!(requests(&connector), [1], "no request went into it");
        }
    }
}

#[test]
fn a_refusal_is_kept_with_its_status_its_headers_and_its_body() {
    for (status, is_retryable) in
        [(407, false), (403, false), (502, true), (503, true), (301, false), (404, false)]
    {
        let reply = format!(
            "HTTP/1.1 {status} No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 5\r\n\r\nsorry"
        );
        let (client, connector) = scripted_with(tunnelling(), [answers([reply.as_bytes()])]);
        let error = client.get(URL).send().unwrap_err();
        let ProxyError::Refused(snapshot) = failure(&error) else { panic!("{error:?}") };
        assert_eq!(snapshot.status(), status);
        assert_eq!((snapshot.body(), snapshot.is_truncated()), (&b"sorry"[..], false));
        assert!(snapshot.headers().contains("proxy-authenticate"));
        // It is no status of the server's.
        assert_eq!((error.status(), error.response().is_none()), (None, true));
        assert_eq!(error.is_retryable(), is_retryable, "{status}");
        assert!(error.is_connect() && !error.may_have_been_processed(), "{error:?}");
        assert!(shown(&error).contains(&status.to_string()), "{error:?}");
        assert!(connector.recorded()[0].is_closed);
    }
}

#[test]
fn what_a_proxy_answers_to_a_forwarded_request_is_the_response() {
    let reply = b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n";
    let builder = Client::builder().proxy(proxy("http://proxy.example"));
    let (client, _) = scripted_with(builder, [answers([&reply[..]])]);
    assert_eq!(client.get(URL).send().unwrap().status(), 407);
}

#[test]
fn an_answer_that_is_no_http_says_so_of_the_proxy() {
    let long = [&b"HTTP/1.1 200 OK\r\nX: "[..], &[b'x'; 2000], b"\r\n\r\n"].concat();
    for (answer, is_expected) in [
        (
            &b"SSH-2.0-x\r\n"[..],
            (|kind| matches!(kind, ErrorKind::BadStatusLine(_))) as fn(&ErrorKind) -> bool,
        ),
        (b"HTTP/2 200\r\n\r\n", |kind| matches!(kind, ErrorKind::UnknownProtocol(_))),
        (b"HTTP/1.1 200 OK\r\nX y\r\n\r\n", |kind| matches!(kind, ErrorKind::BadHeader(_))),
        (b"HTTP/1.1 101 Switching\r\n\r\n", |kind| matches!(kind, ErrorKind::UnexpectedUpgrade)),
        (b"HTTP/1.1 200 OK\r\n", |kind| matches!(kind, ErrorKind::IncompleteRead { .. })),
        (b"", |kind| matches!(kind, ErrorKind::RemoteDisconnected)),
        (&long, |kind| matches!(kind, ErrorKind::TooLarge { .. })),
    ] {
        let script = Script::new().then(Act::AwaitWrite);
        let script = if answer.is_empty() { script } else { script.then(Act::Send(answer.to_vec())) };
        let builder = tunnelling().limits(Limits::new().max_head_bytes(1000));
        let (client, _) = scripted_with(builder, [script.then(Act::End)]);
        let error = client.get(URL).send().unwrap_err();
        let ProxyError::Connection(source) = failure(&error) else { panic!("{error:?}") };
        assert!(is_expected(source.kind()), "{error:?}");
        assert!(!error.may_have_been_processed(), "{error:?}");
    }
}

#[test]
fn no_error_shows_the_credentials_of_a_proxy() {
    let through = |url| Client::builder().proxy(proxy(url).tunnel_http());
    let url = "http://spam:hunter2@proxy.example:3128";
    for script in [Script::answer(b"HTTP/1.1 407 No\r\n\r\n"), Script::answer(b"?"), Script::new()] {
        let (client, _) = scripted_with(through(url), [script]);
        let shown = shown(&client.get(URL).send().unwrap_err());
        assert!(!shown.contains("hunter2") && !shown.contains("c3BhbTpodW50ZXIy"), "{shown}");
    }
    let (client, _) = scripted_with(through(url), []);
    let shown = shown(&client.get(URL).send().unwrap_err());
    assert!(shown.contains("proxy.example:3128") && !shown.contains("hunter2"), "{shown}");
}

#[test]
fn a_connection_serves_those_alone_who_are_the_same_to_the_same_proxy() {
    let proxies = [
        None,
        Some(proxy("http://a.example")),
        Some(proxy("http://a.example:81")),
        Some(proxy("http://spam:eggs@a.example")),
        Some(proxy("http://spam:ham@a.example")),
        Some(proxy("http://a.example").header("X-Team", "green").unwrap()),
        Some(proxy("http://b.example")),
    ];
    let turn = Arc::new(Mutex::new(None));
    let chosen = turn.clone();
    let builder = Client::builder().proxies(Proxies::by(move |_| chosen.lock().unwrap().clone()));
    let scripts = proxies.iter().map(|_| answers([OK, OK, OK]));
    let (client, connector) = scripted_with(builder, scripts);
    for _ in 0..3 {
        for proxy in &proxies {
            *turn.lock().unwrap() = proxy.clone();
            client.get(URL).send().unwrap();
        }
    }
    assert_eq!(requests(&connector), [3; 7]);
}

#[test]
fn a_connection_to_a_proxy_serves_one_origin() {
    let builder = Client::builder().proxy(proxy("http://proxy.example"));
    let (client, connector) = scripted_with(builder, [answers([OK, OK]), answers([OK, OK])]);
    for _ in 0..2 {
        client.get("http://a.example/").send().unwrap();
        client.get("http://b.example/").send().unwrap();
    }
    assert_eq!(requests(&connector), [2, 2]);
}

#[test]
fn a_stale_connection_to_a_proxy_is_replaced_by_another_to_it() {
    let first = answers([OK]).then(Act::AwaitWrite).then(Act::End);
    let builder = Client::builder().proxy(proxy("http://proxy.example"));
    let (client, connector) = scripted_with(builder, [first, answers([OK])]);
    client.get(URL).send().unwrap();
    client.get(URL).send().unwrap();
    assert!(written(&connector).iter().all(|text| text.contains("GET http://test.example/ HTTP/1.1\r\n")));
}

#[test]
fn a_proxy_that_does_not_answer_is_waited_for_as_long_as_for_a_connection() {
    let server = Server::start(|_| Reply::raw("").pause(Duration::from_secs(30)));
    let silent = proxy(&server.url("")).tunnel_http();
    let timeouts = Timeouts::new().connect(Duration::from_millis(50));
    for builder in
        [Client::builder().timeouts(timeouts), Client::builder().timeout(Duration::from_millis(50))]
    {
        let error = builder.proxy(silent.clone()).build().unwrap().get(URL).send().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Timeout { phase: Phase::Proxy, .. }), "{error:?}");
        assert!(error.is_timeout() && error.is_connect() && !error.may_have_been_processed(), "{error:?}");
    }
    assert!(server.received().iter().all(|request| request.method() == "CONNECT"));
}

#[test]
fn a_wait_for_a_proxy_can_be_cancelled() {
    CancelledBy::ALL.into_iter().for_each(cancel_wait_for_proxy);
}

fn cancel_wait_for_proxy(by: CancelledBy) {
    let (arrived, has_arrived) = mpsc::channel();
    let server = Server::start(move |_| {
        arrived.send(()).unwrap();
        Reply::raw("HTTP/1.1 200").pause(Duration::from_secs(30))
    });
    let client = Client::builder().proxy(proxy(&server.url("")).tunnel_http()).build().unwrap();
    let error = by.when(has_arrived, &client, client.get(URL));
    assert!(!error.may_have_been_processed(), "{error:?}");
}

#[test]
fn a_request_can_have_a_way_of_its_own() {
    let server = Server::start(|request| Reply::text(200, request.target()));
    let client = Client::builder().proxy(proxy(&server.url(""))).build().unwrap();
    let target = |request: httpkit::RequestBuilder<'_>| request.send().unwrap().text().unwrap();
    let own = Proxies::all(proxy(&server.url("")).header("X-Team", "green").unwrap());
    assert_eq!(target(client.get(URL)), URL);
    assert_eq!(target(client.get(URL).proxies(own)), URL);
    assert_eq!(target(client.get(server.url("/a")).proxies(Proxies::none())), "/a");
    let teams: Vec<_> = server.received().iter().map(|request| request.header("x-team").is_some()).collect();
    assert_eq!(teams, [false, true, false]);
}

#[test]
fn a_wire_level_connection_through_a_proxy_is_a_tunnel() {
    let connector = ScriptedConnector::new([answers([MADE, OK]), answers([MADE, OK])]);
    let builder = HttpConnection::builder("test.example:81").connector(connector.clone());
    let mut connection = builder.proxy(proxy("http://proxy.example")).build().unwrap();
    for _ in 0..2 {
        connection.request(Method::GET, "/", (), &[]).unwrap();
        assert_eq!(connection.get_response().unwrap().status(), 200);
        // It is opened anew in the same way.
        connection.close();
    }
    let expected = "CONNECT test.example:81 HTTP/1.1\r\nHost: test.example:81\r\n\r\n\
                    GET / HTTP/1.1\r\nHost: test.example:81\r\nAccept-Encoding: identity\r\n\r\n";
    assert_eq!(written(&connector), [expected; 2]);
}

#[test]
fn a_client_asks_the_environment_unless_it_is_told_otherwise() {
    let target = |client: Client| client.get(URL).send().map(|response| response.text().unwrap());
    if is_child() {
        assert_eq!(target(Client::new()).unwrap(), URL);
        assert_eq!(target(Client::builder().build().unwrap()).unwrap(), URL);
        let nowhere = |_: Destination<'_>, _: Deadline| Err(io::ErrorKind::NotFound.into());
        let direct = Client::builder().no_proxy().resolver(nowhere).build().unwrap();
        assert!(matches!(target(direct).unwrap_err().kind(), ErrorKind::Dns { .. }));
        // What is not TCP is not led elsewhere by what the environment says.
        let (client, connector) = scripted_with(Client::builder(), [answers([OK])]);
        client.get(URL).send().unwrap();
        assert!(written(&connector)[0].starts_with("GET / HTTP/1.1\r\n"));
        return;
    }
    let server = Server::start(|request| Reply::text(200, request.target()));
    let proxy = server.url("");
    let test = "transport::proxies::a_client_asks_the_environment_unless_it_is_told_otherwise";
    run_with(test, &[("http_proxy", &proxy)]);
    run_with(test, &[("HTTP_PROXY", &proxy)]);
    run_with(test, &[("ALL_PROXY", &proxy), ("no_proxy", "other.example")]);
    assert_eq!(server.received().len(), 6);
}

/// A web server passes the header `Proxy` of a request to the programs that it runs in this variable.
#[test]
fn header_of_cgi_request_chooses_no_proxy() {
    if is_child() {
        let nowhere = |_: Destination<'_>, _: Deadline| Err(io::ErrorKind::NotFound.into());
        let error = Client::builder().resolver(nowhere).build().unwrap().get(URL).send().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Dns { .. }), "{error:?}");
        return;
    }
    let server = Server::start(|request| Reply::text(200, request.target()));
    let test = "transport::proxies::header_of_cgi_request_chooses_no_proxy";
    run_with(test, &[("HTTP_PROXY", &server.url("")), ("REQUEST_METHOD", "GET")]);
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_faulty_proxy_of_the_environment_fails_the_requests_that_it_is_for() {
    if is_child() {
        let error = Client::new().get(URL).send().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidUrl(_)), "{error:?}");
        assert!(!error.may_have_been_processed() && !shown(&error).contains("hunter2"), "{error:?}");
        let server = Server::start(|_| Reply::new(200));
        Client::new().get(server.url("/")).send().unwrap();
        return;
    }
    let test = "transport::proxies::a_faulty_proxy_of_the_environment_fails_the_requests_that_it_is_for";
    run_with(test, &[("http_proxy", "ftp://spam:hunter2@proxy")]);
}

#[test]
fn a_function_sees_the_url() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let proxies = Proxies::by({
        let seen = seen.clone();
        move |url: &Url| {
            seen.lock().unwrap().push(url.to_string());
            None
        }
    });
    let (client, _) = scripted_with(Client::builder().proxies(proxies.except("b.example")), [answers([OK])]);
    client.get("http://a.example/x?y").send().unwrap();
    client.get("http://b.example/").send().unwrap_err();
    assert_eq!(*seen.lock().unwrap(), ["http://a.example/x?y"]);
}

#[test]
fn each_hop_of_a_redirect_has_the_way_of_its_url() {
    let direct = Server::start(|_| Reply::text(200, "there"));
    let there = direct.url("/there");
    let forwarding = Server::start(move |_| Reply::new(307).header("Location", &there));
    let through =
        proxy(&forwarding.url("")).basic("spam", "eggs").unwrap().header("X-Team", "green").unwrap();
    let client = Client::builder().proxies(Proxies::all(through).except("127.0.0.1")).build().unwrap();
    let response = client.get(URL).header("Proxy-Authorization", "Basic bWU6bWU=").send().unwrap();
    assert_eq!(response.text().unwrap(), "there");
    assert_eq!(forwarding.received()[0].target(), URL);
    let received = direct.received();
    assert_eq!(received[0].target(), "/there");
    for secret in ["proxy-authorization", "x-team"] {
        assert!(received[0].header(secret).is_none(), "{secret}");
    }
}
