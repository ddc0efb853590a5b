//! Functions around the exchanges of a client.

use std::{
    error::Error as _,
    fs::File,
    sync::{Arc, Mutex},
};

use httpkit::{
    Client, ErrorKind, HeaderValue, Method, RequestBody, StatusCode, Url,
    testing::{Reply, Server},
};

fn server() -> Server {
    Server::start(|request| Reply::new(200).header("X-Answer", "1").body(request.body()))
}

#[test]
fn functions_are_called_in_the_order_of_their_addition() {
    let log = Arc::new(Mutex::new(Vec::new()));
    let mut builder = Client::builder();
    for name in ["outer", "middle", "inner"] {
        let log = log.clone();
        builder = builder.middleware(move |mut request, next| {
            log.lock().unwrap().push(format!("{name} {}", request.method()));
            request.headers_mut().append("X-Seen", name)?;
            let response = next.run(request)?;
            log.lock().unwrap().push(format!("{name} {}", response.status().code()));
            Ok(response)
        });
    }
    let client = builder.build().unwrap();
    let server = server();
    // Clones and requests that were built go the same way.
    for client in [client.clone(), client] {
        log.lock().unwrap().clear();
        let request = client.post(server.url("/")).body("hello").build().unwrap();
        assert_eq!(client.execute(request).unwrap().text().unwrap(), "hello");
        let seen = log.lock().unwrap().join(", ");
        assert_eq!(seen, "outer POST, middle POST, inner POST, inner 200, middle 200, outer 200");
        let received = server.received().pop().unwrap();
        let names: Vec<_> = received.headers().get_all("x-seen").map(HeaderValue::to_str_lossy).collect();
        assert_eq!(names, ["outer", "middle", "inner"]);
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_function_may_lead_a_request_elsewhere() {
    let server = server();
    let elsewhere = Url::parse(&server.url("/elsewhere")).unwrap();
    let client = Client::builder()
        .middleware(move |mut request, next| {
            request.set_url(elsewhere.clone());
            next.run(request)
        })
        .build()
        .unwrap();
    let response = client.get("http://nowhere.invalid/").send().unwrap();
    assert_eq!(response.url().path(), "/elsewhere");
    assert_eq!(server.received()[0].target(), "/elsewhere");
}

#[test]
fn a_request_that_can_be_cloned_can_be_sent_several_times() {
    let client = Client::builder()
        .middleware(|request, next| {
            while let Some(clone) = request.try_clone() {
                if next.run(clone)?.status() == StatusCode::OK {
                    break;
                }
            }
            next.run(request)
        })
        .build()
        .unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let content = std::fs::read(path).unwrap();
    let rows = [
        (RequestBody::none(), &b""[..], 2),
        (RequestBody::from_bytes(&b"hello"[..]), b"hello", 2),
        (RequestBody::from_file(File::open(path).unwrap()).unwrap(), &content, 2),
        (RequestBody::from_sized_reader(&b"once"[..], 4), b"once", 1),
    ];
    for (body, content, times) in rows {
        let server = server();
        let response = client.put(server.url("/")).header("X-One", "1").body(body).send().unwrap();
        assert_eq!(response.bytes().unwrap(), content);
        let received = server.received();
        assert_eq!(received.len(), times);
        assert!(
            received.iter().all(|request| request.body() == content && request.headers().contains("x-one"))
        );
    }
}

#[test]
fn a_function_may_refuse_and_the_error_says_what() {
    let client = Client::builder()
        .middleware(|request, next| {
            if request.method() == &Method::DELETE {
                return Err(ErrorKind::Middleware("nothing is deleted today".into()).into());
            }
            next.run(request)
        })
        .build()
        .unwrap();
    let server = server();
    let error = client.delete(server.url("/a")).send().unwrap_err();
    assert_eq!(error.to_string(), format!("DELETE {}: refused by middleware", server.url("/a")));
    assert_eq!(error.source().unwrap().to_string(), "nothing is deleted today");
    assert!(server.received().is_empty());
    assert_eq!(client.get(server.url("/a")).send().unwrap().status(), StatusCode::OK);
}
