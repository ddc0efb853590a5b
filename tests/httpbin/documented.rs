//! The endpoints that httpbin documents, section by section. Left out: redirects, cookies, digest authentication
//! and content codings, which are tested apart; images, which are bytes like others; and a second test of random
//! bytes, since a seed is that of all requests under way.

use std::collections::BTreeMap;

use httpkit::{Bytes, HeaderValue, Response, Result, StatusCode, Text, http_client};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::url;

#[http_client]
trait Documented {
    // HTTP methods.
    #[get("/get")]
    fn get(&self) -> Result<Value>;
    #[post("/post")]
    fn post(&self, #[body("text/plain")] content: &str) -> Result<Value>;
    #[put("/put")]
    fn put(&self, #[json] content: &Value) -> Result<Value>;
    #[patch("/patch")]
    fn patch(&self, #[form] content: &[(&str, &str)]) -> Result<Value>;
    #[delete("/delete")]
    fn delete(&self, #[body] content: Vec<u8>) -> Result<Value>;
    #[head("/get")]
    fn head(&self) -> Result<Response<()>>;
    #[options("/get")]
    fn options(&self) -> Result<Response<()>>;
    #[trace("/anything")]
    fn trace(&self) -> Result<Value>;

    // Authentication.
    #[get("/bearer")]
    fn bearer(&self, #[bearer] token: Option<&str>) -> Result<Bearer>;
    #[get("/hidden-basic-auth/{user}/{password}")]
    fn hidden(&self, user: &str, password: &str, #[basic] given: (&str, &str)) -> Result<Option<Value>>;

    // Status codes.
    #[http("PATCH", "/status/{code}")]
    fn status(&self, code: u16) -> Result<Response>;

    // Request inspection.
    #[get("/ip")]
    fn ip(&self) -> Result<Value>;
    #[get("/user-agent")]
    #[headers("user-agent" = "httpkit tests")]
    fn user_agent(&self) -> Result<BTreeMap<String, String>>;

    // Response inspection.
    #[get("/cache")]
    fn cache(&self, #[header("if-none-match")] tag: Option<&str>) -> Result<Response>;
    #[get("/cache/{seconds}")]
    fn cache_for(&self, seconds: u32) -> Result<Response<Value>>;
    #[get("/etag/{tag}")]
    fn etag(&self, tag: &str, #[header("if-match")] wanted: Option<&str>) -> Result<Response<()>>;
    #[get("/response-headers")]
    fn response_headers(&self, #[query(flatten)] headers: &Wanted<'_>) -> Result<Response<Value>>;

    // Response formats.
    #[get("/json")]
    fn json(&self) -> Result<Slides>;
    #[get("/encoding/utf8")]
    fn utf8(&self) -> Result<String>;
    #[get("/robots.txt")]
    fn robots(&self) -> Result<String>;

    // Dynamic data.
    #[get("/base64/{value}")]
    fn base64(&self, value: &str) -> Result<Text<String>>;
    #[get("/range/{count}")]
    fn range(&self, count: usize, #[header("range")] range: &str) -> Result<Response<String>>;
    #[get("/drip{?numbytes,duration,code}")]
    fn drip(&self, numbytes: usize, duration: f32, code: u16) -> Result<Response<Bytes>>;
    #[get("/uuid")]
    fn uuid(&self) -> Result<BTreeMap<String, String>>;
    #[get("/links/{count}/{offset}")]
    fn links(&self, count: u32, offset: u32) -> Result<String>;

    // Anything.
    #[http("PUT", "/anything{/path*}{?topics*}")]
    fn anything(&self, path: &[&str], topics: &[&str], #[flag] draft: bool) -> Result<Value>;
}

#[derive(Debug, PartialEq, Deserialize)]
struct Bearer {
    authenticated: bool,
    token: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Wanted<'a> {
    x_one: &'a str,
    x_list: [&'a str; 2],
}

#[derive(Deserialize)]
struct Slides {
    slideshow: Slideshow,
}

#[derive(Deserialize)]
struct Slideshow {
    title: String,
    slides: Vec<Slide>,
}

#[derive(Deserialize)]
struct Slide {
    title: String,
    #[serde(default)]
    items: Vec<String>,
}

fn client() -> Option<DocumentedClient> {
    let client = DocumentedClient::builder().base(url()?).build();
    Some(client.expect("the URL is valid"))
}

fn header<T>(response: &Response<T>, name: &str) -> String {
    response.header(name).and_then(HeaderValue::to_str).unwrap_or_default().to_owned()
}

#[test]
fn methods() -> Result<()> {
    let Some(httpbin) = client() else { return Ok(()) };
    assert_eq!(httpbin.get()?["args"], serde_json::json!({}));
    assert_eq!(httpbin.post("spam")?["data"], "spam");
    assert_eq!(httpbin.put(&serde_json::json!({"a": [1]}))?["json"]["a"][0], 1);
    assert_eq!(httpbin.patch(&[("a", "1 & 2"), ("b", "")])?["form"]["a"], "1 & 2");
    assert_eq!(httpbin.delete(b"gone".to_vec())?["data"], "gone");
    assert_eq!(header(&httpbin.head()?, "content-type"), "application/json");
    assert!(header(&httpbin.options()?, "allow").contains("GET"));
    assert_eq!(httpbin.trace()?["method"], "TRACE");
    Ok(())
}

#[test]
fn authentication() -> Result<()> {
    let Some(httpbin) = client() else { return Ok(()) };
    assert_eq!(httpbin.bearer(Some("t0k3n"))?, Bearer { authenticated: true, token: "t0k3n".into() });
    let error = httpbin.bearer(None).expect_err("it needs a token");
    assert_eq!(error.status(), Some(StatusCode::Unauthorized));
    assert_eq!(
        error.response().and_then(|response| response.headers().get("www-authenticate")).unwrap(),
        "Bearer"
    );
    assert!(httpbin.hidden("a", "b", ("a", "b"))?.is_some());
    assert!(httpbin.hidden("a", "b", ("a", "c"))?.is_none());
    Ok(())
}

#[test]
fn status_codes() -> Result<()> {
    let Some(httpbin) = client() else { return Ok(()) };
    for code in [200, 201, 204, 300, 304, 400, 401, 404, 405, 418, 429, 500, 502, 503] {
        assert_eq!(httpbin.status(code)?.status().code(), code);
    }
    Ok(())
}

#[test]
fn inspection() -> Result<()> {
    let Some(httpbin) = client() else { return Ok(()) };
    assert_eq!(httpbin.ip()?["origin"], "127.0.0.1");
    assert_eq!(httpbin.user_agent()?["user-agent"], "httpkit tests");
    let response = httpbin.cache(None)?;
    let tag = header(&response, "etag");
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(httpbin.cache(Some(&tag))?.status(), StatusCode::NotModified);
    assert_eq!(header(&httpbin.cache_for(60)?, "cache-control"), "public, max-age=60");
    assert_eq!(header(&httpbin.etag("one", Some("\"one\""))?, "etag"), "one");
    let error = httpbin.etag("one", Some("\"two\"")).expect_err("the tags differ");
    assert_eq!(error.status(), Some(StatusCode::PreconditionFailed));
    let response = httpbin.response_headers(&Wanted { x_one: "a b", x_list: ["c", "d"] })?;
    assert_eq!(header(&response, "x-one"), "a b");
    let list: Vec<_> = response.headers().get_all("x-list").map(|value| value.to_string()).collect();
    assert_eq!(list, ["c", "d"]);
    Ok(())
}

#[test]
fn formats() -> Result<()> {
    let Some(httpbin) = client() else { return Ok(()) };
    let Slideshow { title, slides } = httpbin.json()?.slideshow;
    assert_eq!((title.as_str(), slides.len()), ("Sample Slide Show", 2));
    assert_eq!((slides[1].title.as_str(), slides[1].items.len()), ("Overview", 2));
    assert!(httpbin.utf8()?.contains("∮ E⋅da = Q"));
    assert!(httpbin.robots()?.starts_with("User-agent: *"));
    Ok(())
}

#[test]
fn dynamic_data() -> Result<()> {
    let Some(httpbin) = client() else { return Ok(()) };
    assert_eq!(httpbin.base64("SFRUUEJJTiBpcyBhd2Vzb21l")?.into_inner(), "HTTPBIN is awesome");
    let part = httpbin.range(26, "bytes=2-4")?;
    assert_eq!((part.status(), part.value().as_str()), (StatusCode::PartialContent, "cde"));
    let drops = httpbin.drip(5, 0.2, 203)?;
    assert_eq!((drops.status().code(), &drops.value()[..]), (203, &b"*****"[..]));
    assert_eq!(httpbin.uuid()?["uuid"].len(), 36);
    assert!(httpbin.links(3, 1)?.contains("/links/3/2"));
    Ok(())
}

#[test]
fn anything() -> Result<()> {
    let (Some(httpbin), Some(url)) = (client(), url()) else { return Ok(()) };
    let echo = httpbin.anything(&["a", "b c"], &["x", "y"], true)?;
    assert_eq!(echo["method"], "PUT");
    assert_eq!(echo["url"], format!("{url}/anything/a/b c?topics=x&topics=y&draft").replace(' ', "%20"));
    assert_eq!(echo["args"], serde_json::json!({"topics": ["x", "y"], "draft": ""}));
    Ok(())
}
