//! Redirects: which are followed, what is sent, and what is known of them afterwards.

use std::{io, time::Duration};

use httpkit::{
    Client, Error, ErrorKind, Method, RedirectAction, RedirectPolicy, RequestBody, Response,
    testing::{Act, Received, Reply, Script, Server},
};
use httpkit_tests::{OK, answers, requests, scripted, tls};
use rustls::version::TLS13;

/// A server that answers `/STATUS/…` with a redirect of this status to the rest of the path, and the rest
/// with its method and path.
fn redirecting() -> Server {
    Server::start(|request| {
        let mut segments = request.target().splitn(3, '/').skip(1);
        match (segments.next().map(str::parse), segments.next()) {
            (Some(Ok(status)), Some(rest)) => {
                Reply::text(status, "elsewhere").header("Location", &format!("/{rest}"))
            }
            _ => Reply::text(200, &format!("{} {}", request.method(), request.target())),
        }
    })
}

/// A server whose every answer is this one.
fn always(reply: Reply) -> Server {
    Server::start(move |_| reply.clone())
}

fn names(request: &Received) -> Vec<String> {
    let automatic = ["host", "accept", "accept-encoding", "user-agent"];
    let names = request.headers().iter().map(|(name, _)| name.to_ascii_lowercase());
    names.filter(|name| !automatic.contains(&name.as_str())).collect()
}

fn refusal(result: httpkit::Result<Response>) -> Error {
    let error = result.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::RedirectRefused { .. }), "{error}");
    error
}

#[test]
fn method_and_body_follow_the_status() {
    for (method, status, becomes) in [
        ("GET", 301, "GET"),
        ("GET", 302, "GET"),
        ("GET", 303, "GET"),
        ("GET", 307, "GET"),
        ("GET", 308, "GET"),
        ("HEAD", 301, "HEAD"),
        ("HEAD", 302, "HEAD"),
        ("HEAD", 303, "HEAD"),
        ("HEAD", 307, "HEAD"),
        ("POST", 301, "GET"),
        ("POST", 302, "GET"),
        ("POST", 303, "GET"),
        ("POST", 307, "POST"),
        ("POST", 308, "POST"),
        ("PUT", 301, "PUT"),
        ("PUT", 302, "PUT"),
        ("PUT", 303, "GET"),
        ("PUT", 307, "PUT"),
        ("PUT", 308, "PUT"),
        ("DELETE", 302, "DELETE"),
        ("DELETE", 303, "GET"),
        ("DELETE", 308, "DELETE"),
        ("PROPFIND", 301, "PROPFIND"),
        ("PROPFIND", 303, "GET"),
    ] {
        let server = redirecting();
        let mut request =
            Client::new().request(Method::new(method).unwrap(), server.url(&format!("/{status}/end")));
        let has_body = !matches!(method, "GET" | "HEAD");
        if has_body {
            request =
                request.body("spam").header("Content-Type", "text/plain").header("Content-Language", "en");
            request = request.header("Content-Digest", "x").header("X-Kept", "1");
        }
        let response = request.send().unwrap();
        assert_eq!((response.status().code(), response.url().path()), (200, "/end"), "{method} {status}");
        let followed = &server.received()[1];
        assert_eq!(followed.method(), becomes, "{method} {status}");
        let keeps_body = has_body && becomes == method;
        assert_eq!(followed.body(), if keeps_body { &b"spam"[..] } else { b"" }, "{method} {status}");
        let expected: &[&str] = match (has_body, keeps_body) {
            (true, true) => {
                &["content-type", "content-language", "content-digest", "x-kept", "content-length"]
            }
            (true, false) => &["x-kept"],
            _ => &[],
        };
        assert_eq!(names(followed), expected, "{method} {status}");
    }
}

#[test]
fn the_history_says_what_was_requested() {
    let server = redirecting();
    let response = Client::new().post(server.url("/307/302/301/end?q#top")).body("x").send().unwrap();
    let history: Vec<String> = response
        .history()
        .iter()
        .map(|hop| format!("{} {} {}", hop.method(), hop.url().path(), hop.status().code()))
        .collect();
    assert_eq!(history, ["POST /307/302/301/end 307", "POST /302/301/end 302", "GET /301/end 301"]);
    assert_eq!(response.url().as_str(), server.url("/end?q#top"));
    assert_eq!(response.text().unwrap(), "GET /end?q");
    assert!(Client::new().get(server.url("/end")).send().unwrap().history().is_empty());
}

#[test]
fn as_many_are_followed_as_the_policy_allows() {
    let server = redirecting();
    let ten = "/302".repeat(10);
    assert_eq!(Client::new().get(server.url(&format!("{ten}/end"))).send().unwrap().history().len(), 10);

    let error = Client::new().get(server.url(&format!("/302{ten}/end"))).send().unwrap_err();
    let ErrorKind::TooManyRedirects { limit: 10, chain } = error.kind() else { panic!("{error}") };
    assert_eq!(
        (chain.len(), chain[0].path(), chain[10].path()),
        (11, &*format!("/302{ten}/end"), "/302/end")
    );
    assert_eq!(error.to_string(), format!("GET {}: more than 10 redirects", server.url("/302/end")));

    let client = Client::builder().redirects(RedirectPolicy::limited(0)).build().unwrap();
    let error = client.get(server.url("/302/end")).send().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooManyRedirects { limit: 0, .. }), "{error}");
    let one = client.get(server.url("/302/end")).redirects(RedirectPolicy::limited(1)).send().unwrap();
    assert_eq!(one.history().len(), 1);

    let client = Client::builder().redirects(RedirectPolicy::none()).build().unwrap();
    let response = client.get(server.url("/302/end")).send().unwrap();
    assert_eq!((response.status().code(), response.history().len()), (302, 0));
    assert_eq!(response.text().unwrap(), "elsewhere");
}

#[test]
fn a_loop_ends_at_the_limit() {
    let server = always(Reply::new(302).header("Location", "#again"));
    let error = Client::new().get(server.url("/")).send().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooManyRedirects { .. }), "{error}");
    assert_eq!((server.received().len(), server.connections()), (11, 1));
}

#[test]
fn what_leads_nowhere_is_the_response() {
    for reply in [
        Reply::text(302, "body"),
        Reply::text(302, "body").header("Location", ""),
        Reply::text(300, "body").header("Location", "/x"),
        Reply::text(305, "body").header("Location", "/x"),
        Reply::text(306, "body").header("Location", "/x"),
        Reply::text(399, "body").header("Location", "/x"),
        Reply::text(201, "body").header("Location", "/x"),
        Reply::text(404, "body").header("Location", "/x"),
    ] {
        let server = always(reply.clone());
        let response = Client::new().get(server.url("/")).send().unwrap();
        assert_eq!((response.history().len(), response.text().unwrap().as_str()), (0, "body"), "{reply:?}");
    }
    let server = always(Reply::raw("HTTP/1.1 304 Not Modified\r\nLocation: /x\r\n\r\n"));
    assert_eq!(Client::new().get(server.url("/")).send().unwrap().status().code(), 304);
}

#[test]
fn a_location_that_could_mislead_is_refused() {
    for location in [
        "ftp://h/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http:/x",
        "\\\\evil\\x",
        "http://127.1/",
        "http://h:65536/",
        "//",
        "/a\tb",
        "http://user:hunter2@ex%41mple.org/",
    ] {
        let server = always(Reply::new(302).header("Location", location));
        let url = server.url("/start").replacen("//", "//me:hunter3@", 1);
        let error = refusal(Client::new().get(url).send());
        let ErrorKind::RedirectRefused { chain, .. } = error.kind() else { unreachable!() };
        assert_eq!((chain.len(), chain[0].path()), (1, "/start"), "{location}");
        assert!(!format!("{error} {error:?}").contains("hunter"), "{error:?}");
    }
    let server = always(Reply::new(302).header("Location", "/a").header("Location", "/b"));
    refusal(Client::new().get(server.url("/")).send());
    assert_eq!(server.received().len(), 1);
}

#[test]
fn locations_of_all_forms_are_followed() {
    for (location, target) in [
        ("end", "/a/end"),
        ("./end", "/a/end"),
        ("../../../end", "/end"),
        ("?end", "/a/b?end"),
        ("/end page|ü?[1]=100%", "/end%20page%7C%C3%BC?%5B1%5D=100%25"),
        ("/end#there", "/end"),
    ] {
        let server = Server::start(move |request| match request.target() {
            "/a/b" => Reply::new(302).header("Location", location),
            target => Reply::text(200, target),
        });
        let response = Client::new().get(server.url("/a/b#here")).send().unwrap();
        let fragment = if location.contains('#') { "there" } else { "here" };
        assert_eq!(response.url().fragment(), Some(fragment), "{location}");
        assert_eq!(response.text().unwrap(), target, "{location}");
    }
}

#[test]
fn https_leads_to_http_only_if_allowed() {
    let authority = tls::Authority::new();
    let plain = redirecting();
    let location = plain.url("/end");
    let server = authority.issue("127.0.0.1").server(&[&TLS13]);
    let secure = tls::TlsServer::start(server, tls::Then::Silence, move |_| {
        Reply::new(301).header("Location", &location)
    });
    let url = secure.url("/");
    let client = authority.client();
    let error = refusal(client.get(&url).send());
    assert!(error.to_string().contains("from https to http"), "{error}");
    assert!(plain.received().is_empty());
    let response = client.get(&url).redirects(RedirectPolicy::default().allow_downgrade()).send().unwrap();
    assert_eq!(response.text().unwrap(), "GET /end");
}

#[test]
fn a_body_that_can_be_sent_once_is_not_sent_twice() {
    let server = redirecting();
    let send = |status| {
        let body = RequestBody::from_reader(&b"spam"[..]);
        Client::new().put(server.url(&format!("/{status}/end"))).body(body).send()
    };
    for status in [301, 302, 307, 308] {
        let error = refusal(send(status));
        assert!(error.to_string().contains("sent once only") && error.may_have_been_processed(), "{error}");
    }
    assert_eq!(send(303).unwrap().text().unwrap(), "GET /end");
}

#[test]
fn a_hook_sees_the_chain_and_decides() {
    let server = redirecting();
    let policy = RedirectPolicy::default().on_redirect(|next| {
        let chain: Vec<&str> = next.history().iter().map(|hop| hop.url().path()).collect();
        let line = format!("{} {} after {}", next.method(), next.url().path(), chain.join(" "));
        next.headers_mut().set("X-Seen", line).unwrap();
        match next.url().path() {
            "/stop" => RedirectAction::Stop,
            "/fail" => RedirectAction::Fail("not there".into()),
            _ => RedirectAction::Follow,
        }
    });
    let client = Client::builder().redirects(policy).build().unwrap();
    client.post(server.url("/307/302/end")).body("x").send().unwrap();
    let seen = |index: usize| server.received()[index].header("x-seen").unwrap().to_string();
    assert_eq!(seen(1), "POST /302/end after /307/302/end");
    assert_eq!(seen(2), "GET /end after /307/302/end /302/end");

    let stopped = client.get(server.url("/302/302/stop")).send().unwrap();
    assert_eq!(
        (stopped.status().code(), stopped.url().path(), stopped.history().len()),
        (302, "/302/stop", 1)
    );
    assert_eq!(stopped.text().unwrap(), "elsewhere");

    let error = refusal(client.get(server.url("/302/fail")).send());
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "not there");
}

#[test]
fn a_hook_can_lead_elsewhere() {
    let (server, other) = (redirecting(), redirecting());
    let target = httpkit::Url::parse(&other.url("/there")).unwrap();
    let policy = RedirectPolicy::default().on_redirect(move |next| {
        next.set_url(target.clone());
        next.headers_mut().set("X-Added", "1").unwrap();
        RedirectAction::Follow
    });
    let request =
        Client::new().get(server.url("/302/end")).bearer("t").header("X-Api-Key", "k").redirects(policy);
    assert_eq!(request.send().unwrap().text().unwrap(), "GET /there");
    assert_eq!(names(&other.received()[0]), ["x-added"]);
}

fn redirect(rest: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nLocation: /end\r\n{rest}").into_bytes()
}

#[test]
fn the_connection_of_a_redirect_serves_again() {
    let short = redirect("Content-Length: 4\r\n\r\nbody");
    let chunked = redirect("Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n");
    let long = [redirect("Content-Length: 65536\r\n\r\n"), vec![b'x'; 65536]].concat();
    let encoded = redirect("Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nbody");
    for head in [short, chunked, long, encoded] {
        let (client, connector) = scripted([answers([head.as_slice(), OK])]);
        client.get("http://test.example/").send().unwrap();
        assert_eq!(requests(&connector), [2]);
    }
}

#[test]
fn a_body_that_is_not_worth_reading_costs_its_connection() {
    let huge = [redirect("Content-Length: 65537\r\n\r\n"), vec![b'x'; 65537]].concat();
    let endless = [
        redirect("Transfer-Encoding: chunked\r\n\r\n"),
        b"8000\r\n".to_vec(),
        vec![b'x'; 0x8000],
        b"\r\n".to_vec(),
    ]
    .concat();
    let chunks =
        [&endless[..], &endless[endless.len() - 0x8008..], &endless[endless.len() - 0x8008..]].concat();
    let late = redirect("Content-Length: 4\r\n\r\nbo");
    let open = redirect("\r\nbody");
    let malformed = redirect("Transfer-Encoding: chunked\r\n\r\n+4\r\nbody\r\n0\r\n\r\n");
    for head in [huge, chunks, late, open, malformed] {
        let (client, connector) = scripted([answers([head.as_slice()]), answers([OK])]);
        client.get("http://test.example/").send().unwrap();
        assert_eq!(requests(&connector), [1, 1]);
        assert!(connector.recorded()[0].is_closed);
    }
}

#[test]
fn a_redirect_whose_body_does_not_come_is_followed() {
    let server = Server::start(|request| match request.target() {
        "/end" => Reply::text(200, "there"),
        _ => Reply::raw(redirect("Content-Length: 4\r\n\r\n")).pause(Duration::from_secs(600)),
    });
    assert_eq!(Client::new().get(server.url("/")).send().unwrap().text().unwrap(), "there");
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_redirect_is_not_followed_before_its_head_has_ended() {
    let script =
        Script::new().then(Act::AwaitWrite).then(Act::Send(redirect("Set-Cookie: a=b\r\n"))).then(Act::End);
    let (client, connector) = scripted([script, answers([OK])]);
    client.get("http://test.example/").send().unwrap_err();
    assert_eq!(requests(&connector), [1]);
}

#[test]
fn the_total_time_is_for_all_hops_together() {
    let server = always(Reply::new(302).header("Location", "/again").pause(Duration::from_millis(50)));
    let request = Client::new().get(server.url("/")).redirects(RedirectPolicy::limited(10_000));
    let error = request.timeout(Duration::from_millis(300)).send().unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(server.received().len() > 1);
}

#[test]
fn a_file_is_sent_again_from_where_it_stood() {
    use io::{Seek, Write};
    let server = redirecting();
    let path = std::env::temp_dir().join(format!("httpkit-redirect-{}", std::process::id()));
    let mut file =
        std::fs::File::options().create(true).truncate(true).read(true).write(true).open(&path).unwrap();
    file.write_all(b"skip spam").unwrap();
    file.seek(io::SeekFrom::Start(5)).unwrap();
    let body = RequestBody::from_file(file).unwrap();
    Client::new().put(server.url("/307/end")).body(body).send().unwrap();
    std::fs::remove_file(path).unwrap();
    let bodies: Vec<Vec<u8>> = server.received().iter().map(|request| request.body().to_vec()).collect();
    assert_eq!(bodies, [b"spam", b"spam"]);
}
