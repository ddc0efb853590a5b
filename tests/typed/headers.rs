//! Headers: who sets them, and which value wins.

use httpkit::{Client, ErrorKind, Result, http_client};

use crate::{only_request, silent};

#[http_client(headers("x-level" = "trait", "x-trait" = "1"))]
trait Api {
    #[get("/")]
    fn of_trait(&self) -> Result<()>;

    #[get("/")]
    #[headers("X-Level" = "method")]
    fn of_method(&self) -> Result<()>;

    #[get("/")]
    #[headers("x-level" = "method")]
    fn of_parameter(&self, #[header("X-LEVEL")] level: Option<&str>) -> Result<()>;

    #[get("/")]
    fn list(&self, #[header("x-level")] levels: &[u8]) -> Result<()>;

    #[get("/")]
    fn secret(&self, #[header("x-key", secret)] key: &str) -> Result<()>;

    #[get("/")]
    fn bearer(&self, #[bearer] token: Option<&str>) -> Result<()>;

    #[get("/")]
    fn basic(&self, #[basic] credentials: (&str, String)) -> Result<()>;

    #[get("/")]
    fn accept(&self, #[header("accept")] media_type: &str) -> Result<String>;

    #[get("/")]
    #[headers("accept" = "text/csv")]
    fn csv(&self) -> Result<String>;

    #[get("/")]
    fn text(&self) -> Result<String>;
}

/// A method to call, the header to look at, and its lines.
type Case = (fn(&ApiClient) -> Result<()>, &'static str, &'static [&'static str]);

const ARRIVING: &[Case] = &[
    (|api| api.of_trait(), "x-level", &["trait"]),
    (|api| api.of_trait(), "x-builder", &["builder"]),
    (|api| api.of_trait(), "x-trait", &["1"]),
    (|api| api.of_trait(), "authorization", &["Bearer builder"]),
    (|api| api.of_method(), "x-level", &["method"]),
    (|api| api.of_parameter(Some("parameter")), "x-level", &["parameter"]),
    (|api| api.of_parameter(None), "x-level", &["method"]),
    (|api| api.list(&[1, 2]), "x-level", &["1", "2"]),
    (|api| api.list(&[]), "x-level", &["trait"]),
    (|api| api.secret("k"), "x-key", &["k"]),
    (|api| api.bearer(Some("t")), "authorization", &["Bearer t"]),
    (|api| api.bearer(None), "authorization", &["Bearer builder"]),
    (|api| api.basic(("user", "pass".into())), "authorization", &["Basic dXNlcjpwYXNz"]),
    (|api| api.accept("text/html").map(drop), "accept", &["text/html"]),
    (|api| api.csv().map(drop), "accept", &["text/csv"]),
    (|api| api.text().map(drop), "accept", &["text/plain, */*;q=0.5"]),
    (|api| api.of_trait(), "accept", &["*/*"]),
];

#[test]
fn parameter_wins_over_method_over_trait_over_builder() {
    for (call, name, lines) in ARRIVING {
        let server = silent();
        let api = ApiClient::builder()
            .base(server.url(""))
            .header("X-Level", "builder")
            .header("x-trait", "builder")
            .header("x-builder", "builder")
            .bearer("builder")
            .build()
            .unwrap();
        call(&api).unwrap();
        let request = only_request(&server);
        let found: Vec<_> = request.headers().get_all(name).map(|value| value.to_string()).collect();
        assert_eq!(found, *lines, "{name}");
    }
}

#[test]
fn accept_of_the_builder_stands_for_all_types() {
    let server = silent();
    let api = ApiClient::builder().base(server.url("")).header("accept", "text/markdown").build().unwrap();
    api.text().unwrap();
    assert_eq!(only_request(&server).header("accept").unwrap(), "text/markdown");
}

#[test]
fn builder_headers_replace_those_of_the_client() {
    let server = silent();
    let client = Client::builder().user_agent("client").default_header("x-client", "1").build().unwrap();
    let builder = ApiClient::builder().client(client).base(server.url("")).header("user-agent", "builder");
    builder.build().unwrap().of_trait().unwrap();
    let request = only_request(&server);
    assert_eq!(request.header("user-agent").unwrap(), "builder");
    assert_eq!(request.header("x-client").unwrap(), "1");
}

#[test]
fn line_breaks_are_refused_before_anything_is_sent() {
    let server = silent();
    let api = ApiClient::builder().base(server.url("")).build().unwrap();
    let error = api.of_parameter(Some("a\r\nx-evil: 1")).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidRequest(_)), "{error}");
    assert!(!error.may_have_been_processed());
    assert_eq!(error.endpoint(), Some("Api::of_parameter"));
    assert_eq!(server.connections(), 0);
}

#[test]
fn secrets_are_never_shown() {
    let api = ApiClient::builder().base("http://127.0.0.1:1").bearer("hunter2").build().unwrap();
    let builder = ApiClient::builder().bearer("hunter2").basic("me", "hunter2\n");
    let mut shown = vec![format!("{api:?}"), format!("{builder:?}")];
    let errors = [
        api.secret("hunter2\n").unwrap_err(),
        api.bearer(Some("hunter2\n")).unwrap_err(),
        ApiClient::builder().bearer("hunter2\n").build().unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error.kind(), ErrorKind::InvalidRequest(_)), "{error}");
        shown.push(format!("{error} {error:?}"));
    }
    assert!(shown.iter().all(|text| !text.contains("hunter2") && !text.contains("aHVudGVyM")), "{shown:#?}");
}
