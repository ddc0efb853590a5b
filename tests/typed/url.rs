//! URLs that a call brings along.

use httpkit::{ErrorKind, Result, Url, http_client, testing::Server};

use crate::{only_request, silent};

#[http_client(headers("x-version" = "1", "cookie" = "trait=1"))]
trait Api {
    #[get]
    fn next(&self, #[url] url: &str) -> Result<()>;

    #[http("PURGE")]
    fn purge(&self, #[url] url: Url, #[query] page: Option<u32>, #[flag] all: bool) -> Result<()>;

    #[post]
    fn keys(
        &self,
        #[url] url: &str,
        #[header("x-key", secret)] key: &str,
        #[header("x-open")] open: &str,
        #[header("x-api-key")] api_key: &str,
        #[bearer] token: &str,
        #[json] body: &[u8],
    ) -> Result<()>;

    #[get]
    fn basic(&self, #[url] url: String, #[basic] credentials: (&str, &str)) -> Result<()>;
}

fn client(base: &str) -> ApiClient {
    let builder = ApiClient::builder().base(base).bearer("builder").header("x-custom", "builder");
    builder.build().expect("the settings are valid")
}

fn header(server: &Server, name: &str) -> Option<String> {
    only_request(server).header(name).map(|value| value.to_string())
}

#[test]
fn urls_are_taken_whole_and_queries_appended() {
    type Case = (fn(&ApiClient, String) -> Result<()>, &'static str, &'static str);
    let cases: [Case; 5] = [
        (|api, url| api.next(&url), "/a b?page=2#top", "GET /a%20b?page=2"),
        (|api, url| api.next(&url), "", "GET /"),
        (|api, url| api.purge(Url::parse(&url)?, Some(3), true), "/x?a=1#top", "PURGE /x?a=1&page=3&all"),
        (|api, url| api.purge(Url::parse(&url)?, None, true), "/x", "PURGE /x?all"),
        (|api, url| api.keys(&url, "k", "o", "a", "t", b""), "/../x", "POST /x"),
    ];
    for (call, path, line) in cases {
        let server = silent();
        call(&client(&server.url("/v1")), server.url("") + path).unwrap();
        let request = only_request(&server);
        assert_eq!(format!("{} {}", request.method(), request.target()), line);
    }
}

#[test]
fn the_same_origin_gets_credentials() {
    let server = silent();
    client(&server.url("/v1")).keys(&server.url("/other"), "k", "o", "a", "t", b"").unwrap();
    for (name, value) in [
        ("authorization", "Bearer t"),
        ("x-key", "k"),
        ("x-api-key", "a"),
        ("x-custom", "builder"),
        ("cookie", "trait=1"),
    ] {
        assert_eq!(header(&server, name).as_deref(), Some(value), "{name}");
    }
}

#[test]
fn another_origin_gets_no_credentials() {
    let (service, stranger) = (silent(), silent());
    client(&service.url("")).keys(&stranger.url("/"), "k", "o", "a", "t", b"7").unwrap();
    for name in ["authorization", "x-key", "x-api-key", "x-custom", "cookie", "x-version", "x-open"] {
        assert_eq!(header(&stranger, name), None, "{name}");
    }
    assert_eq!(header(&stranger, "content-type").as_deref(), Some("application/json"));
    assert!(service.received().is_empty());

    let stranger = silent();
    client(&service.url("")).basic(stranger.url("/"), ("user", "pass")).unwrap();
    assert_eq!(header(&stranger, "authorization"), None);
}

#[test]
fn another_origin_gets_no_headers_of_the_client() {
    let client =
        || httpkit::Client::builder().default_header("X-Api-Key", "k").default_header("X-Token", "t");
    let (service, stranger) = (silent(), silent());
    let api = ApiClient::builder().base(service.url("")).client(client().build().unwrap()).build().unwrap();
    api.next(&service.url("/")).unwrap();
    assert_eq!(header(&service, "x-token").as_deref(), Some("t"));
    api.next(&stranger.url("/")).unwrap();
    for name in ["x-api-key", "x-token"] {
        assert_eq!(header(&stranger, name), None, "{name}");
    }
    assert_eq!(header(&stranger, "accept").as_deref(), Some("*/*"));

    // Also where the client is asked itself, if it has a base URL.
    let (service, stranger) = (silent(), silent());
    let client =
        client().base_url(service.url("/v1")).default_header("Host", "service.example").build().unwrap();
    client.get("/x").send().unwrap();
    client.get(stranger.url("/")).send().unwrap();
    assert_eq!(header(&service, "x-token").as_deref(), Some("t"));
    assert_eq!(header(&service, "host").as_deref(), Some("service.example"));
    assert_eq!(header(&stranger, "x-token"), None);
    assert_eq!(header(&stranger, "host"), stranger.url("").strip_prefix("http://").map(str::to_owned));
}

#[test]
fn another_port_or_host_is_another_origin() {
    let server = silent();
    for base in ["http://127.0.0.1:1", "https://127.0.0.1", "http://localhost"] {
        client(base).next(&server.url("/")).unwrap();
    }
    assert!(server.received().iter().all(|request| request.header("authorization").is_none()));
}

#[test]
fn user_info_of_the_url_is_sent_where_it_leads() {
    let server = silent();
    let url = server.url("/").replacen("//", "//user:pass@", 1);
    client("http://127.0.0.1:1").next(&url).unwrap();
    assert_eq!(header(&server, "authorization").as_deref(), Some("Basic dXNlcjpwYXNz"));
}

#[test]
fn relative_urls_are_refused_before_anything_is_sent() {
    let server = silent();
    for url in ["/next", "next", "//host/next", "ftp://host/", ""] {
        let error = client(&server.url("")).next(url).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidUrl(_)), "{error}");
        assert_eq!(error.endpoint(), Some("Api::next"));
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn endpoints_show_the_parameter_as_a_template() {
    let shown: Vec<_> = ApiClient::ENDPOINTS.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["GET {+url}", "PURGE {+url}", "POST {+url}", "GET {+url}"]);
}
