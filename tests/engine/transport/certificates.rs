//! Which certificates a client takes, and what it says of those that it refuses.

use std::error::Error as _;

use httpkit::{
    CertificateFault, Client, Error, ErrorKind, TlsConfig, TlsError, danger,
    testing::{Received, Reply},
};
use httpkit_tests::tls::{Authority, Identity, Then, TlsServer};
use rcgen::{
    BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, SerialNumber, date_time_ymd,
};
use rustls::{
    SupportedProtocolVersion,
    version::{TLS12, TLS13},
};

const BOTH: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];
const HOST: &str = "127.0.0.1";

fn echo(request: &Received) -> Reply {
    Reply::new(200).body(request.body())
}

fn server(identity: &Identity, versions: &[&'static SupportedProtocolVersion]) -> TlsServer {
    TlsServer::start(identity.server(versions), Then::Silence, echo)
}

fn post(tls: &TlsConfig, url: &str) -> httpkit::Result<String> {
    let client = Client::builder().tls(tls.clone()).build().unwrap();
    client.post(url).body("secret").send()?.text()
}

/// No connection came about, the server saw no request, and the error says why.
fn assert_refused(error: &Error, server: &TlsServer, expected: CertificateFault) {
    let ErrorKind::Tls(TlsError::Certificate { fault, .. }) = error.kind() else {
        panic!("{error:?} is not {expected:?}");
    };
    assert_eq!(*fault, expected, "{error:?}");
    assert!(error.is_connect() && !error.may_have_been_processed() && !error.is_retryable());
    let said = error.source().unwrap().to_string();
    assert!(said.contains(&expected.to_string()), "{said}");
    assert!(server.server().received().is_empty());
}

type Change = fn(&mut CertificateParams);

const REVOKED: u64 = 41;
const GOOD: u64 = 42;

fn numbered(authority: &Authority, number: u64) -> Identity {
    authority.issue_with(HOST, |params| params.serial_number = Some(SerialNumber::from(number)))
}

#[test]
fn certificates_that_nobody_should_trust_are_refused() {
    use CertificateFault as F;

    let changes: [(Change, F); 4] = [
        (|params| params.not_after = date_time_ymd(2001, 1, 1), F::Expired),
        (|params| params.not_before = date_time_ymd(2999, 1, 1), F::NotYetValid),
        (|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth], F::WrongUsage),
        (|params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained), F::WrongUsage),
    ];
    let authority = Authority::new();
    let of_ours =
        changes.map(|(change, fault)| (authority.trusted(), authority.issue_with(HOST, change), fault));
    let others = [
        (TlsConfig::new(), authority.issue(HOST), F::UnknownIssuer),
        // An authority of the same name, with another key.
        (Authority::new().trusted(), authority.issue(HOST), F::BadSignature),
        (authority.trusted(), authority.issue("127.0.0.2"), F::WrongHost),
        (authority.trusted(), authority.issue("test.example"), F::WrongHost),
        (authority.trusted(), Identity::self_signed(HOST, |_| {}), F::SelfSigned),
        (TlsConfig::new(), Identity::self_signed(HOST, |_| {}), F::SelfSigned),
        (
            authority.trusted(),
            Identity::self_signed(HOST, |params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)),
            F::SelfSigned,
        ),
    ];
    for (tls, identity, fault) in of_ours.into_iter().chain(others) {
        for version in BOTH {
            let server = server(&identity, &[version]);
            assert_refused(&post(&tls, &server.url("/")).unwrap_err(), &server, fault);
        }
    }
}

#[test]
fn a_certificate_for_an_address_does_not_serve_by_name() {
    let authority = Authority::new();
    let server = server(&authority.issue(HOST), &BOTH);
    let url = format!("https://localhost:{}/", server.server().address().port());
    let error = post(&authority.trusted(), &url).unwrap_err();
    assert_refused(&error, &server, CertificateFault::WrongHost);
    let detail = error.source().unwrap().to_string();
    assert!(detail.contains("localhost") && detail.contains(HOST), "{detail}");
}

#[test]
fn what_a_certificate_says_stands_on_one_line_and_is_cut() {
    let authority = Authority::new();
    let many = |params: &mut CertificateParams| {
        params.subject_alt_names = CertificateParams::new(
            (0..500).map(|index| format!("host-{index}.test.example")).collect::<Vec<_>>(),
        )
        .unwrap()
        .subject_alt_names;
    };
    let server = server(&authority.issue_with(HOST, many), &BOTH);
    let error = post(&authority.trusted(), &server.url("/")).unwrap_err();
    assert_refused(&error, &server, CertificateFault::WrongHost);
    let said = error.source().unwrap().to_string();
    assert!(said.len() < 500 && !said.contains(char::is_control), "{said}");
}

#[test]
fn revoked_certificates_are_refused() {
    let (authority, other, namesake) = (Authority::new(), Authority::named("other"), Authority::new());
    let list = authority.revocation_list(&[REVOKED, 7], 2999);
    let outdated = authority.revocation_list(&[7], 2021);
    let listed = |lists: &str| authority.trusted().revocation_lists(lists.as_bytes()).unwrap();
    for version in BOTH {
        for (tls, number, fault) in [
            (listed(&list), GOOD, None),
            (listed(&list), REVOKED, Some(CertificateFault::Revoked)),
            (
                listed(&(other.revocation_list(&[GOOD], 2999) + &list)),
                REVOKED,
                Some(CertificateFault::Revoked),
            ),
            (listed(&namesake.revocation_list(&[7], 2999)), GOOD, Some(CertificateFault::RevocationUnknown)),
            (listed(&outdated), GOOD, Some(CertificateFault::RevocationUnknown)),
            (authority.trusted(), REVOKED, None),
        ] {
            let server = server(&numbered(&authority, number), &[version]);
            match (post(&tls, &server.url("/")), fault) {
                (Ok(text), None) => assert_eq!(text, "secret"),
                (Err(error), Some(fault)) => assert_refused(&error, &server, fault),
                (result, fault) => panic!("{result:?} is not {fault:?}"),
            }
        }
    }
}

#[test]
fn where_lists_are_given_an_issuer_without_one_is_refused() {
    let (authority, other) = (Authority::named("one"), Authority::named("other"));
    let list = other.revocation_list(&[], 2999);
    let tls = authority.trusted().revocation_lists(list.as_bytes()).unwrap();
    let server = server(&authority.issue(HOST), &BOTH);
    let error = post(&tls, &server.url("/")).unwrap_err();
    assert_refused(&error, &server, CertificateFault::RevocationUnknown);
}

#[test]
fn revocation_lists_are_read_as_pem_and_as_der() {
    let authority = Authority::new();
    let pem = authority.revocation_list(&[REVOKED], 2999);
    let der = rustls::pki_types::pem::PemObject::from_pem_slice(pem.as_bytes()).unwrap();
    let der: rustls::pki_types::CertificateRevocationListDer<'_> = der;
    let tls = authority.trusted().revocation_lists(&der).unwrap();
    let server = server(&numbered(&authority, REVOKED), &BOTH);
    assert_refused(&post(&tls, &server.url("/")).unwrap_err(), &server, CertificateFault::Revoked);
    for unusable in [&b""[..], b"0", &der[..der.len() / 2], authority.pem().as_bytes()] {
        let error = TlsConfig::new().revocation_lists(unusable).unwrap_err();
        assert!(matches!(&error, TlsError::Pem(what) if what.starts_with("a revocation list")), "{error}");
    }
}

#[test]
fn pins_are_checked_beside_all_else() {
    let authority = Authority::new();
    let (ours, theirs) = (authority.issue(HOST), authority.issue(HOST));
    let server = server(&ours, &BOTH);
    let url = server.url("/");
    let wrong = authority.trusted().pin_sha256(&theirs.pin()).unwrap();
    assert_refused(&post(&wrong, &url).unwrap_err(), &server, CertificateFault::WrongPin);
    let untrusted = TlsConfig::new().pin_sha256(&ours.pin()).unwrap();
    assert_refused(&post(&untrusted, &url).unwrap_err(), &server, CertificateFault::UnknownIssuer);
    let unverified = danger::trust_anybody(wrong.clone());
    assert_refused(&post(&unverified, &url).unwrap_err(), &server, CertificateFault::WrongPin);
    // One of several is enough, also when the session is resumed.
    let either = wrong.pin_sha256(&ours.pin()).unwrap();
    for _ in 0..2 {
        assert_eq!(post(&either, &url).unwrap(), "secret");
    }
    for pin in ["", "AAAA", &ours.pin()[1..], &format!("{}=", ours.pin()), "sha256/!"] {
        assert_eq!(TlsConfig::new().pin_sha256(pin).unwrap_err(), TlsError::Pin(pin.into()));
    }
}

#[test]
fn extra_roots_are_trusted_beside_the_others() {
    let (one, other) = (Authority::named("one"), Authority::named("other"));
    let tls = one.trusted().extra_roots_pem(other.pem().as_bytes()).unwrap();
    for authority in [&one, &other] {
        let server = server(&authority.issue(HOST), &BOTH);
        assert_eq!(post(&tls, &server.url("/")).unwrap(), "secret");
    }
    let beside_defaults = TlsConfig::new().extra_roots_pem(one.pem().as_bytes()).unwrap();
    let server = server(&one.issue(HOST), &BOTH);
    assert_eq!(post(&beside_defaults, &server.url("/")).unwrap(), "secret");
    // What was trusted before is replaced.
    let replaced = beside_defaults.roots_pem(other.pem().as_bytes()).unwrap();
    let error = post(&replaced, &server.url("/")).unwrap_err();
    let ErrorKind::Tls(TlsError::Certificate { fault, .. }) = error.kind() else { panic!("{error:?}") };
    assert_eq!(*fault, CertificateFault::UnknownIssuer);
}

#[test]
fn whoever_trusts_anybody_takes_any_certificate() {
    let authority = Authority::new();
    let tls = danger::trust_anybody(TlsConfig::new());
    let expired = authority.issue_with(HOST, |params| params.not_after = date_time_ymd(2001, 1, 1));
    for identity in [authority.issue("test.example"), expired, Identity::self_signed(HOST, |_| {})] {
        for version in BOTH {
            assert_eq!(post(&tls, &server(&identity, &[version]).url("/")).unwrap(), "secret");
        }
    }
    // Other configurations stay as they are.
    let server = server(&authority.issue(HOST), &BOTH);
    assert_refused(
        &post(&TlsConfig::new(), &server.url("/")).unwrap_err(),
        &server,
        CertificateFault::UnknownIssuer,
    );
}

#[cfg(feature = "platform-verifier")]
#[test]
fn the_system_judges_with_the_roots_that_it_is_given() {
    let authority = Authority::new();
    let trusting =
        || TlsConfig::new().platform_verifier().extra_roots_pem(authority.pem().as_bytes()).unwrap();
    let server = server(&authority.issue(HOST), &BOTH);
    assert_eq!(post(&trusting(), &server.url("/")).unwrap(), "secret");
    let expired = authority.issue_with(HOST, |params| params.not_after = date_time_ymd(2001, 1, 1));
    let lists = authority.revocation_list(&[], 2999);
    for (tls, server) in [
        (TlsConfig::new().platform_verifier(), server),
        (trusting(), self::server(&expired, &BOTH)),
        (trusting().revocation_lists(lists.as_bytes()).unwrap(), self::server(&authority.issue(HOST), &BOTH)),
    ] {
        let before = server.server().received().len();
        let error = post(&tls, &server.url("/")).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Tls(_)), "{error:?}");
        assert_eq!(server.server().received().len(), before);
    }
}
