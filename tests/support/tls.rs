//! Servers over TLS, with certificates made on the spot.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, Sender, channel},
    },
    time::Duration,
};

use ::ring::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use httpkit::{
    Client, ClientBuilder, TlsConfig,
    testing::{Duplex, Received, Reply, Server},
};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertificateRevocationListParams, CertifiedIssuer,
    DnType, IsCa, KeyIdMethod, KeyPair, PublicKeyData, RevokedCertParams, SerialNumber, date_time_ymd,
};
use rustls::{
    HandshakeKind, ProtocolVersion, RootCertStore, ServerConfig, ServerConnection, SupportedProtocolVersion,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
    server::WebPkiClientVerifier,
};

/// An authority that issues certificates.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key.
pub struct Identity {
    /// The certificate as PEM.
    pub certificate_pem: String,
    /// The key as PEM.
    pub key_pem: String,
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
    public_key: Vec<u8>,
}

impl Authority {
    /// A new one, which nobody trusts yet.
    pub fn new() -> Authority {
        Authority::named("authority")
    }

    /// As [`new`](Authority::new), with a name that differs from those of others.
    pub fn named(name: &str) -> Authority {
        let mut params = CertificateParams::new(Vec::new()).expect("no name is invalid");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("keys can be made");
        Authority(CertifiedIssuer::self_signed(params, key).expect("the key signs"))
    }

    /// Its certificate as PEM.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// Revokes certificates by their serial numbers, in PEM, until some year.
    pub fn revocation_list(&self, serial_numbers: &[u64], next_update: i32) -> String {
        let revoked = |number: &u64| RevokedCertParams {
            serial_number: SerialNumber::from(*number),
            revocation_time: date_time_ymd(2020, 1, 1),
            reason_code: None,
            invalidity_date: None,
        };
        let list = CertificateRevocationListParams {
            this_update: date_time_ymd(2020, 1, 1),
            next_update: date_time_ymd(next_update, 1, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: serial_numbers.iter().map(revoked).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        list.signed_by(&self.0).expect("the authority signs").pem().expect("the list can be written")
    }

    /// Issues a certificate for a name or address.
    pub fn issue(&self, name: &str) -> Identity {
        self.issue_with(name, |_| {})
    }

    /// As [`issue`](Authority::issue), with parameters of its own.
    pub fn issue_with(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Identity {
        let mut params = CertificateParams::new([name.to_owned()]).expect("the name is valid");
        change(&mut params);
        let key = KeyPair::generate().expect("keys can be made");
        let certificate = params.signed_by(&key, &self.0).expect("the authority signs");
        Identity::new(&certificate, &key)
    }

    /// The settings of a client that trusts this authority alone.
    pub fn trusted(&self) -> TlsConfig {
        TlsConfig::new().roots_pem(self.pem().as_bytes()).expect("the PEM is one")
    }

    /// A client that trusts this authority alone.
    pub fn client(&self) -> Client {
        self.client_with(Client::builder())
    }

    /// As [`client`](Authority::client), with settings of its own.
    pub fn client_with(&self, builder: ClientBuilder) -> Client {
        builder.tls(self.trusted()).build().expect("the settings are valid")
    }

    /// The settings of a server that wants certificates of this authority's from its clients.
    pub fn demanded(
        &self,
        versions: &[&'static SupportedProtocolVersion],
        identity: &Identity,
    ) -> ServerConfig {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).expect("the certificate is one");
        let provider = Arc::new(ring::default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone());
        ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .expect("the provider knows the versions")
            .with_client_cert_verifier(verifier.build().expect("there is a root"))
            .with_single_cert(vec![identity.certificate.clone()], identity.key.clone_key())
            .expect("the key is the certificate's")
    }
}

impl Default for Authority {
    fn default() -> Authority {
        Authority::new()
    }
}

impl Identity {
    fn new(certificate: &Certificate, key: &KeyPair) -> Identity {
        Identity {
            certificate_pem: certificate.pem(),
            key_pem: key.serialize_pem(),
            certificate: certificate.der().clone(),
            key: PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            public_key: key.subject_public_key_info(),
        }
    }

    /// A certificate that no authority has issued.
    pub fn self_signed(name: &str, change: impl FnOnce(&mut CertificateParams)) -> Identity {
        let mut params = CertificateParams::new([name.to_owned()]).expect("the name is valid");
        change(&mut params);
        let key = KeyPair::generate().expect("keys can be made");
        Identity::new(&params.self_signed(&key).expect("the key signs"), &key)
    }

    /// The certificate as DER.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// The pin of its key.
    pub fn pin(&self) -> String {
        BASE64.encode(digest(&SHA256, &self.public_key))
    }

    /// The settings of a server that shows this certificate.
    pub fn server(&self, versions: &[&'static SupportedProtocolVersion]) -> ServerConfig {
        ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .expect("the provider knows the versions")
            .with_no_client_auth()
            .with_single_cert(vec![self.certificate.clone()], self.key.clone_key())
            .expect("the key is the certificate's")
    }
}

/// What follows each answer of a [`TlsServer`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Nothing.
    Silence,
    /// `close_notify`.
    CloseNotify,
    /// A message that is no plaintext: new keys.
    KeyUpdate,
    /// Plaintext that nobody asked for.
    Plaintext,
    /// Bytes that are no TLS.
    Garbage,
}

/// What a handshake agreed on.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreed {
    /// The version of TLS.
    pub version: Option<ProtocolVersion>,
    /// Whether the handshake was a full one.
    pub kind: Option<HandshakeKind>,
    /// The name that the client has asked for (SNI).
    pub server_name: Option<String>,
    /// The protocol chosen by ALPN.
    pub protocol: Option<Vec<u8>>,
    /// Whether the client has shown a certificate.
    pub has_client_certificate: bool,
}

/// How a connection has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// How many bytes of plaintext the server has read.
    pub received: u64,
    /// Whether the client has said that it ends.
    pub in_order: bool,
}

/// A [`Server`] over TLS.
pub struct TlsServer {
    server: Server,
    agreed: Arc<Mutex<Vec<Agreed>>>,
    answered: Receiver<()>,
    ended: Receiver<Ended>,
}

impl TlsServer {
    /// Starts it.
    pub fn start(
        config: ServerConfig,
        then: Then,
        handler: impl Fn(&Received) -> Reply + Send + Sync + 'static,
    ) -> TlsServer {
        let config = Arc::new(config);
        let agreed: Arc<Mutex<Vec<Agreed>>> = Arc::default();
        let (answers, answered) = channel();
        let (ends, ended) = channel();
        let wrap = {
            let agreed = agreed.clone();
            move |socket| {
                let session = ServerConnection::new(config.clone()).map_err(io::Error::other)?;
                let (answers, ends) = (answers.clone(), ends.clone());
                let mut stream = TlsDuplex { session, socket, then, ended: NOT_ENDED, answers, ends };
                stream.shake_hands()?;
                agreed.lock().expect("no thread panicked").push(stream.agreed());
                Ok(Box::new(stream) as Box<dyn Duplex>)
            }
        };
        TlsServer { server: Server::start_over(wrap, handler), agreed, answered, ended }
    }

    /// The URL of a path on this server, by its address.
    pub fn url(&self, path: &str) -> String {
        format!("https://{}{path}", self.server.address())
    }

    /// The server under TLS.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// The handshakes that came about.
    pub fn agreed(&self) -> Vec<Agreed> {
        self.agreed.lock().expect("no thread panicked").clone()
    }

    /// Waits until one more answer, and what follows it, has been sent: what was sent on loopback has come.
    pub fn await_answer(&self) {
        self.answered.recv_timeout(Duration::from_secs(30)).expect("the server answers");
    }

    /// Waits until one more connection has ended, and says how.
    pub fn await_end(&self) -> Ended {
        self.ended.recv_timeout(Duration::from_secs(30)).expect("the connection ends")
    }
}

const NOT_ENDED: Ended = Ended { received: 0, in_order: false };

/// The server's end of a connection.
struct TlsDuplex {
    session: ServerConnection,
    socket: TcpStream,
    then: Then,
    ended: Ended,
    answers: Sender<()>,
    ends: Sender<Ended>,
}

impl TlsDuplex {
    fn shake_hands(&mut self) -> io::Result<()> {
        while self.session.is_handshaking() {
            self.session.complete_io(&mut self.socket)?;
        }
        Ok(())
    }

    fn agreed(&self) -> Agreed {
        Agreed {
            version: self.session.protocol_version(),
            kind: self.session.handshake_kind(),
            server_name: self.session.server_name().map(str::to_owned),
            protocol: self.session.alpn_protocol().map(<[u8]>::to_vec),
            has_client_certificate: self.session.peer_certificates().is_some(),
        }
    }

    fn send(&mut self) -> io::Result<()> {
        while self.session.wants_write() {
            self.session.write_tls(&mut self.socket)?;
        }
        Ok(())
    }
}

impl Read for TlsDuplex {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = rustls::Stream::new(&mut self.session, &mut self.socket).read(buffer)?;
        self.ended.received += count as u64;
        self.ended.in_order |= count == 0 && !buffer.is_empty();
        Ok(count)
    }
}

impl Write for TlsDuplex {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.session.writer().write(bytes)?;
        self.send()?;
        Ok(count)
    }

    /// An answer has been sent.
    fn flush(&mut self) -> io::Result<()> {
        match self.then {
            Then::Silence => {}
            Then::CloseNotify => self.session.send_close_notify(),
            Then::KeyUpdate => self.session.refresh_traffic_keys().map_err(io::Error::other)?,
            Then::Plaintext => self.session.writer().write_all(b"HTTP/1.1 200 OK\r\n\r\n")?,
            Then::Garbage => {
                self.socket.write_all(b"\x17\x03\x03\x00\x20 This is no ciphertext of theirs.")?;
            }
        }
        self.send()?;
        // The test may be over.
        let _ = self.answers.send(());
        Ok(())
    }
}

impl Drop for TlsDuplex {
    fn drop(&mut self) {
        let _ = self.ends.send(self.ended);
    }
}
