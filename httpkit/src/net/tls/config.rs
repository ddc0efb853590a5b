//! Whom a client trusts, and how it shows who it is.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

use super::error::TlsError;
use crate::net::shared::Shared;

/// The TLS settings of a client or connection: TLS 1.2 and 1.3, every certificate verified.
///
/// Defaults to the roots of Mozilla's programme, as the `webpki-roots` crate carries them. Clones share one
/// session cache, so that a second connection to a server resumes the first one's session; clones, and they
/// alone, are equal.
///
/// ```
/// use httpkit::TlsConfig;
///
/// let tls = TlsConfig::new();
/// # let _ = tls;
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TlsConfig(Shared<Inner>);

#[derive(Default)]
struct Inner {
    settings: Settings,
    /// Made at first use: a program that never opens a TLS connection does not pay for it.
    built: OnceLock<Result<Arc<ClientConfig>, TlsError>>,
}

#[derive(Clone, Default)]
struct Settings {
    roots: Roots,
    identity: Option<Arc<Identity>>,
}

#[derive(Clone, Default)]
enum Roots {
    #[default]
    Webpki,
    Own(Arc<RootCertStore>),
}

struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl TlsConfig {
    /// The defaults.
    pub fn new() -> TlsConfig {
        TlsConfig::default()
    }

    /// Trusts the certificates in `pem`, and no other root.
    ///
    /// # Errors
    /// `Tls` when there is no certificate in `pem`, or one that cannot be read.
    pub fn roots_pem(self, pem: &[u8]) -> Result<TlsConfig, TlsError> {
        let mut roots = RootCertStore::empty();
        for certificate in certificates(pem)? {
            roots.add(certificate)?;
        }
        Ok(self.change(|settings| settings.roots = Roots::Own(Arc::new(roots))))
    }

    /// Shows a certificate when the server asks for one: the PEM of its chain, its own first, and the PEM
    /// of its private key.
    ///
    /// # Errors
    /// `Tls` when there is no certificate or no key, or one that cannot be read.
    pub fn client_auth_pem(self, chain: &[u8], key: &[u8]) -> Result<TlsConfig, TlsError> {
        let chain = certificates(chain)?;
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|error| TlsError::Pem(format!("a private key: {error}")))?;
        Ok(self.change(|settings| settings.identity = Some(Arc::new(Identity { chain, key }))))
    }

    fn change(self, change: impl FnOnce(&mut Settings)) -> TlsConfig {
        let mut settings = self.0.settings.clone();
        change(&mut settings);
        TlsConfig(Shared(Arc::new(Inner { settings, built: OnceLock::new() })))
    }

    /// What rustls goes by, shared by all connections.
    pub(super) fn rustls(&self) -> Result<Arc<ClientConfig>, TlsError> {
        self.0.built.get_or_init(|| build(&self.0.settings).map(Arc::new)).clone()
    }
}

impl fmt::Debug for TlsConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsConfig")
            .field("own_roots", &matches!(self.0.settings.roots, Roots::Own(_)))
            .field("client_auth", &self.0.settings.identity.is_some())
            .finish()
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match certificates {
        Ok(none) if none.is_empty() => Err(TlsError::Pem("a certificate: none is there".into())),
        Ok(certificates) => Ok(certificates),
        Err(error) => Err(TlsError::Pem(format!("a certificate: {error}"))),
    }
}

/// The provider is passed on, never the process's default: other crates may have set another, or two.
fn build(settings: &Settings) -> Result<ClientConfig, TlsError> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let builder = builder.with_root_certificates(match &settings.roots {
        Roots::Webpki => Arc::new(webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect()),
        Roots::Own(roots) => roots.clone(),
    });
    let mut config = match &settings.identity {
        None => builder.with_no_client_auth(),
        Some(identity) => builder.with_client_auth_cert(identity.chain.clone(), identity.key.clone_key())?,
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
