//! Variables of the path, as they arrive on the request line.

use httpkit::{ErrorKind, Result, http_client};

use crate::{only_request, silent};

#[http_client]
trait Api {
    #[get("/users/{id}")]
    fn segment(&self, id: &str) -> Result<()>;

    #[get("/{owner}/v{major}.{minor}/{owner}.json")]
    fn parts(&self, owner: &str, major: u8, minor: u8) -> Result<()>;

    #[get("/files/{+path}")]
    fn reserved(&self, path: &str) -> Result<()>;

    #[get("/objects/{*key}")]
    fn key(&self, key: &str) -> Result<()>;

    #[get("/files{/path*}/meta")]
    fn segments(&self, path: &[&str]) -> Result<()>;

    #[get("/files{/name}")]
    fn optional(&self, name: Option<&str>) -> Result<()>;

    #[get("/a/{x}{+y}/z")]
    fn joined(&self, x: &str, y: &str) -> Result<()>;

    #[get("/{{x}}")]
    fn braces(&self) -> Result<()>;

    #[get("/{id}")]
    fn renamed(&self, #[path("id")] number: u64) -> Result<()>;
}

/// A method to call, and the target that arrives.
type Case = (fn(&ApiClient) -> Result<()>, &'static str);

const ARRIVING: &[Case] = &[
    (|api| api.segment("7"), "/users/7"),
    (|api| api.segment("a-._~Z"), "/users/a-._~Z"),
    (|api| api.segment("a/b c?d#e%2e"), "/users/a%2Fb%20c%3Fd%23e%252e"),
    (|api| api.segment("ü\r\n"), "/users/%C3%BC%0D%0A"),
    (|api| api.segment("..."), "/users/..."),
    (|api| api.parts("me", 1, 20), "/me/v1.20/me.json"),
    (|api| api.reserved("a/b;v=1,c d"), "/files/a/b;v=1,c%20d"),
    (|api| api.reserved("a%2Fb?c#d"), "/files/a%2Fb%3Fc%23d"),
    (|api| api.reserved(""), "/files/"),
    (|api| api.key("a/b c"), "/objects/a/b%20c"),
    (|api| api.key("with%20space/a%2Fb"), "/objects/with%2520space/a%252Fb"),
    (|api| api.key("/a//b/?c#d"), "/objects//a//b/%3Fc%23d"),
    (|api| api.segments(&["a", "b/c"]), "/files/a/b%2Fc/meta"),
    (|api| api.segments(&[]), "/files/meta"),
    (|api| api.optional(Some("a")), "/files/a"),
    (|api| api.optional(None), "/files"),
    (|api| api.joined("b", "c/d"), "/a/bc/d/z"),
    (|api| api.braces(), "/%7Bx%7D"),
    (|api| api.renamed(u64::MAX), "/18446744073709551615"),
];

#[test]
fn values_arrive_encoded_and_in_place() {
    for (call, target) in ARRIVING {
        let server = silent();
        let api = ApiClient::builder().base(server.url("")).build().unwrap();
        call(&api).unwrap();
        let request = only_request(&server);
        assert_eq!((request.method(), request.target()), ("GET", *target));
    }
}

/// A method to call, and the parameter to blame.
const REFUSED: &[Case] = &[
    (|api| api.segment(""), "id"),
    (|api| api.segment("."), "id"),
    (|api| api.segment(".."), "id"),
    (|api| api.parts("", 1, 2), "owner"),
    (|api| api.reserved("../secret"), "path"),
    (|api| api.key("../secret"), "key"),
    (|api| api.key("a/."), "key"),
    (|api| api.reserved("a/./b"), "path"),
    (|api| api.reserved("a/%2e%2E/b"), "path"),
    (|api| api.reserved(".%2e"), "path"),
    (|api| api.reserved("a\r\nb"), "path"),
    (|api| api.segments(&["a", ".."]), "path"),
    (|api| api.segments(&[""]), "path"),
    (|api| api.optional(Some(".")), "name"),
];

#[test]
fn values_that_lead_elsewhere_are_refused_before_anything_is_sent() {
    let server = silent();
    let api = ApiClient::builder().base(server.url("")).build().unwrap();
    for (call, parameter) in REFUSED {
        let error = call(&api).unwrap_err();
        let ErrorKind::Parameter { name, .. } = error.kind() else { panic!("{error}") };
        assert_eq!(name, parameter);
        assert!(!error.may_have_been_processed() && !error.is_retryable());
        assert!(error.endpoint().is_some_and(|endpoint| endpoint.starts_with("Api::")));
        assert!(error.method().is_some_and(|method| *method == "GET"));
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn dot_segments_that_come_of_two_values_are_refused() {
    #[http_client]
    trait Odd {
        #[get("/a/.{+x}/b")]
        fn joined(&self, x: &str) -> Result<()>;
    }

    let server = silent();
    let odd = OddClient::builder().base(server.url("")).build().unwrap();
    let error = odd.joined("").unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidUrl(_)), "{error}");
    assert!(!error.may_have_been_processed());
    odd.joined("git").unwrap();
    assert_eq!(only_request(&server).target(), "/a/.git/b");
}

#[test]
fn the_first_mistake_is_reported() {
    let api = ApiClient::builder().base("http://127.0.0.1:1/v1").build().unwrap();
    let error = api.joined("..", "a\nb").unwrap_err();
    assert_eq!(
        error.to_string(),
        "Api::joined: GET http://127.0.0.1:1/v1: cannot serialize `x`: a path must not contain the segments `.` and `..`: servers and proxies resolve them"
    );
}
