//! Pages that are linked with each other.

use std::sync::{Arc, OnceLock};

use httpkit::{
    ApiError, Client, ErrorKind, Pages, Response, Result, StatusCode, http_client,
    testing::{Received, Reply, Server},
};
use httpkit_tests::tls::{Authority, Then, TlsServer};
use rustls::version::TLS13;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Reason {
    detail: String,
}

#[derive(Debug, Deserialize)]
struct Found {
    items: Vec<u32>,
}

impl IntoIterator for Found {
    type Item = u32;
    type IntoIter = std::vec::IntoIter<u32>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

#[http_client(headers("x-version" = "1", "cookie" = "trait=1"))]
trait Api {
    #[get("/numbers{?page}")]
    fn numbers(&self, page: Option<u32>) -> Result<Pages<Vec<u32>>, ApiError<Reason>>;

    #[get("/numbers")]
    fn keyed(
        &self,
        #[header("x-key", secret)] key: &str,
        #[header("x-open")] open: &str,
        #[header("if-match")] tag: &str,
    ) -> Result<Pages<Vec<u32>>>;

    #[post("/search")]
    fn search(&self, #[json] query: &str) -> Result<Pages<Found>>;

    #[get]
    fn at(&self, #[url] url: &str, #[header("x-open")] open: &str) -> Result<Pages<Vec<u32>>>;
}

/// A page, and where the next one is.
fn page(items: &str, next: &str) -> Reply {
    Reply::json(200, items).header("link", &format!("<{next}>; rel=\"next\""))
}

fn last(items: &str) -> Reply {
    Reply::json(200, items)
}

fn api(server: &Server) -> ApiClient {
    ApiClient::builder().base(server.url("")).build().expect("the base URL is one")
}

/// The values that there are before the pages end, and the error that ends them.
fn walked(pages: Pages<Vec<u32>>) -> (Vec<u32>, Option<httpkit::Error>) {
    let mut numbers = Vec::new();
    let mut items = pages.items();
    while let Some(item) = items.next() {
        match item {
            Ok(number) => numbers.push(number),
            Err(error) => {
                assert!(items.next().is_none(), "something follows {error}");
                return (numbers, Some(error));
            }
        }
    }
    (numbers, None)
}

fn targets(server: &Server) -> Vec<String> {
    server.received().iter().map(|request| format!("{} {}", request.method(), request.target())).collect()
}

fn has(request: &Received, name: &str) -> bool {
    request.headers().contains(name)
}

#[test]
fn pages_follow_one_another_by_their_links() {
    let server = Server::start(|request| match request.target() {
        "/numbers" => page("[1, 2]", "/numbers?page=2#top").header("x-total", "5"),
        "/numbers?page=2" => page("[]", "?page=3"),
        "/numbers?page=3" => page("[3]", "other/"),
        "/other/" => last("[4, 5]").header("link", "<?page=1>; rel=prev"),
        target => Reply::text(500, target),
    });
    assert_eq!(
        api(&server).numbers(None).unwrap().items().collect::<Result<Vec<_>>>().unwrap(),
        [1, 2, 3, 4, 5]
    );
    assert_eq!(
        targets(&server),
        ["GET /numbers", "GET /numbers?page=2", "GET /numbers?page=3", "GET /other/"]
    );
    assert_eq!(server.connections(), 1);

    let pages: Vec<Response<Vec<u32>>> = api(&server).numbers(None).unwrap().map(Result::unwrap).collect();
    assert_eq!(pages.iter().map(Response::value).collect::<Vec<_>>(), [&[1, 2][..], &[], &[3], &[4, 5]]);
    assert_eq!(pages[0].header("x-total").unwrap(), "5");
    assert_eq!(pages[1].url().as_str(), server.url("/numbers?page=2#top"));
}

#[test]
fn a_page_is_asked_for_when_it_is_wanted() {
    let server = Server::start(|request| match request.target() {
        "/numbers" => page("[1, 2]", "/numbers?page=2"),
        _ => last("[3]"),
    });
    let mut items = api(&server).numbers(None).unwrap().items();
    for (number, requests) in [(1, 1), (2, 1), (3, 2)] {
        assert_eq!(items.next().unwrap().unwrap(), number);
        assert_eq!(server.received().len(), requests);
    }
    assert!(items.next().is_none() && items.next().is_none());

    let server = Server::start(|_| page("[1]", "?page=2"));
    assert_eq!(api(&server).numbers(None).unwrap().take(1).count(), 1);
    assert_eq!(server.received().len(), 1);
}

#[test]
fn every_page_is_asked_for_with_the_headers_of_the_call() {
    let server = Server::start(|request| match request.target() {
        "/numbers" => page("[1]", "/numbers?page=2"),
        _ => last("[2]"),
    });
    let client = Client::builder().default_header("X-Default", "d").build().unwrap();
    let builder = ApiClient::builder().base(server.url("")).client(client);
    let api = builder.bearer("token").header("x-custom", "c").build().unwrap();
    assert_eq!(api.keyed("k", "o", "\"1\"").unwrap().items().count(), 2);
    let received = server.received();
    let fields = |request: &Received| {
        request.headers().iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>()
    };
    assert_eq!(fields(&received[0]), fields(&received[1]));
    for name in ["authorization", "x-key", "x-open", "x-custom", "x-default", "x-version", "cookie"] {
        assert!(has(&received[1], name), "{name}");
    }
    assert_eq!(received[1].header("accept").unwrap(), "application/json");
}

#[test]
fn user_info_of_the_base_url_goes_along() {
    let server = Server::start(|request| match request.target() {
        "/numbers" => page(
            "[1]",
            "http://eve:x@HOST/numbers?page=2"
                .replace("HOST", &request.header("host").unwrap().to_string())
                .as_str(),
        ),
        _ => last("[2]"),
    });
    let base = server.url("").replace("://", "://user:pass@");
    let api = ApiClient::builder().base(base).build().unwrap();
    assert_eq!(api.numbers(None).unwrap().items().count(), 2);
    for request in server.received() {
        assert_eq!(request.header("authorization").unwrap(), "Basic dXNlcjpwYXNz");
    }
}

#[test]
fn pages_behind_a_post_are_got() {
    let server = Server::start(|request| match request.target() {
        "/search" => page(r#"{"items": [1]}"#, "/search?cursor=2"),
        _ => last(r#"{"items": [2]}"#),
    });
    assert_eq!(api(&server).search("x").unwrap().items().map(Result::unwrap).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(targets(&server), ["POST /search", "GET /search?cursor=2"]);
    let second = &server.received()[1];
    assert!(!has(second, "content-type") && !has(second, "content-length") && second.body().is_empty());
}

/// A service whose second page is a stranger's, whose next one is the service's again.
fn service_and_stranger(second: impl Fn(&str) -> Reply + Send + Sync + 'static) -> (Server, Server) {
    let strangers_url = Arc::new(OnceLock::<String>::new());
    let url = strangers_url.clone();
    let service = Server::start(move |request| match request.target() {
        "/numbers" | "/" => second(url.get().expect("it is set before the first request")),
        _ => last("[3]"),
    });
    let back = service.url("/numbers?page=3");
    let stranger = Server::start(move |_| page("[2]", &back));
    strangers_url.set(stranger.url("/numbers?page=2")).expect("it is set once");
    (service, stranger)
}

#[test]
fn another_origin_gets_no_credentials_and_none_come_back() {
    type Second = fn(&str) -> Reply;
    let by_link: Second = |url| page("[1]", url);
    let by_redirect: Second = |url| Reply::new(302).header("location", url);
    for (second, numbers) in [(by_link, &[1, 2, 3][..]), (by_redirect, &[2, 3])] {
        let (service, stranger) = service_and_stranger(second);
        let client =
            Client::builder().default_header("X-Default", "d").base_url(service.url("")).build().unwrap();
        let builder = ApiClient::builder().client(client).bearer("token").header("x-custom", "c");
        let pages = builder.build().unwrap().keyed("k", "o", "\"1\"").unwrap();
        assert_eq!(walked(pages).0, numbers);
        for request in [&stranger.received()[0], &service.received()[1]] {
            for (name, _) in request.headers() {
                let name = name.to_ascii_lowercase();
                let is_known =
                    ["host", "user-agent", "accept", "accept-encoding", "if-match"].contains(&name.as_str());
                assert!(is_known, "{name} is sent");
            }
            assert_eq!(request.header("accept").unwrap(), "application/json");
        }
    }
}

#[test]
fn a_call_to_another_origin_stays_without_credentials() {
    let (service, stranger) = service_and_stranger(|url| page("[1]", url));
    let api = ApiClient::builder().base(stranger.url("")).bearer("token").build().unwrap();
    // The call leads to `service`, which is foreign to this client; the next page is of the client's own origin.
    assert_eq!(walked(api.at(&service.url("/"), "o").unwrap()).0, [1, 2, 3]);
    for request in service.received().iter().chain(&stranger.received()) {
        assert!(!has(request, "authorization"), "{request:?}");
    }
    assert!(!has(&service.received()[0], "x-open"));
}

#[test]
fn a_link_that_leads_round_is_an_error_behind_the_pages() {
    for (links, numbers) in [
        (["/numbers", "", ""], &[1][..]),
        (["/numbers#again", "", ""], &[1]),
        (["?page=2", "/numbers", ""], &[1, 2]),
        (["?page=2", "?page=3", "?page=2"], &[1, 2, 3]),
        (["?page=2", "http://user@HOST/numbers?page=2", ""], &[1, 2]),
    ] {
        let server = Server::start(move |request| {
            let number = match request.target() {
                "/numbers" => 1,
                "/numbers?page=2" => 2,
                _ => 3,
            };
            let host = request.header("host").unwrap().to_string();
            page(&format!("[{number}]"), &links[number - 1].replace("HOST", &host))
        });
        let (walked, error) = walked(api(&server).numbers(None).unwrap());
        assert_eq!(walked, numbers);
        let error = error.unwrap();
        let ErrorKind::BadLink(violation) = error.kind() else { panic!("{error}") };
        assert_eq!(violation.rule(), "a link to the next page leads to none that has been read already");
        assert_eq!((error.endpoint(), server.received().len()), (Some("Api::numbers"), numbers.len()));
    }
}

#[test]
fn pages_have_a_limit() {
    let endless = || {
        Server::start(|request| {
            let number = request.target().rsplit('=').next().and_then(|page| page.parse().ok()).unwrap_or(1);
            page(&format!("[{number}]"), &format!("?page={}", number + 1))
        })
    };
    for limit in [1, 2, 5] {
        let server = endless();
        let (numbers, error) = walked(api(&server).numbers(None).unwrap().max_pages(limit));
        assert_eq!((numbers.len(), server.received().len()), (limit, limit));
        let text = error.unwrap().to_string();
        assert!(text.contains(&format!("exceeds {limit} page")), "{text}");
    }
    let server = endless();
    assert_eq!(api(&server).numbers(None).unwrap().max_pages(3).take(3).filter_map(Result::ok).count(), 3);
}

#[test]
fn a_link_that_cannot_be_followed_is_an_error_behind_its_page() {
    for link in [
        "ftp://example.org/",
        "<?page=2; rel=next",
        "?page=2",
        "<http://127.1/>; rel=next",
        "<http://h\\x/>; rel=next",
    ] {
        let value = if link.starts_with('f') { format!("<{link}>; rel=next") } else { link.to_owned() };
        let server = Server::start(move |_| last("[1]").header("link", &value));
        let (numbers, error) = walked(api(&server).numbers(None).unwrap());
        let error = error.unwrap();
        assert!(matches!(error.kind(), ErrorKind::BadLink(_)), "{error}");
        assert_eq!((numbers, error.endpoint()), (vec![1], Some("Api::numbers")));
        assert_eq!(error.url().unwrap().as_str(), server.url("/numbers"));
    }
}

#[test]
fn a_title_that_is_not_utf_8_hides_no_link() {
    let server = Server::start(|request| {
        match request.target() {
        "/numbers" => Reply::raw(
            &b"HTTP/1.1 200 OK\r\nLink: <?q=\xe9>; title=\"caf\xe9\"; rel=next\r\nContent-Length: 3\r\n\r\n[1]"[..],
        ),
        _ => last("[2]"),
    }
    });
    assert_eq!(walked(api(&server).numbers(None).unwrap()).0, [1, 2]);
    assert_eq!(targets(&server)[1], "GET /numbers?q=%E9");
}

#[test]
fn a_link_from_https_to_http_is_not_followed() {
    let authority = Authority::new();
    let config = authority.issue("127.0.0.1").server(&[&TLS13]);
    let server = TlsServer::start(config, Then::Silence, |_| page("[1]", "http://localhost/numbers?page=2"));
    let api = ApiClient::builder().client(authority.client()).base(server.url("")).build().unwrap();
    let (numbers, error) = walked(api.numbers(None).unwrap());
    assert_eq!(numbers, [1]);
    assert!(error.unwrap().to_string().contains("from https to http"));
}

#[test]
fn what_is_wrong_with_the_first_page_is_the_error_of_the_call() {
    let server = Server::start(|_| Reply::json(422, r#"{"detail": "no"}"#));
    let error = api(&server).numbers(Some(7)).unwrap_err();
    assert_eq!(error.body().unwrap().detail, "no");
    assert_eq!(error.error().endpoint(), Some("Api::numbers"));

    let server = Server::start(|_| page("{}", "?page=2"));
    let error = api(&server).numbers(None).unwrap_err();
    assert!(matches!(error.error().kind(), ErrorKind::Json { .. }), "{error}");
}

#[test]
fn what_is_wrong_with_another_page_ends_the_pages() {
    for (second, status) in
        [(Reply::json(503, "[2]"), StatusCode::ServiceUnavailable), (page("[-2]", "?page=3"), StatusCode::OK)]
    {
        let server = Server::start(move |request| match request.target() {
            "/numbers" => page("[1]", "?page=2"),
            _ => second.clone(),
        });
        let (numbers, error) = walked(api(&server).numbers(None).unwrap());
        let error = error.unwrap();
        assert_eq!(
            (numbers, error.status(), error.endpoint()),
            (vec![1], Some(status), Some("Api::numbers"))
        );
        assert_eq!(error.url().unwrap().as_str(), server.url("/numbers?page=2"));
        assert_eq!(server.received().len(), 2);
    }
}

#[test]
fn pages_show_no_secrets() {
    let server = Server::start(|_| page("[1]", "?token=s3cr3t"));
    let pages = api(&server).keyed("s3cr3t", "o", "\"1\"").unwrap();
    assert_eq!(format!("{pages:?}"), "Pages { visited: 1, limit: 10000, .. }");
}
