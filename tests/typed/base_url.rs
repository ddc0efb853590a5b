//! The base URL: whose it is, and what is appended to it.

use httpkit::{Client, ErrorKind, Result, http_client, testing::Server};

use crate::{only_request, silent};

#[http_client]
trait Bare {
    #[get("/users{?page}")]
    fn users(&self, page: Option<u8>) -> Result<()>;

    #[get("/")]
    fn root(&self) -> Result<()>;
}

/// All of it is called with whole URLs.
#[http_client]
trait Anywhere {
    #[get]
    fn page(&self, #[url] url: &str, #[query] page: Option<u8>) -> Result<()>;

    #[cfg(any())]
    #[get("/users")]
    fn users(&self) -> Result<()>;
}

/// Some of it is.
#[http_client]
trait Mixed {
    #[get]
    fn page(&self, #[url] url: &str) -> Result<()>;

    #[get("/users")]
    fn users(&self) -> Result<()>;
}

/// Where nobody listens.
#[http_client(base = "http://127.0.0.1:1/trait")]
trait Based {
    #[get("/users")]
    fn users(&self) -> Result<()>;
}

fn client(server: &Server, path: &str) -> Client {
    Client::builder().base_url(server.url(path)).build().expect("the base URL is one")
}

#[test]
fn paths_are_appended_and_never_resolved() {
    for (base, users, root) in [
        ("", "/users", "/"),
        ("/", "/users", "/"),
        ("/api/v1", "/api/v1/users", "/api/v1/"),
        ("/api/v1/", "/api/v1/users", "/api/v1/"),
        ("/a b", "/a%20b/users", "/a%20b/"),
    ] {
        let server = silent();
        let bare = BareClient::builder().base(server.url(base)).build().unwrap();
        bare.users(None).unwrap();
        bare.root().unwrap();
        let targets: Vec<_> = server.received().iter().map(|request| request.target().to_owned()).collect();
        assert_eq!(targets, [users, root], "{base}");
    }
}

#[test]
fn builder_wins_over_client_over_trait() {
    let server = silent();
    BasedClient::builder()
        .client(client(&server, "/client"))
        .base(server.url("/builder"))
        .build()
        .unwrap()
        .users()
        .unwrap();
    BasedClient::builder().client(client(&server, "/client")).build().unwrap().users().unwrap();
    BasedClient::new(client(&server, "/client")).users().unwrap();
    let targets: Vec<_> = server.received().iter().map(|request| request.target().to_owned()).collect();
    assert_eq!(targets, ["/builder/users", "/client/users", "/client/users"]);

    let error = BasedClient::new(Client::new()).users().unwrap_err();
    assert_eq!(error.url().unwrap().as_str(), "http://127.0.0.1:1/trait/users");
}

#[test]
fn a_client_stays_as_it_was() {
    let server = silent();
    let client = client(&server, "/v1");
    BareClient::new(client.clone()).users(Some(1)).unwrap();
    client.get("/plain").send().unwrap();
    let targets: Vec<_> = server.received().iter().map(|request| request.target().to_owned()).collect();
    assert_eq!(targets, ["/v1/users?page=1", "/v1/plain"]);
}

#[test]
fn without_a_base_url_build_fails_and_each_call_of_new_does() {
    let error = BareClient::builder().build().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidUrl(_)));
    assert!(error.to_string().starts_with("Bare: invalid URL: no base URL"), "{error}");

    let error = BareClient::new(Client::new()).users(None).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidUrl(_)));
    assert!(error.to_string().starts_with("Bare::users: invalid URL: no base URL"), "{error}");
    assert!(!error.may_have_been_processed());
}

#[test]
fn a_base_url_is_needed_by_those_who_append_to_it() {
    let server = silent();
    let anywhere = AnywhereClient::builder().build().unwrap();
    anywhere.page(&server.url("/a?b=c"), Some(2)).unwrap();
    AnywhereClient::new(Client::new()).page(&server.url("/d"), None).unwrap();
    MixedClient::new(Client::new()).page(&server.url("/e")).unwrap();
    let targets: Vec<_> = server.received().iter().map(|request| request.target().to_owned()).collect();
    assert_eq!(targets, ["/a?b=c&page=2", "/d", "/e"]);

    for (error, start) in [
        (MixedClient::builder().build().unwrap_err(), "Mixed: invalid URL: no base URL"),
        (MixedClient::new(Client::new()).users().unwrap_err(), "Mixed::users: invalid URL: no base URL"),
        // They go to the origin of the base URL alone.
        (
            AnywhereClient::builder().bearer("s3cr3t").build().unwrap_err(),
            "Anywhere: invalid URL: no base URL",
        ),
        (anywhere.page("/users", None).unwrap_err(), "Anywhere::page: invalid URL: "),
    ] {
        assert!(matches!(error.kind(), ErrorKind::InvalidUrl(_)), "{error}");
        assert!(error.to_string().starts_with(start), "{error}");
    }
}

#[test]
fn a_faulty_base_url_shows_in_build() {
    for base in ["example.org", "ftp://example.org", "http://example.org/?a=b", "http://example.org/#top", ""]
    {
        let error = BareClient::builder().base(base).build().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidUrl(_)), "{base}: {error}");
        assert_eq!(error.endpoint(), Some("Bare"));
        let error = AnywhereClient::builder().base(base).build().unwrap_err();
        assert_eq!(error.endpoint(), Some("Anywhere"), "{base}: {error}");
    }
}

#[test]
fn credentials_of_the_base_url_are_sent_and_not_shown() {
    let server = silent();
    let base = server.url("").replace("http://", "http://user:hunter2@");
    let wiki = BareClient::builder().base(base).build().unwrap();
    wiki.users(None).unwrap();
    assert_eq!(only_request(&server).header("authorization").unwrap(), "Basic dXNlcjpodW50ZXIy");
    assert!(!format!("{wiki:?}").contains("hunter2"));
}
