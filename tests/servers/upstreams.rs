//! What becomes of the answers of servers behind nginx.

use std::{net::TcpListener, time::Duration};

use httpkit::{
    ErrorKind,
    testing::{Reply, Server},
};

use crate::{counted::Counted, programs::nginx};

/// Longer than any test lasts.
const LONG: Duration = Duration::from_secs(60);

/// An answer that is split into pieces by pauses, so that nginx sees each for itself.
const PIECE: Duration = Duration::from_millis(20);

#[test]
fn answers_of_http_1_0_come_through_and_leave_the_connection() {
    let server = Server::start(|_| {
        Reply::raw("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nspam")
            .pause(PIECE)
            .send(" eggs")
            .close()
    });
    for version in ["1.0", "1.1"] {
        let proxied =
            format!("location / {{ proxy_pass {}; proxy_http_version {version}; }}", server.url(""));
        let Some(nginx) = nginx(&proxied) else { return };
        let counted = Counted::new();
        for _ in 0..3 {
            assert_eq!(counted.text(&nginx.url("/")), "spam eggs", "{version}");
        }
        assert_eq!(counted.opened(), 1, "{version}");
        let spoken = server.received().pop().unwrap().version();
        assert_eq!(spoken.to_string(), format!("HTTP/{version}"));
    }
}

#[test]
fn an_answer_that_breaks_behind_the_proxy_is_not_whole() {
    for (name, reply) in [
        ("length", Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nspam")),
        ("chunks", Reply::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nspam\r\n")),
    ] {
        let server = Server::start(move |_| reply.clone().pause(PIECE).close());
        for buffering in ["on", "off"] {
            let proxied = format!(
                "location / {{ proxy_pass {}; proxy_http_version 1.1; proxy_buffering {buffering}; }}",
                server.url("")
            );
            let Some(nginx) = nginx(&proxied) else { return };
            let counted = Counted::new();
            let error = counted.get(&nginx.url("/")).bytes().unwrap_err();
            assert!(
                matches!(error.kind(), ErrorKind::IncompleteRead { .. }),
                "{name}, {buffering}: {error:?}"
            );
        }
    }
}

#[test]
fn pages_of_errors_are_responses() {
    let silent = Server::start(|_| Reply::raw("").pause(LONG));
    let broken = Server::start(|_| Reply::raw("").close());
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let directives = format!(
        "error_page 403 /page; location = /page {{ internal; return 403 \"a page of their own\"; }}\n\
         location /silent {{ proxy_pass {}; proxy_read_timeout 50ms; }}\n\
         location /broken {{ proxy_pass {}; }}\nlocation /nobody {{ proxy_pass http://{nobody}; }}\n\
         location /denied {{ deny all; }}\nlocation /teapot {{ return 418 \"short and stout\"; }}\n\
         location /empty {{ return 204; }}\nlocation /fault {{ return 500; }}",
        silent.url(""),
        broken.url("")
    );
    let Some(nginx) = nginx(&directives) else { return };
    let counted = Counted::new();
    for (path, status, text) in [
        ("/missing", 404, "404 Not Found"),
        ("/denied", 403, "a page of their own"),
        ("/teapot", 418, "short and stout"),
        ("/empty", 204, ""),
        ("/nobody", 502, "502 Bad Gateway"),
        ("/broken", 502, "502 Bad Gateway"),
        ("/silent", 504, "504 Gateway Time-out"),
        // The last one, since nginx ends the connection behind it.
        ("/fault", 500, "500 Internal Server Error"),
    ] {
        let response = counted.get(&nginx.url(path));
        assert_eq!(response.status(), status, "{path}");
        let body = response.text().unwrap();
        assert!(body.contains(text), "{path}: {body}");
    }
    assert_eq!(counted.opened(), 1);
}

#[test]
fn the_status_of_a_page_is_an_error_for_who_asks() {
    let Some(nginx) = nginx("") else { return };
    let error = Counted::new().get(&nginx.url("/missing")).error_for_status().unwrap_err();
    let ErrorKind::Status(snapshot) = error.kind() else { panic!("{error:?}") };
    assert_eq!(snapshot.status(), 404);
    assert!(snapshot.body().starts_with(b"<html>"), "{error}");
}
