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

use httpkit::{
    Client, ClientBuilder, TlsConfig,
    testing::{Duplex, Received, Reply, Server},
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
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
}

impl Authority {
    /// A new one, which nobody trusts yet.
    pub fn new() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).expect("no name is invalid");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("keys can be made");
        Authority(CertifiedIssuer::self_signed(params, key).expect("the key signs"))
    }

    /// Its certificate as PEM.
    pub fn pem(&self) -> String {
        self.0.pem()
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
        Identity {
            certificate_pem: certificate.pem(),
            key_pem: key.serialize_pem(),
            certificate: certificate.der().clone(),
            key: PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        }
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
    /// The protocol chosen by ALPN.
    pub protocol: Option<Vec<u8>>,
    /// Whether the client has shown a certificate.
    pub has_client_certificate: bool,
}

/// A [`Server`] over TLS.
pub struct TlsServer {
    server: Server,
    agreed: Arc<Mutex<Vec<Agreed>>>,
    answered: Receiver<()>,
    ended: Receiver<u64>,
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
                let mut stream = TlsDuplex { session, socket, then, received: 0, answers, ends };
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

    /// Waits until one more connection has ended, and says how much plaintext came on it.
    pub fn await_end(&self) -> u64 {
        self.ended.recv_timeout(Duration::from_secs(30)).expect("the connection ends")
    }
}

/// The server's end of a connection.
struct TlsDuplex {
    session: ServerConnection,
    socket: TcpStream,
    then: Then,
    /// Bytes of plaintext.
    received: u64,
    answers: Sender<()>,
    ends: Sender<u64>,
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
        self.received += count as u64;
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
        let _ = self.ends.send(self.received);
    }
}
