//! A client of a crate that has httpkit under another name, and with other features.

use httpkit_renamed::{Pages, PagesClient};

use crate::silent;

#[test]
fn a_renamed_httpkit_is_named_by_the_attribute() {
    let server = silent();
    let pages = PagesClient::builder().base(server.url("/v1")).build().unwrap();
    assert_eq!(pages.page(7, &["a", "b"], None).unwrap().status(), 204);
    pages.replace(7, &["text"], "\"1\"").unwrap();
    assert_eq!(pages.next(&server.url("/pages/8")).unwrap(), None);
    let lines: Vec<_> = server
        .received()
        .iter()
        .map(|request| format!("{} {}", request.method(), request.target()))
        .collect();
    assert_eq!(lines, ["GET /v1/pages/7?tags=a&tags=b", "PUT /v1/pages/7", "GET /pages/8"]);
    assert!(server.received().iter().all(|request| request.header("x-crate").unwrap() == "renamed"));
}
