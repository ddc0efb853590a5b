//! What a client says in the handshake, and what it tells of it afterwards.

use std::{
    env, fs,
    io::{self, Write},
    process::{self, Command},
    sync::{Arc, Mutex},
};

use httpkit::{
    Client, Error, ErrorKind, HttpConnection, Method, Proxy, TlsConfig, TlsError, TlsVersion,
    testing::{Reply, Server},
};
use httpkit_tests::tls::{Authority, Then, TlsServer};
use rustls::{
    ProtocolVersion, SupportedProtocolVersion,
    version::{TLS12, TLS13},
};

const BOTH: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];
const HOST: &str = "localhost";

fn hello(authority: &Authority, versions: &[&'static SupportedProtocolVersion]) -> TlsServer {
    let mut config = authority.issue(HOST).server(versions);
    config.alpn_protocols = vec![b"http/1.0".to_vec(), b"http/1.1".to_vec()];
    TlsServer::start(config, Then::Silence, |_| Reply::text(200, "hello"))
}

fn by_name(server: &TlsServer, host: &str) -> String {
    format!("https://{host}:{}/", server.server().address().port())
}

fn get(tls: &TlsConfig, url: &str) -> httpkit::Result<String> {
    client(tls).get(url).send()?.text()
}

fn client(tls: &TlsConfig) -> Client {
    Client::builder().tls(tls.clone()).build().unwrap()
}

fn tls_error(error: &Error) -> &TlsError {
    let ErrorKind::Tls(error) = error.kind() else { panic!("{error:?}") };
    error
}

#[test]
fn the_server_is_told_the_name_unless_that_is_off() {
    let authority = Authority::new();
    for version in BOTH {
        let server = hello(&authority, &[version]);
        let url = by_name(&server, HOST);
        for (tls, name) in
            [(authority.trusted(), Some(HOST)), (authority.trusted().sends_server_name(false), None)]
        {
            assert_eq!(get(&tls, &url).unwrap(), "hello");
            assert_eq!(server.agreed().pop().unwrap().server_name.as_deref(), name);
        }
        // The name is verified all the same.
        let unnamed = authority.trusted().sends_server_name(false);
        let error = get(&unnamed, &server.url("/")).unwrap_err();
        assert!(matches!(tls_error(&error), TlsError::Certificate { .. }), "{error:?}");
    }
}

#[test]
fn another_name_is_asked_for_and_verified() {
    let authority = Authority::new();
    let server = hello(&authority, &BOTH);
    let tls = authority.trusted().server_name(HOST).unwrap();
    assert_eq!(get(&tls, &server.url("/")).unwrap(), "hello");
    assert_eq!(server.agreed()[0].server_name.as_deref(), Some(HOST));
    let host = server.server().received()[0].header("host").unwrap().to_string();
    assert_eq!(host, server.server().address().to_string());

    let other = authority.trusted().server_name("test.example").unwrap();
    let error = get(&other, &by_name(&server, HOST)).unwrap_err();
    assert!(matches!(tls_error(&error), TlsError::Certificate { .. }), "{error:?}");
    let error = TlsConfig::new().server_name("no name").unwrap_err();
    assert_eq!(error, TlsError::Host("no name".into()));
}

#[test]
fn protocols_are_offered_as_configured() {
    let authority = Authority::new();
    let trusted = || authority.trusted();
    for (tls, chosen) in [
        (trusted(), Some("http/1.1")),
        (trusted().alpn_protocols(["http/1.1", "http/1.0"]), Some("http/1.0")),
        (trusted().alpn_protocols(<[&str; 0]>::default()), None),
    ] {
        let server = hello(&authority, &BOTH);
        let mut connection = HttpConnection::builder(&format!("{HOST}:{}", server.server().address().port()))
            .tls(tls)
            .build()
            .unwrap();
        connection.connect().unwrap();
        let protocol = connection.tls_session().unwrap().alpn_protocol();
        assert_eq!(protocol, chosen.map(str::as_bytes));
        connection.request(Method::GET, "/", (), &[]).unwrap();
        assert_eq!(connection.get_response().unwrap().read_all().unwrap(), b"hello");
        assert_eq!(server.agreed()[0].protocol.as_deref(), chosen.map(str::as_bytes));
    }
}

#[test]
fn versions_lie_between_the_bounds() {
    use TlsVersion::{Tls12, Tls13};

    let authority = Authority::new();
    let trusted = || authority.trusted();
    for (tls, versions, expected) in [
        (trusted(), &BOTH[..], Some(Tls13)),
        (trusted().max_version(Tls12), &BOTH, Some(Tls12)),
        (trusted().min_version(Tls13), &BOTH, Some(Tls13)),
        (trusted().min_version(Tls12).max_version(Tls12), &BOTH, Some(Tls12)),
        (trusted().min_version(Tls13), &[&TLS12], None),
        (trusted().max_version(Tls12), &[&TLS13], None),
    ] {
        let server = hello(&authority, versions);
        match (client(&tls).get(by_name(&server, HOST)).send(), expected) {
            (Ok(response), Some(expected)) => {
                assert_eq!(response.tls_session().unwrap().version(), expected);
                let versions = [(Tls12, ProtocolVersion::TLSv1_2), (Tls13, ProtocolVersion::TLSv1_3)];
                let agreed = server.agreed()[0].version.unwrap();
                assert!(versions.contains(&(expected, agreed)), "{expected}, {agreed:?}");
            }
            (Err(error), None) => {
                assert!(matches!(tls_error(&error), TlsError::Alert(_) | TlsError::Protocol(_)), "{error:?}");
                assert!(server.agreed().is_empty());
            }
            (result, expected) => panic!("{result:?} is not {expected:?}"),
        }
    }
    let none = trusted().min_version(Tls13).max_version(Tls12);
    let error = get(&none, &hello(&authority, &BOTH).url("/")).unwrap_err();
    assert!(matches!(tls_error(&error), TlsError::Settings(_)), "{error:?}");
}

#[test]
fn a_response_tells_what_was_agreed_on() {
    let authority = Authority::new();
    for (version, expected) in [(&TLS12, TlsVersion::Tls12), (&TLS13, TlsVersion::Tls13)] {
        let identity = authority.issue(HOST);
        let server = TlsServer::start(identity.server(&[version]), Then::Silence, |request| {
            Reply::text(200, request.target().trim_start_matches('/'))
        });
        let client = authority.client_with(Client::builder().max_idle_per_host(0));
        for is_resumed in [false, true] {
            // A body that is empty is over with the head, and its connection has gone.
            let empty = client.get(by_name(&server, HOST)).send().unwrap();
            let mut response = client.get(by_name(&server, HOST) + "body").send().unwrap();
            io::copy(&mut response, &mut io::sink()).unwrap();
            for (response, is_resumed) in [(&empty, is_resumed), (&response, true)] {
                let session = response.tls_session().unwrap();
                assert_eq!((session.version(), session.is_resumed()), (expected, is_resumed));
                assert!(session.cipher_suite().starts_with("TLS"), "{}", session.cipher_suite());
                let certificates: Vec<_> = session.peer_certificates().collect();
                assert_eq!(certificates, [identity.certificate()]);
            }
        }
    }
    let plain = Server::start(|_| Reply::text(200, "plain"));
    assert!(Client::new().get(plain.url("/")).send().unwrap().tls_session().is_none());
}

#[test]
fn a_connection_tells_what_was_agreed_on_while_it_is_open() {
    let authority = Authority::new();
    let server = hello(&authority, &BOTH);
    let host = format!("{HOST}:{}", server.server().address().port());
    let mut connection = HttpConnection::builder(&host).tls(authority.trusted()).build().unwrap();
    assert!(connection.tls_session().is_none());
    connection.request(Method::GET, "/", (), &[]).unwrap();
    let response = connection.get_response().unwrap();
    assert_eq!(response.tls_session().unwrap().version(), TlsVersion::Tls13);
    drop(response);
    assert_eq!(connection.tls_session().unwrap().alpn_protocol(), Some(&b"http/1.1"[..]));
    connection.close();
    assert!(connection.tls_session().is_none());
}

/// A sink whose content can be seen.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<u8>>>);

impl Write for Seen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn secrets_are_written_down_on_demand_alone() {
    let authority = Authority::new();
    for (version, labels) in [
        (&TLS12, &["CLIENT_RANDOM"][..]),
        (&TLS13, &["CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_TRAFFIC_SECRET_0"]),
    ] {
        let seen = Seen::default();
        let tls = authority.trusted().key_log(seen.clone());
        get(&tls, &by_name(&hello(&authority, &[version]), HOST)).unwrap();
        let text = String::from_utf8(seen.0.lock().unwrap().clone()).unwrap();
        for line in text.lines() {
            let [_, random, secret] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(random.len() == 64 && is_hex(random) && secret.len() >= 64 && is_hex(secret), "{line}");
        }
        assert!(labels.iter().all(|label| text.lines().any(|line| line.starts_with(label))), "{text}");
    }
}

#[test]
fn secrets_go_to_the_file_that_the_environment_names() {
    const TEST: &str = "transport::tls_settings::secrets_go_to_the_file_that_the_environment_names";
    let authority = Authority::new();
    let server = hello(&authority, &BOTH);
    if env::var_os("SSLKEYLOGFILE").is_some() {
        get(&authority.trusted().key_log_from_env(), &by_name(&server, HOST)).unwrap();
        return;
    }
    // Without the variable, it changes nothing.
    get(&authority.trusted().key_log_from_env(), &by_name(&server, HOST)).unwrap();
    let file = env::temp_dir().join(format!("httpkit-secrets-{}", process::id()));
    let mut child = Command::new(env::current_exe().unwrap());
    let output = child.args(["--exact", TEST]).env("SSLKEYLOGFILE", &file).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("CLIENT_TRAFFIC_SECRET_0 "), "{text}");
    fs::remove_file(file).unwrap();
}

#[test]
fn a_proxy_gets_the_trust_of_the_client_and_nothing_that_is_meant_for_servers() {
    let authority = Authority::new();
    let identity = authority.issue(HOST);
    let (other, me) = (authority.issue("test.example"), authority.issue("me.example"));
    let with_certificate =
        || authority.trusted().client_auth_pem(me.certificate_pem.as_bytes(), me.key_pem.as_bytes()).unwrap();
    let for_servers =
        with_certificate().server_name("test.example").unwrap().pin_sha256(&other.pin()).unwrap();
    let answer = |_: &httpkit::testing::Received| Reply::text(200, "by proxy");
    let open = TlsServer::start(identity.server(&BOTH), Then::Silence, answer);
    let demanding = TlsServer::start(authority.demanded(&BOTH, &identity), Then::Silence, answer);
    let through = |server: &TlsServer, tls: Option<TlsConfig>| {
        let proxy = Proxy::parse(&by_name(server, HOST)).unwrap();
        let proxy = if let Some(tls) = tls { proxy.tls(tls) } else { proxy };
        let client = Client::builder().tls(for_servers.clone()).proxy(proxy).max_idle_per_host(0);
        client.build().unwrap().get("http://test.example/").send()?.text()
    };
    for _ in 0..2 {
        assert_eq!(through(&open, None).unwrap(), "by proxy");
    }
    assert!(open.agreed().iter().all(|agreed| agreed.server_name.as_deref() == Some(HOST)));
    // Connections to proxies resume as others do.
    assert_eq!(open.agreed()[1].kind, Some(rustls::HandshakeKind::Resumed));
    through(&demanding, None).unwrap_err();
    assert_eq!(through(&demanding, Some(with_certificate())).unwrap(), "by proxy");
}

#[test]
fn a_connection_that_is_closed_says_so() {
    let authority = Authority::new();
    for version in BOTH {
        let server = hello(&authority, &[version]);
        let client = authority.client();
        client.get(by_name(&server, HOST)).send().unwrap().bytes().unwrap();
        drop(client);
        assert!(server.await_end().in_order, "{version:?}");

        // In the middle of a response, too.
        let response = authority.client().get(by_name(&server, HOST)).send().unwrap();
        drop(response);
        assert!(server.await_end().in_order, "{version:?}");
    }
}

#[cfg(feature = "aws-lc-rs")]
#[test]
fn another_provider_speaks_the_same() {
    use httpkit::TlsProvider;

    let authority = Authority::new();
    for provider in [TlsProvider::Ring, TlsProvider::AwsLcRs] {
        for version in BOTH {
            let identity = authority.issue(HOST);
            let server =
                TlsServer::start(identity.server(&[version]), Then::Silence, |_| Reply::text(200, "hello"));
            let pinned = authority.trusted().pin_sha256(&identity.pin()).unwrap();
            let client = client(&pinned.provider(provider));
            for _ in 0..2 {
                let response = client.get(by_name(&server, HOST)).send().unwrap();
                assert!(response.tls_session().is_some(), "{provider:?}");
                assert_eq!(response.text().unwrap(), "hello");
            }
        }
    }
}
