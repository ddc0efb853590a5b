//! Forms with files, read back by a strict parser.

use std::{fs, io};

use httpkit::{
    Client, Error, ErrorKind, RequestBody,
    multipart::{Form, Part},
    testing::{Act, Received, Reply, Script, Server},
};
use httpkit_tests::{OK, answers, requests, scripted};
use proptest::{collection::vec, option, prelude::*};

const URL: &str = "http://test.example/";

/// A part as it was received: name, name of the file, type, content.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Parsed {
    name: String,
    file_name: Option<String>,
    content_type: Option<String>,
    content: Vec<u8>,
}

/// Reads a form exactly as RFC 7578 and RFC 2046 have it.
fn parse(content_type: &str, mut body: &[u8]) -> Vec<Parsed> {
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    assert!(
        boundary.len() <= 70 && boundary.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    );
    let mut parts = Vec::new();
    let mut delimiter = format!("--{boundary}");
    loop {
        body = body.strip_prefix(delimiter.as_bytes()).unwrap();
        if body == b"--\r\n" {
            return parts;
        }
        body = body.strip_prefix(b"\r\n").unwrap();
        let head_end = find(body, b"\r\n\r\n");
        let head = std::str::from_utf8(&body[..head_end]).unwrap();
        body = &body[head_end + 4..];
        delimiter = format!("\r\n--{boundary}");
        let end = find(body, delimiter.as_bytes());
        parts.push(parse_part(head, &body[..end]));
        body = &body[end..];
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes.windows(wanted.len()).position(|window| window == wanted).unwrap()
}

fn parse_part(head: &str, content: &[u8]) -> Parsed {
    let mut lines = head.split("\r\n");
    let disposition = lines.next().unwrap().strip_prefix("Content-Disposition: form-data; name=\"").unwrap();
    let (name, rest) = disposition.split_once('"').unwrap();
    let file_name =
        (!rest.is_empty()).then(|| rest.strip_prefix("; filename=\"").unwrap().strip_suffix('"').unwrap());
    assert!(file_name.is_none_or(|name| !name.contains('"')));
    let content_type = lines.next().map(|line| line.strip_prefix("Content-Type: ").unwrap().to_owned());
    assert_eq!(lines.next(), None);
    let decoded = |name: &str| name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
    Parsed { name: decoded(name), file_name: file_name.map(decoded), content_type, content: content.to_vec() }
}

fn part(name: &str, file_name: Option<&str>, content_type: Option<&str>, content: &[u8]) -> Parsed {
    Parsed {
        name: name.into(),
        file_name: file_name.map(Into::into),
        content_type: content_type.map(Into::into),
        content: content.to_vec(),
    }
}

/// Sends a form, and returns the request and its parts.
fn sent(form: Form<'_>) -> (Received, Vec<Parsed>) {
    let server = Server::start(|_| Reply::new(204));
    Client::new().post(server.url("/")).multipart(form).send().unwrap();
    let request = server.received().remove(0);
    let content_type = request.header("content-type").unwrap().to_str().unwrap().to_owned();
    let parts = parse(&content_type, request.body());
    (request, parts)
}

#[test]
fn parts_of_each_kind_arrive_as_they_were() {
    let folder = std::env::temp_dir().join(format!("httpkit-multipart-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let content: Vec<u8> = (0..=255).cycle().take(200_000).collect();
    for name in ["page.HTML", "unknown.abcdef", "noextension"] {
        fs::write(folder.join(name), &content).unwrap();
    }
    let form = Form::new()
        .text("a", "b")
        .text("a", String::from("\u{fc}\r\n--"))
        .part("bytes", Part::bytes(&b"\0\r\n"[..]))
        .part("named", Part::bytes(vec![1, 2]).file_name("x.bin").content_type("application/x-x"))
        .part("empty", Part::text(""))
        .part("sized", Part::body(RequestBody::from_sized_reader(&content[..], 150_000)))
        .file("page", folder.join("page.HTML"))
        .unwrap()
        .file("unknown", folder.join("unknown.abcdef"))
        .unwrap()
        .file("none", folder.join("noextension"))
        .unwrap();
    let (request, parts) = sent(form);
    fs::remove_dir_all(&folder).unwrap();
    let unknown = Some("application/octet-stream");
    assert_eq!(
        parts,
        [
            part("a", None, None, b"b"),
            part("a", None, None, "\u{fc}\r\n--".as_bytes()),
            part("bytes", None, None, b"\0\r\n"),
            part("named", Some("x.bin"), Some("application/x-x"), &[1, 2]),
            part("empty", None, None, b""),
            part("sized", None, None, &content[..150_000]),
            part("page", Some("page.HTML"), Some("text/html"), &content),
            part("unknown", Some("unknown.abcdef"), unknown, &content),
            part("none", Some("noextension"), unknown, &content),
        ]
    );
    assert_eq!(request.header("content-length").unwrap(), &*request.body().len().to_string());
    let error = Form::new().file("x", folder.join("gone")).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::File { path, .. } if path.ends_with("gone")), "{error}");
}

#[test]
fn a_form_without_parts_has_its_end_alone() {
    let (request, parts) = sent(Form::new());
    assert!(parts.is_empty());
    assert!(!request.body().is_empty());
}

#[test]
fn a_part_of_unknown_length_makes_the_form_chunked() {
    let form = Form::new().text("a", "b").part("r", Part::reader(&b"read"[..])).text("c", "d");
    let (request, parts) = sent(form);
    assert_eq!(request.header("transfer-encoding").unwrap(), "chunked");
    assert!(request.header("content-length").is_none());
    assert_eq!(parts[1], part("r", None, None, b"read"));
    assert_eq!(parts.len(), 3);
}

#[test]
fn boundaries_are_never_the_same() {
    let boundary = || Form::new().encode().unwrap().1;
    let first = boundary();
    assert_eq!(first.len(), "multipart/form-data; boundary=httpkit-".len() + 32);
    assert_ne!(first, boundary());
}

#[test]
fn a_form_can_be_sent_again_if_its_parts_can() {
    let file = std::env::temp_dir().join(format!("httpkit-replay-{}", std::process::id()));
    fs::write(&file, b"from a file").unwrap();
    let form = || Form::new().text("a", "b").file("f", &file).unwrap();
    assert!(form().encode().unwrap().0.is_replayable());
    assert!(!form().part("r", Part::reader(io::empty())).encode().unwrap().0.is_replayable());

    // The connection that waits turns out dead: the whole form goes over another one.
    let stale = answers([OK]).then(Act::AwaitWrite).then(Act::End);
    let (client, connector) = scripted([stale, Script::answer(OK)]);
    client.get(URL).send().unwrap();
    client.put(URL).multipart(form()).send().unwrap();
    assert_eq!(requests(&connector), [2, 1]);
    let [first, second] = [0, 1].map(|index| connector.recorded()[index].written.clone());
    let body = |written: &[u8]| written[written.windows(4).rposition(|w| w == b"PUT ").unwrap()..].to_vec();
    assert_eq!(body(&first), body(&second));
    assert!(second.windows(11).any(|window| window == b"from a file"));
    fs::remove_file(&file).unwrap();
}

#[test]
fn a_part_that_is_shorter_than_it_said_is_an_error() {
    let form = || {
        let short = RequestBody::from_sized_reader(&b"abc"[..], 5);
        Form::new().part("short", Part::body(short)).text("a", "behind")
    };
    let error = scripted([Script::new()]).0.post(URL).multipart(form()).send().unwrap_err();
    let ErrorKind::BodySource(source) = error.kind() else { panic!("{error:?}") };
    assert_eq!(source.to_string(), "the source ends 2 bytes before the length that it announced");
}

#[test]
fn what_no_head_of_a_part_can_hold_is_refused() {
    for form in [
        Form::new().text("a\0", "b"),
        Form::new().part("a", Part::text("b").file_name("\x1b")),
        Form::new().part("a", Part::text("b").content_type("text/plain\r\nX: y")),
    ] {
        let error: Error = Client::new().post(URL).multipart(form).send().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidRequest(_)), "{error:?}");
        assert!(!error.may_have_been_processed());
    }
}

fn names() -> impl Strategy<Value = String> {
    // `%22` and the like would come back as what they stand for: that is what browsers send, too.
    "[a-z\"\r\n\\\\;= \u{e4}\u{1f600}]{0,12}"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_encoded_is_read_back(
        parts in vec((names(), option::of(names()), option::of("[a-z]{1,5}/[a-z]{1,5}"), vec(any::<u8>(), 0..200)), 0..6),
    ) {
        let mut form = Form::new();
        for (name, file_name, content_type, content) in &parts {
            let mut part = Part::bytes(&content[..]);
            if let Some(file_name) = file_name {
                part = part.file_name(file_name);
            }
            if let Some(content_type) = content_type {
                part = part.content_type(content_type);
            }
            form = form.part(name, part);
        }
        let (body, content_type) = form.encode().unwrap();
        let length = body.length();
        let server = Server::start(|_| Reply::new(204));
        Client::new().post(server.url("/")).header("Content-Type", &content_type).body(body).send().unwrap();
        let request = server.received().remove(0);
        prop_assert_eq!(length, Some(request.body().len() as u64));
        let expected: Vec<Parsed> = parts
            .iter()
            .map(|(name, file_name, kind, content)| part(name, file_name.as_deref(), kind.as_deref(), content))
            .collect();
        prop_assert_eq!(parse(&content_type, request.body()), expected);
    }
}
