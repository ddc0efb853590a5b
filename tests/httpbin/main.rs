//! A typed client of httpbin, a server that nobody wrote for it.

mod bodies;
mod documented;
mod sessions;

use std::{collections::BTreeMap, io::BufRead as _, sync::OnceLock, time::Duration};

use httpkit::{Body, Client, ErrorKind, HeaderValue, Phase, Response, Result, StatusCode, http_client};
use httpkit_tests::PythonServer;
use serde::{Deserialize, Serialize};

#[http_client(headers("x-suite" = "httpbin"))]
trait Httpbin {
    #[get("/get{?topic,tags*,page}")]
    fn get(&self, topic: &str, tags: &[&str], page: Option<u32>) -> Result<Echo>;

    #[put("/anything/{name}")]
    fn anything(&self, name: &str) -> Result<Echo>;

    #[get("/anything{/segments*}")]
    fn segments(&self, segments: &[&str]) -> Result<Echo>;

    #[get("/status/{code}")]
    fn status(&self, code: u16) -> Result<()>;

    #[get("/status/{code}")]
    fn found(&self, code: u16) -> Result<Option<String>>;

    #[delete("/status/{code}")]
    fn response(&self, code: u16) -> Result<Response>;

    #[post("/post")]
    fn post_json(&self, #[json] note: &Note) -> Result<Echo>;

    #[post("/post")]
    fn post_form(&self, #[form] note: &Note) -> Result<Echo>;

    #[post("/post")]
    fn post_text(&self, #[body("text/plain")] text: &str) -> Result<Echo>;

    #[get("/headers")]
    fn headers(
        &self,
        #[header("x-first")] first: Option<&str>,
        #[header("x-second")] second: Option<&str>,
        #[bearer] token: &str,
    ) -> Result<Response<Echo>>;

    #[get("/basic-auth/{user}/{password}")]
    fn log_in(&self, user: &str, password: &str, #[basic] credentials: (&str, &str)) -> Result<Login>;

    #[get("/stream/{lines}")]
    fn stream(&self, lines: usize) -> Result<Response<Body>>;

    #[get("/bytes/{count}?seed=7")]
    fn bytes(&self, count: usize) -> Result<Vec<u8>>;

    #[get("/delay/{seconds}")]
    fn delay(&self, seconds: u32) -> Result<Echo>;
}

/// What httpbin says of the request.
#[derive(Debug, Deserialize)]
struct Echo {
    #[serde(default)]
    url: String,
    #[serde(default)]
    args: BTreeMap<String, serde_json::Value>,
    headers: BTreeMap<String, String>,
    #[serde(default)]
    form: BTreeMap<String, String>,
    #[serde(default)]
    data: String,
    json: Option<Note>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Note {
    title: String,
    stars: u8,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Login {
    authenticated: bool,
    user: String,
}

#[derive(Deserialize)]
struct Line {
    id: usize,
}

/// The URL of the server, which the first test starts; nothing where it is not installed.
fn url() -> Option<&'static str> {
    static SERVER: OnceLock<Option<PythonServer>> = OnceLock::new();
    let start = || {
        PythonServer::start("gunicorn, httpbin", &["-m", "gunicorn", "--config"], "httpbin/gunicorn.conf.py")
    };
    SERVER.get_or_init(start).as_ref().map(PythonServer::url)
}

/// The client of a test, and the URL of the server.
fn httpbin() -> Option<(HttpbinClient, &'static str)> {
    let url = url()?;
    let client = HttpbinClient::builder().base(url).build();
    Some((client.expect("the URL is valid"), url))
}

fn note() -> Note {
    Note { title: "100 % ä & b".into(), stars: 5 }
}

#[test]
fn query_arrives_as_given() -> Result<()> {
    let Some((httpbin, _)) = httpbin() else { return Ok(()) };
    let echo = httpbin.get("a=b & c/d?", &["x", "ü+"], None)?;
    let expected = serde_json::json!({"topic": "a=b & c/d?", "tags": ["x", "ü+"]});
    assert_eq!(serde_json::json!(echo.args), expected);
    Ok(())
}

#[test]
fn path_values_arrive_as_given() -> Result<()> {
    let Some((httpbin, url)) = httpbin() else { return Ok(()) };
    let echo = httpbin.anything("a b?#ü")?;
    // httpbin writes it as an IRI.
    assert_eq!(echo.url, format!("{url}/anything/a%20b%3F%23ü"));
    let echo = httpbin.segments(&["a", "b", "c"])?;
    assert_eq!(echo.url, format!("{url}/anything/a/b/c"));
    Ok(())
}

#[test]
fn base_is_a_prefix() -> Result<()> {
    let Some((_, url)) = httpbin() else { return Ok(()) };
    let client = Client::builder().base_url(format!("{url}/anything/v1/")).build()?;
    let echo = HttpbinClient::new(client).get("x", &[], Some(2))?;
    assert_eq!(echo.url, format!("{url}/anything/v1/get?topic=x&page=2"));
    Ok(())
}

#[test]
fn success_is_ok_whatever_its_code() -> Result<()> {
    let Some((httpbin, _)) = httpbin() else { return Ok(()) };
    for code in [200, 201, 202, 204, 206] {
        httpbin.status(code)?;
    }
    Ok(())
}

#[test]
fn failure_is_an_error_with_its_response() {
    let Some((httpbin, _)) = httpbin() else { return };
    for code in [400, 404, 418, 500, 503] {
        let error = httpbin.status(code).expect_err("the status is no success");
        assert!(matches!(error.kind(), ErrorKind::Status(_)), "{error:?}");
        assert_eq!(error.status().map(StatusCode::code), Some(code));
        assert!(error.to_string().starts_with("Httpbin::status: GET http://127.0.0.1"), "{error}");
    }
}

#[test]
fn option_is_none_for_404_alone() -> Result<()> {
    let Some((httpbin, _)) = httpbin() else { return Ok(()) };
    assert_eq!(httpbin.found(404)?, None);
    let error = httpbin.found(410).expect_err("410 is an error");
    assert_eq!(error.status().map(StatusCode::code), Some(410));
    Ok(())
}

#[test]
fn response_accepts_every_status() -> Result<()> {
    let Some((httpbin, _)) = httpbin() else { return Ok(()) };
    for code in [204, 304, 404, 500] {
        assert_eq!(httpbin.response(code)?.status().code(), code);
    }
    Ok(())
}

#[test]
fn json_arrives_as_given() -> Result<()> {
    let Some((httpbin, _)) = httpbin() else { return Ok(()) };
    let echo = httpbin.post_json(&note())?;
    assert_eq!(echo.json, Some(note()));
    assert_eq!(echo.headers["Content-Type"], "application/json");
    Ok(())
}

#[test]
fn form_arrives_as_given() -> Result<()> {
    let Some((httpbin, _)) = httpbin() else { return Ok(()) };
    let echo = httpbin.post_form(&note())?;
    assert_eq!(echo.form["title"], note().title);
    assert_eq!(echo.form["stars"], "5");
    Ok(())
}

#[test]
fn large_text_arrives_as_given() -> Result<()> {
    let Some((httpbin, _)) = httpbin() else { return Ok(()) };
    let text = "all of it\n".repeat(50_000);
    let echo = httpbin.post_text(&text)?;
    assert!(echo.data == text, "{} bytes came back", echo.data.len());
    assert_eq!(echo.headers["Content-Length"], "500000");
    assert_eq!(echo.headers["Content-Type"], "text/plain");
    Ok(())
}

#[test]
fn headers_arrive_as_given() -> Result<()> {
    let Some((httpbin, url)) = httpbin() else { return Ok(()) };
    let response = httpbin.headers(Some("1, 2"), None, "t0k3n")?;
    assert_eq!(response.header("server").map(HeaderValue::as_bytes), Some(&b"gunicorn"[..]));
    let headers = &response.value().headers;
    assert_eq!(Some(headers["Host"].as_str()), url.strip_prefix("http://"));
    assert_eq!(headers["Authorization"], "Bearer t0k3n");
    assert_eq!(headers["X-Suite"], "httpbin");
    assert_eq!(headers["X-First"], "1, 2");
    assert!(!headers.contains_key("X-Second"), "{headers:?}");
    assert!(headers["User-Agent"].starts_with("httpkit/"), "{headers:?}");
    Ok(())
}

#[test]
fn basic_credentials_log_in() -> Result<()> {
    let Some((httpbin, _)) = httpbin() else { return Ok(()) };
    let login = httpbin.log_in("anna", "s3:cret", ("anna", "s3:cret"))?;
    assert_eq!(login, Login { authenticated: true, user: "anna".into() });
    let error = httpbin.log_in("anna", "s3:cret", ("anna", "wrong")).expect_err("it is refused");
    assert_eq!(error.status().map(StatusCode::code), Some(401));
    Ok(())
}

#[test]
fn chunked_lines_are_read_as_they_come() -> Result<()> {
    let Some((httpbin, _)) = httpbin() else { return Ok(()) };
    let response = httpbin.stream(25)?;
    assert_eq!(response.header("transfer-encoding").map(HeaderValue::as_bytes), Some(&b"chunked"[..]));
    let ids: Vec<usize> = response
        .into_value()
        .lines()
        .map(|line| {
            let line: Line =
                serde_json::from_str(&line.expect("the line arrives")).expect("the line is JSON");
            line.id
        })
        .collect();
    assert_eq!(ids, (0..25).collect::<Vec<_>>());
    Ok(())
}

#[test]
fn bytes_arrive_unchanged() -> Result<()> {
    let Some((httpbin, _)) = httpbin() else { return Ok(()) };
    for count in [0, 1, 100 * 1024] {
        let bytes = httpbin.bytes(count)?;
        assert_eq!(bytes.len(), count);
        assert_eq!(bytes, httpbin.bytes(count)?);
    }
    Ok(())
}

#[test]
fn deadline_ends_the_wait_for_a_response() -> Result<()> {
    let Some((_, url)) = httpbin() else { return Ok(()) };
    let client = Client::builder().timeout(Duration::from_millis(300)).build()?;
    let httpbin = HttpbinClient::builder().client(client).base(url).build()?;
    let error = httpbin.delay(3).expect_err("the response takes 3 s");
    assert!(error.is_timeout(), "{error:?}");
    assert!(matches!(error.kind(), ErrorKind::Timeout { phase: Phase::Response, .. }), "{error:?}");
    let expected = "timed out after 300 ms waiting for the response (total `timeout`)";
    assert!(error.to_string().ends_with(expected), "{error}");
    Ok(())
}
