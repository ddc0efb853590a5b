//! TLS with OpenSSL on the other side.

use httpkit::{
    Client, ErrorKind, TlsConfig, TlsError, TlsVersion,
    testing::{Reply, Server},
};
use httpkit_tests::{Place, Program, tls::Authority};

use crate::{
    counted::Counted,
    programs::{haproxy_with, nginx_with},
};

/// nginx with a certificate of the authority's, which answers with what it knows of the session.
fn nginx(authority: &Authority, settings: &str) -> Option<Program> {
    let identity = authority.issue("127.0.0.1");
    nginx_with("ssl", |place: &Place| {
        let certificate = place.write("certificate.pem", &identity.certificate_pem);
        let key = place.write("key.pem", &identity.key_pem);
        let clients = place.write("clients.pem", authority.pem());
        format!(
            "ssl_certificate {certificate}; ssl_certificate_key {key}; ssl_client_certificate {clients};\n\
             {settings}\n\
             location / {{ return 200 \"$ssl_protocol $ssl_client_verify $ssl_session_reused\"; }}"
        )
    })
}

fn url(nginx: &Program) -> String {
    nginx.url("/").replace("http:", "https:")
}

fn client(tls: TlsConfig) -> Client {
    Client::builder().tls(tls).build().unwrap()
}

#[test]
fn the_version_of_tls_is_the_highest_that_both_sides_have() {
    let authority = Authority::new();
    let (v12, v13) = (TlsVersion::Tls12, TlsVersion::Tls13);
    for (server, lowest, highest, agreed) in [
        ("TLSv1.2", v12, v13, Some("TLSv1.2")),
        ("TLSv1.2", v12, v12, Some("TLSv1.2")),
        ("TLSv1.2", v13, v13, None),
        ("TLSv1.3", v12, v13, Some("TLSv1.3")),
        ("TLSv1.3", v13, v13, Some("TLSv1.3")),
        ("TLSv1.3", v12, v12, None),
        ("TLSv1.2 TLSv1.3", v12, v13, Some("TLSv1.3")),
        ("TLSv1.2 TLSv1.3", v12, v12, Some("TLSv1.2")),
    ] {
        let row = format!("{server} with {lowest} to {highest}");
        let Some(nginx) = nginx(&authority, &format!("ssl_protocols {server};")) else { return };
        let tls = authority.trusted().min_version(lowest).max_version(highest);
        let answer = client(tls).get(url(&nginx)).send();
        let Some(agreed) = agreed else {
            let error = answer.expect_err(&row);
            let ErrorKind::Tls(TlsError::Alert(alert)) = error.kind() else { panic!("{row}: {error:?}") };
            assert_eq!(alert, "ProtocolVersion", "{row}");
            assert!(error.is_connect() && !error.may_have_been_processed(), "{row}: {error:?}");
            continue;
        };
        let response = answer.unwrap_or_else(|error| panic!("{row}: {error:?}"));
        let version = response.tls_session().unwrap().version();
        assert_eq!(version, if agreed == "TLSv1.3" { v13 } else { v12 }, "{row}");
        assert!(response.text().unwrap().starts_with(agreed), "{row}");
    }
}

/// The settings of a client that trusts an authority and shows a certificate of some issuer's.
fn shown(authority: &Authority, issuer: &Authority) -> TlsConfig {
    let identity = issuer.issue("client");
    let (chain, key) = (identity.certificate_pem.as_bytes(), identity.key_pem.as_bytes());
    authority.trusted().client_auth_pem(chain, key).unwrap()
}

#[test]
fn nginx_answers_who_shows_no_certificate_that_it_wants() {
    let (authority, other) = (Authority::new(), Authority::named("somebody else"));
    for version in ["TLSv1.2", "TLSv1.3"] {
        let settings = format!("ssl_protocols {version}; ssl_verify_client on;");
        let Some(nginx) = nginx(&authority, &settings) else { return };
        for (tls, status, says) in [
            (shown(&authority, &authority), 200, "SUCCESS"),
            (authority.trusted(), 400, "No required SSL certificate was sent"),
            (shown(&authority, &other), 400, "The SSL certificate error"),
        ] {
            let response = client(tls).get(url(&nginx)).send().unwrap();
            assert_eq!(response.status(), status, "{version}: {says}");
            let text = response.text().unwrap();
            assert!(text.contains(says), "{version}: {text}");
        }
    }
}

#[test]
fn haproxy_refuses_who_shows_no_certificate_that_it_wants() {
    let (authority, other) = (Authority::new(), Authority::named("somebody else"));
    let identity = authority.issue("127.0.0.1");
    let server = Server::start(|_| Reply::text(200, "hello"));
    for (version, missing) in [("TLSv1.2", "HandshakeFailure"), ("TLSv1.3", "CertificateRequired")] {
        let options = |place: &Place| {
            let own = [identity.certificate_pem.as_str(), identity.key_pem.as_str()].concat();
            let (own, clients) = (place.write("own.pem", own), place.write("clients.pem", authority.pem()));
            format!(
                "ssl crt {own} ca-file {clients} verify required ssl-min-ver {version} ssl-max-ver {version}"
            )
        };
        let Some(haproxy) = haproxy_with(&server.address().to_string(), "", options) else { return };
        let response = client(shown(&authority, &authority)).get(url(&haproxy)).send().unwrap();
        assert_eq!(response.text().unwrap(), "hello", "{version}");
        for (tls, expected) in [(authority.trusted(), missing), (shown(&authority, &other), "UnknownCA")] {
            let error = client(tls).get(url(&haproxy)).send().unwrap_err();
            let ErrorKind::Tls(TlsError::Alert(alert)) = error.kind() else { panic!("{version}: {error:?}") };
            assert_eq!(alert, expected, "{version}");
        }
    }
    assert_eq!(server.received().len(), 2);
}

#[test]
fn a_session_is_resumed_on_the_next_connection() {
    let authority = Authority::new();
    for version in ["TLSv1.2", "TLSv1.3"] {
        let settings =
            format!("ssl_protocols {version}; ssl_session_cache shared:test:1m; keepalive_timeout 0;");
        let Some(nginx) = nginx(&authority, &settings) else { return };
        let counted = Counted::with(Client::builder().tls(authority.trusted()));
        for (number, reused) in [".", "r", "r"].into_iter().enumerate() {
            let text = counted.text(&url(&nginx));
            assert!(text.ends_with(&format!(" {reused}")), "{version}, connection {number}: {text}");
        }
    }
}

#[test]
fn a_request_in_the_clear_to_a_port_of_tls_is_answered() {
    let authority = Authority::new();
    let Some(nginx) = nginx(&authority, "") else { return };
    let response = Client::new().get(nginx.url("/")).send().unwrap();
    assert_eq!(response.status(), 400);
    assert!(response.text().unwrap().contains("plain HTTP request was sent to HTTPS port"));
}
