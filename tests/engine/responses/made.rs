//! Responses that a function makes, in place of a server.

use std::{
    collections::HashMap,
    io::{BufRead, Read},
    sync::Mutex,
};

use httpkit::{
    Client, ErrorKind, Headers, Response, ResponseBuilder, StatusCode, Version,
    testing::{Reply, Server},
};

const URL: &str = "http://nowhere.invalid/menu?day=monday";

/// What makes a response of its beginning.
type Make = fn(ResponseBuilder) -> ResponseBuilder;

/// What a cache keeps.
type Stored = HashMap<String, (StatusCode, Headers, Vec<u8>)>;

/// A client that is answered without a server.
fn answered(make: impl Fn(ResponseBuilder) -> ResponseBuilder + Send + Sync + 'static) -> Client {
    answered_with(StatusCode::OK, make)
}

fn answered_with(
    status: StatusCode,
    make: impl Fn(ResponseBuilder) -> ResponseBuilder + Send + Sync + 'static,
) -> Client {
    let answer = move |request: httpkit::Request<'_>, _: httpkit::Next<'_>| {
        make(Response::builder(&request, status)).build()
    };
    Client::builder().middleware(answer).build().unwrap()
}

#[test]
fn a_made_response_is_as_one_that_was_received() {
    let server = Server::start(|_| Reply::json(203, "\"spam\""));
    let received = Client::new().get(server.url("/menu")).send().unwrap();
    let client = answered_with(StatusCode::NonAuthoritativeInformation, |response| {
        response.header("Content-Type", "application/json").body("\"spam\"")
    });
    let made = client.get(server.url("/menu")).send().unwrap();
    for response in [&received, &made] {
        assert_eq!(response.status(), StatusCode::NON_AUTHORITATIVE_INFORMATION);
        assert_eq!((response.version(), response.attempts()), (Version::Http11, 1));
        assert_eq!(response.reason(), "Non-Authoritative Information");
        assert_eq!((response.content_length(), response.is_decoded()), (Some(6), false));
        assert_eq!(response.url().as_str(), server.url("/menu"));
        let names: Vec<_> = response.headers().iter().map(|(name, _)| name.to_owned()).collect();
        assert_eq!(names, ["Content-Type", "Content-Length"]);
        assert!(response.history().is_empty() && response.trailers().is_empty());
    }
    assert_eq!(made.remote_addr(), None);
    assert_eq!(received.json::<String>().unwrap(), made.json::<String>().unwrap());
    assert_eq!(server.received().len(), 1);
}

#[test]
fn each_way_of_reading_gives_the_content() {
    /// Reads a body to its end.
    type Way = fn(Response) -> Vec<u8>;

    let content: Vec<u8> = (0..100_000_u32).map(|number| b'a' + (number % 26) as u8).collect();
    let client = answered({
        let content = content.clone();
        move |response| response.body(&content[..])
    });
    let ways: [Way; 6] = [
        |response| response.bytes().unwrap(),
        |response| response.text().unwrap().into_bytes(),
        |mut response| {
            let mut read = Vec::new();
            response.read_to_end(&mut read).unwrap();
            // The end is the end.
            assert_eq!(response.read(&mut [0; 10]).unwrap(), 0);
            assert!(response.fill_buf().unwrap().is_empty());
            read
        },
        |mut response| {
            let mut read = Vec::new();
            response.copy_to(&mut read).unwrap();
            read
        },
        |mut response| {
            let mut start = vec![0; 10];
            response.read_exact(&mut start).unwrap();
            response.consume(0);
            [start, response.bytes().unwrap()].concat()
        },
        |response| {
            let mut parts =
                response.split(b'z').map(|part| [&part.unwrap()[..], b"z"].concat()).collect::<Vec<_>>();
            // The last one has no end.
            parts.last_mut().unwrap().pop();
            parts.concat()
        },
    ];
    for (number, read) in ways.into_iter().enumerate() {
        assert!(read(client.get(URL).send().unwrap()) == content, "{number}");
    }
    client.get(URL).send().unwrap().drain();
}

#[test]
fn a_made_status_can_be_an_error() {
    let client = answered_with(StatusCode::NotFound, |response| {
        response.header("X-Why", "sold out").body(vec![b'x'; 70_000])
    });
    let error = client.get(URL).send().unwrap().error_for_status().unwrap_err();
    assert_eq!((error.method().unwrap().as_str(), error.url().unwrap().as_str()), ("GET", URL));
    let ErrorKind::Status(snapshot) = error.kind() else { panic!("{error:?}") };
    assert_eq!(snapshot.status(), StatusCode::NOT_FOUND);
    assert!(snapshot.headers().contains("x-why"));
    assert_eq!((snapshot.body().len(), snapshot.is_truncated()), (64 * 1024, true));
}

#[test]
fn the_length_is_announced_where_a_server_would() {
    let spam = |response: ResponseBuilder| response.body("spam");
    let rows: [(&str, StatusCode, Make, Option<u64>, &str); 7] = [
        ("GET", StatusCode::OK, spam, Some(4), "spam"),
        ("GET", StatusCode::OK, |response| response, Some(0), ""),
        (
            "GET",
            StatusCode::OK,
            |response| response.body("spam").header("content-length", "7"),
            Some(7),
            "spam",
        ),
        (
            "GET",
            StatusCode::OK,
            |response| response.body("spam").header("Transfer-Encoding", "chunked"),
            None,
            "spam",
        ),
        ("HEAD", StatusCode::OK, spam, Some(4), ""),
        ("GET", StatusCode::NO_CONTENT, spam, None, ""),
        ("GET", StatusCode::NOT_MODIFIED, spam, Some(4), ""),
    ];
    for (method, status, make, length, content) in rows {
        let client = answered_with(status, make);
        let response = client.request(method.parse().unwrap(), URL).send().unwrap();
        assert_eq!(response.content_length(), length, "{method} {status}");
        assert_eq!(response.text().unwrap(), content, "{method} {status}");
    }
}

#[test]
fn headers_are_set_added_and_replaced() {
    let client = answered(|response| {
        let mut headers = Headers::new();
        headers.append("X-Kept", "1").unwrap();
        response
            .header("X-Gone", "1")
            .headers(headers)
            .append_header("X-Kept", "2")
            .header("Set-Cookie", "a=1")
            .header("set-cookie", "b=2")
    });
    let response = client.get(URL).send().unwrap();
    let fields: Vec<_> =
        response.headers().iter().map(|(name, value)| format!("{name}: {}", value.to_str_lossy())).collect();
    assert_eq!(fields, ["X-Kept: 1", "X-Kept: 2", "set-cookie: b=2", "Content-Length: 0"]);
}

#[test]
fn a_header_that_cannot_be_is_refused() {
    for (name, value) in [("", "1"), ("X Y", "1"), ("X", "a\r\nY: b"), ("X", "\0")] {
        let set = answered(move |response| response.header(name, value).header("Fine", "1"));
        let added = answered(move |response| response.append_header(name, value).append_header("Fine", "1"));
        for client in [set, added] {
            let error = client.get(URL).send().unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::InvalidRequest(_)), "{error}");
            assert_eq!(error.url().unwrap().as_str(), URL);
        }
    }
}

#[test]
fn content_codings_are_left_as_they_are() {
    let client = answered(|response| response.header("Content-Encoding", "gzip").body("plain"));
    let response = client.get(URL).send().unwrap();
    assert_eq!((response.is_decoded(), response.content_coding().as_deref()), (false, Some("gzip")));
    assert_eq!(response.text().unwrap(), "plain");
}

#[test]
fn a_function_can_be_a_cache() {
    let server = Server::start(|request| Reply::text(200, request.target()).header("ETag", "\"1\""));
    let stored: Mutex<Stored> = Mutex::default();
    let client = Client::builder()
        .middleware(move |request, next| {
            let url = request.url().to_string();
            if let Some((status, headers, content)) = stored.lock().unwrap().get(&url) {
                return Response::builder(&request, *status)
                    .headers(headers.clone())
                    .body(&content[..])
                    .build();
            }
            let clone = request.try_clone().expect("a GET has no content");
            let response = next.run(clone)?;
            let (status, headers) = (response.status(), response.headers().clone());
            let content = response.bytes()?;
            stored.lock().unwrap().insert(url, (status, headers.clone(), content.clone()));
            Response::builder(&request, status).headers(headers).body(content).build()
        })
        .build()
        .unwrap();
    for path in ["/a", "/b", "/a", "/b", "/a"] {
        let response = client.get(server.url(path)).send().unwrap();
        assert_eq!(response.header("etag").unwrap(), "\"1\"");
        assert_eq!(response.content_length(), Some(2));
        assert_eq!(response.text().unwrap(), path);
    }
    assert_eq!(server.received().len(), 2);
}
