//! Redirects, cookies and digest authentication.

use httpkit::{Client, CookieJar, ErrorKind, Method, RedirectPolicy, StatusCode, Url};
use serde_json::{Value, json};

use crate::url;

#[test]
fn redirects_lead_to_the_end() {
    let Some(url) = url() else { return };
    let client = Client::new();
    for path in ["/redirect/3", "/relative-redirect/3", "/absolute-redirect/3"] {
        let response = client.get(format!("{url}{path}")).send().unwrap();
        assert_eq!((response.status().code(), response.history().len()), (200, 3), "{path}");
        assert_eq!(response.url().path(), "/get", "{path}");
    }
    let error = client.get(format!("{url}/redirect/11")).send().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooManyRedirects { limit: 10, .. }), "{error:?}");
    let policy = RedirectPolicy::none();
    let response = client.get(format!("{url}/redirect/1")).redirects(policy).send().unwrap();
    assert_eq!(response.status(), StatusCode::Found);
}

#[test]
fn the_status_of_a_redirect_decides_what_is_sent() {
    let Some(url) = url() else { return };
    for (code, method, data) in
        [(302, "GET", ""), (303, "GET", ""), (307, "POST", "spam"), (308, "POST", "spam")]
    {
        let query = [("url", "/anything"), ("status_code", &code.to_string())];
        let sent =
            Client::new().request(Method::POST, format!("{url}/redirect-to")).query(&query).body("spam");
        let shown: Value = sent.send().unwrap().json().unwrap();
        assert_eq!((&shown["method"], &shown["data"]), (&json!(method), &json!(data)), "{code}");
    }
}

#[test]
fn cookies_are_set_sent_and_deleted() {
    let Some(url) = url() else { return };
    let jar = CookieJar::new();
    let client = Client::builder().cookie_jar(&jar).build().unwrap();
    let cookies = |path: &str| {
        let shown: Value = client.get(format!("{url}{path}")).send().unwrap().json().unwrap();
        shown["cookies"].clone()
    };
    assert_eq!(cookies("/cookies/set?spam=1&eggs=a%20b"), json!({"spam": "1", "eggs": "a b"}));
    assert_eq!(cookies("/cookies/delete?spam="), json!({"eggs": "a b"}));
    assert_eq!(jar.cookies().len(), 1);
    assert_eq!(jar.field(&Url::parse(url).unwrap()).as_deref(), Some(&b"eggs=\"a b\""[..]));
}

#[test]
fn challenges_of_digest_are_answered() {
    let Some(url) = url() else { return };
    for algorithm in ["MD5", "SHA-256"] {
        let client = Client::new();
        let path = format!("/digest-auth/auth/user/password/{algorithm}");
        let ask =
            |password: &str| client.get(format!("{url}{path}")).digest("user", password).send().unwrap();
        let shown: Value = ask("password").error_for_status().unwrap().json().unwrap();
        assert_eq!(shown, json!({"authenticated": true, "user": "user"}), "{algorithm}");
        assert_eq!(ask("passport").status(), StatusCode::Unauthorized, "{algorithm}");
    }
}
