//! Command lines that are pasted: what they send, and what they hide.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use httpkit::{
    Client, Method, Request, RequestBody, RequestBuilder,
    testing::{Received, Reply, Server},
};
use httpkit_tests::find_program;

type Build = fn(&Client, &str) -> RequestBuilder<'static>;

/// What curl adds by itself.
const ADDED: [&str; 4] = ["host", "user-agent", "accept", "content-length"];

/// What arrives when the command line is run.
fn run(server: &Server, command: &str) -> Received {
    let mut shell = Command::new("sh");
    shell.env("no_proxy", "*").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut shell = shell.spawn().unwrap();
    shell.stdin.take().unwrap().write_all(command.as_bytes()).unwrap();
    let output = shell.wait_with_output().unwrap();
    assert!(output.status.success(), "{command}: {output:?}");
    server.received().pop().unwrap()
}

fn own_fields(received: &Received) -> Vec<(String, Vec<u8>)> {
    let fields = received.headers().iter();
    let own = fields.filter(|(name, _)| !ADDED.iter().any(|added| name.eq_ignore_ascii_case(added)));
    own.map(|(name, value)| (name.to_ascii_lowercase(), value.as_bytes().to_vec())).collect()
}

#[test]
fn curl_sends_what_the_client_sends() {
    if find_program("curl").is_none() {
        return;
    }
    let rows: [(&str, Build); 14] = [
        ("GET", |c, url| c.get(url)),
        ("HEAD", |c, url| c.head(url)),
        ("DELETE", |c, url| c.delete(url)),
        ("OPTIONS with headers", |c, url| {
            c.options(url)
                .header("X-One", "it's \"one\" $HOME `id` \\")
                .append_header("x-one", "2")
                .header("X-Empty", "")
        }),
        ("a header that is no text", |c, url| c.get(url).header("X-Bytes", b"caf\xe9 %d \\ '")),
        ("POST without content", |c, url| c.post(url)),
        ("POST of nothing", |c, url| c.post(url).body("")),
        ("POST of text", |c, url| {
            c.post(url).header("Content-Type", "text/plain").body("it's\n\"text\" $(id) ü\n")
        }),
        ("what curl would take for a file", |c, url| c.put(url).body("@/etc/hostname")),
        ("POST of JSON", |c, url| c.post(url).json(&["a", "b'c"])),
        ("PATCH of bytes", |c, url| c.patch(url).body((0..=255).cycle().take(1000).collect::<Vec<u8>>())),
        ("GET with content", |c, url| c.get(url).body("content")),
        ("much text", |c, url| c.put(url).body("%d\\n'".repeat(20_000))),
        ("any method, more bytes than curl sends unasked", |c, url| {
            c.request(Method::new("M-SEARCH").unwrap(), url).body(vec![b'x'; 1024 * 1024 + 1])
        }),
    ];
    let server = Server::start(|_| Reply::new(200));
    let client = Client::builder().build().unwrap();
    for (name, build) in rows {
        let build = || build(&client, &server.url("/a%20b/c'd?q=%5B1%5D&r=$x")).build().unwrap();
        let mut plain = build();
        // Of the client's defaults, the one that curl does not have as well.
        plain.headers_mut().set("Accept-Encoding", "x").unwrap();
        let command = plain.to_curl_with_secrets().unwrap();
        client.execute(plain).unwrap();
        let ours = server.received().pop().unwrap();
        let curls = run(&server, &format!("{command} --silent --show-error"));
        assert_eq!((curls.method(), curls.target()), (ours.method(), ours.target()), "{name}");
        assert!(curls.body() == ours.body(), "{name}: the content differs");
        assert_eq!(own_fields(&curls), own_fields(&ours), "{name}");
        let length =
            |request: &Received| request.header("content-length").map(|value| value.as_bytes().to_vec());
        assert_eq!(length(&curls), length(&ours), "{name}");
    }
}

fn commands(request: &Request<'_>) -> (String, String) {
    (request.to_curl().unwrap(), request.to_curl_with_secrets().unwrap())
}

#[test]
fn secrets_are_left_out_unless_asked_for() {
    let request = Client::new()
        .get("http://me:hidden@h/?a=1#top")
        .bearer("hidden")
        .header("Cookie", "a=hidden")
        .header("X-Api-Key", "hidden")
        .header("Accept", "*/*")
        .build()
        .unwrap();
    let (without, with) = commands(&request);
    assert!(!without.contains("hidden"), "{without}");
    assert_eq!(without.matches(" bytes>").count(), 3);
    assert!(without.ends_with("-H 'Accept: */*' 'http://h/?a=...'"), "{without}");
    assert_eq!(with.matches("hidden").count(), 4);
}

#[test]
fn brackets_of_a_host_are_no_pattern() {
    let request = Client::new().get("http://[::1]:8080/").build().unwrap();
    assert_eq!(request.to_curl().unwrap(), "curl --globoff 'http://[::1]:8080/'");
}

#[test]
fn what_no_command_line_can_hold_is_none() {
    let file = std::fs::File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    for request in [
        Client::new().post("http://h/").body(RequestBody::from_reader(&b"x"[..])),
        Client::new().post("http://h/").body(RequestBody::from_file(file).unwrap()),
        Client::new().head("http://h/").body("x"),
    ] {
        assert_eq!(request.build().unwrap().to_curl(), None);
    }
}
