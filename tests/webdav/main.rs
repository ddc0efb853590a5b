//! The typed client of the example `webdav`, against WsgiDAV, a server that nobody wrote for it.

#[path = "../../examples/webdav/client.rs"]
mod client;

use std::sync::OnceLock;

use client::{Multistatus, Resource, WebDav, WebDavClient};
use httpkit::{Error, ErrorKind, Result, StatusCode};
use httpkit_tests::PythonServer;

/// The client of a test, with a collection for this test alone, and the URL of that; nothing where WsgiDAV is
/// not installed.
fn collection(name: &str) -> Option<(WebDavClient, String)> {
    static SERVER: OnceLock<Option<PythonServer>> = OnceLock::new();
    let server = SERVER.get_or_init(|| PythonServer::start("cheroot, wsgidav", &[], "webdav/server.py"));
    let url = server.as_ref()?.url();
    let root = WebDavClient::builder().base(url).build().expect("the URL is valid");
    let made = root.make_collection(name).expect("the collection is new");
    assert_eq!(made.status(), StatusCode::Created);
    let url = format!("{url}/{name}");
    let client = WebDavClient::builder().base(&url).build().expect("the URL is valid");
    Some((client, url))
}

fn status(error: &Error) -> Option<u16> {
    error.status().map(StatusCode::code)
}

#[test]
fn collections_are_listed() -> Result<()> {
    let Some((dav, _)) = collection("listed") else { return Ok(()) };
    assert_eq!(dav.make_collection("inner")?.status(), StatusCode::Created);
    assert_eq!(dav.write("a b.txt", "spam", None)?.status(), StatusCode::Created);
    assert_eq!(dav.write("a b.txt", "spam!", None)?.status(), StatusCode::NoContent);

    let Multistatus(mut resources) = dav.list("", 1)?;
    resources.sort_by(|one, other| one.href.cmp(&other.href));
    let resource = |href: &str, is_collection, length| Resource { href: href.into(), is_collection, length };
    let expected = [
        resource("/listed/", true, None),
        resource("/listed/a%20b.txt", false, Some(5)),
        resource("/listed/inner/", true, None),
    ];
    assert_eq!(resources, expected);

    let Multistatus(alone) = dav.list("inner/", 0)?;
    assert_eq!(alone, [resource("/listed/inner/", true, None)]);
    Ok(())
}

#[test]
fn what_is_there_already_or_not_is_an_error() -> Result<()> {
    let Some((dav, _)) = collection("taken") else { return Ok(()) };
    dav.make_collection("a")?;
    let error = dav.make_collection("a").expect_err("it is there");
    assert_eq!(status(&error), Some(405));
    assert!(error.to_string().starts_with("WebDav::make_collection: MKCOL http://127.0.0.1"), "{error}");
    assert_eq!(status(&dav.make_collection("b/c").expect_err("`b` is missing")), Some(409));
    let error = dav.list("b", 0).expect_err("`b` is missing");
    assert!(matches!(error.kind(), ErrorKind::Status(response) if response.status() == 404), "{error}");
    assert_eq!(dav.read("b")?, None);
    Ok(())
}

#[test]
fn the_second_taker_of_a_lock_is_refused() -> Result<()> {
    let Some((dav, _)) = collection("locked") else { return Ok(()) };
    dav.write("a.txt", "spam", None)?;
    let token = dav.lock_exclusively("a.txt")?;
    assert_eq!(status(&dav.lock_exclusively("a.txt").expect_err("it is locked")), Some(423));
    assert_eq!(status(&dav.write("a.txt", "ham", None).expect_err("it is locked")), Some(423));
    assert_eq!(dav.write("a.txt", "eggs", Some(&token))?.status(), StatusCode::NoContent);
    dav.unlock("a.txt", &token.coded_url())?;
    dav.lock_exclusively("a.txt")?;
    assert_eq!(dav.read("a.txt")?.as_deref(), Some(&b"eggs"[..]));
    Ok(())
}

#[test]
fn resources_are_moved_and_deleted() -> Result<()> {
    let Some((dav, url)) = collection("moved") else { return Ok(()) };
    dav.write("a.txt", "spam", None)?;
    assert_eq!(dav.rename("a.txt", &format!("{url}/b.txt"))?.status(), StatusCode::Created);
    assert_eq!((dav.read("a.txt")?, dav.read("b.txt")?.as_deref()), (None, Some(&b"spam"[..])));
    dav.write("c.txt", "ham", None)?;
    let error = dav.rename("c.txt", &format!("{url}/b.txt")).expect_err("it would be overwritten");
    assert_eq!(status(&error), Some(412));
    assert_eq!(dav.delete("b.txt")?.status(), StatusCode::NoContent);
    assert_eq!(dav.read("b.txt")?, None);
    assert_eq!(status(&dav.delete("b.txt").expect_err("it is gone")), Some(404));
    Ok(())
}
