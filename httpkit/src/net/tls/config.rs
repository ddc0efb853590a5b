//! Whom a client trusts, and how it shows who it is.

use std::{
    fmt,
    io::Write,
    sync::{Arc, OnceLock},
};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use rustls::{
    ClientConfig, KeyLogFile, RootCertStore,
    pki_types::{CertificateDer, ServerName},
};

use super::{
    build::build,
    error::TlsError,
    key_log::KeyLogSink,
    name::server_name,
    pem,
    provider::TlsProvider,
    settings::{Identity, Settings, Trust},
    version::TlsVersion,
};
use crate::net::shared::Shared;

/// The TLS settings of a client or connection: TLS 1.2 and 1.3, every certificate verified.
///
/// Defaults to the roots of Mozilla's programme, as the `webpki-roots` crate carries them. Clones share one
/// session cache, so that a second connection to a server resumes the first one's session; clones, and they
/// alone, are equal.
///
/// ```
/// use httpkit::{TlsConfig, TlsVersion};
///
/// let tls = TlsConfig::new().min_version(TlsVersion::Tls13);
/// # let _ = tls;
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct TlsConfig(Shared<Inner>);

#[derive(Default)]
struct Inner {
    settings: Settings,
    /// Made at first use: a program that never opens a TLS connection does not pay for it.
    built: OnceLock<Result<Arc<ClientConfig>, TlsError>>,
    /// Made at first use, and kept for the sake of its sessions.
    for_proxies: OnceLock<TlsConfig>,
}

/// Whom the client trusts.
impl TlsConfig {
    /// The defaults.
    pub fn new() -> TlsConfig {
        TlsConfig::default()
    }

    /// Trusts the certificates in `pem`, and no other root.
    ///
    /// # Errors
    /// `Pem` when there is no certificate in `pem`, or one that cannot be a root.
    pub fn roots_pem(self, pem: &[u8]) -> Result<TlsConfig, TlsError> {
        let roots = roots(pem)?;
        Ok(self.change(|settings| {
            settings.trust = Trust::None;
            settings.roots = roots;
        }))
    }

    /// Trusts the certificates in `pem` beside the other roots.
    ///
    /// # Errors
    /// As [`roots_pem`](TlsConfig::roots_pem).
    pub fn extra_roots_pem(self, pem: &[u8]) -> Result<TlsConfig, TlsError> {
        let roots = roots(pem)?;
        Ok(self.change(|settings| settings.roots.extend(roots)))
    }

    /// Has certificates judged by the system's verifier with the system's roots, in place of Mozilla's; on
    /// Linux and BSD, where there is none, by that of rustls with the roots that are installed. Extra roots are
    /// trusted too.
    ///
    /// It brings its own judgement of revocation: with [`revocation_lists`](TlsConfig::revocation_lists),
    /// opening a connection fails with `Settings`.
    #[cfg(feature = "platform-verifier")]
    pub fn platform_verifier(self) -> TlsConfig {
        self.change(|settings| settings.trust = Trust::Platform)
    }

    /// Refuses certificates that one of these lists has revoked (RFC 5280, Section 5): PEM with any number of
    /// them, or DER. Each certificate of a chain below its root then needs a list of its issuer's that is not
    /// out of date. May be called several times.
    ///
    /// # Errors
    /// `Pem` when there is no list, or one that cannot be read.
    pub fn revocation_lists(self, lists: &[u8]) -> Result<TlsConfig, TlsError> {
        let lists = pem::revocation_lists(lists)?;
        Ok(self.change(|settings| settings.revocation_lists.extend(lists)))
    }

    /// Demands, beside all else, that the server's certificate is for this public key: the base64 of the
    /// SHA-256 of its `SubjectPublicKeyInfo`, as RFC 7469, Section 2.4 has it. Of several pins one must fit, so
    /// that a key can be changed.
    ///
    /// # Errors
    /// `Pin` when it is not the base64 of 32 bytes.
    pub fn pin_sha256(self, pin: &str) -> Result<TlsConfig, TlsError> {
        let key = BASE64.decode(pin).ok().and_then(|bytes| bytes.try_into().ok());
        let key = key.ok_or_else(|| TlsError::Pin(pin.to_owned()))?;
        Ok(self.change(|settings| settings.pins.push(key)))
    }

    /// The name to ask for and to verify, in place of the host's.
    ///
    /// # Errors
    /// `Host` when it is neither a DNS name nor an IP address.
    pub fn server_name(self, name: &str) -> Result<TlsConfig, TlsError> {
        let name = server_name(name)?;
        Ok(self.change(|settings| settings.server_name = Some(name)))
    }
}

/// How the client shows itself.
impl TlsConfig {
    /// Shows a certificate when the server asks for one: the PEM of its chain, its own first, and the PEM
    /// of its private key.
    ///
    /// # Errors
    /// `Pem` when there is no certificate or no key, or one that cannot be read.
    pub fn client_auth_pem(self, chain: &[u8], key: &[u8]) -> Result<TlsConfig, TlsError> {
        let identity = Identity { chain: pem::certificates(chain)?, key: pem::private_key(key)? };
        Ok(self.change(|settings| settings.identity = Some(Arc::new(identity))))
    }

    /// Whether the server is told which name is asked for (RFC 6066, Section 3), before anything is encrypted.
    /// Defaults to `true`. The certificate is verified for that name either way.
    pub fn sends_server_name(self, sends: bool) -> TlsConfig {
        self.change(|settings| settings.sends_server_name = sends)
    }

    /// The protocols that ALPN offers (RFC 7301); none means that it is left out. Defaults to `http/1.1`,
    /// which is spoken whatever the server chooses.
    pub fn alpn_protocols<P: AsRef<[u8]>>(self, protocols: impl IntoIterator<Item = P>) -> TlsConfig {
        let protocols = protocols.into_iter().map(|protocol| protocol.as_ref().to_vec()).collect();
        self.change(|settings| settings.alpn_protocols = protocols)
    }

    /// The oldest version spoken. Defaults to TLS 1.2.
    pub fn min_version(self, version: TlsVersion) -> TlsConfig {
        self.change(|settings| settings.min_version = Some(version))
    }

    /// The newest version spoken. Defaults to TLS 1.3.
    pub fn max_version(self, version: TlsVersion) -> TlsConfig {
        self.change(|settings| settings.max_version = Some(version))
    }

    /// Whose cryptography is used. Defaults to ring, where the feature `tls` is on, else to aws-lc-rs.
    pub fn provider(self, provider: TlsProvider) -> TlsConfig {
        self.change(|settings| settings.provider = Some(provider))
    }

    /// Writes the secrets of all sessions to `sink`, in the format of browsers (RFC 9850): whoever has them
    /// can read the traffic. Defaults to not.
    pub fn key_log(self, sink: impl Write + Send + 'static) -> TlsConfig {
        self.change(|settings| settings.key_log = Some(Arc::new(KeyLogSink::new(sink))))
    }

    /// As [`key_log`](TlsConfig::key_log), to the file that the environment names as `SSLKEYLOGFILE`, if it
    /// does.
    pub fn key_log_from_env(self) -> TlsConfig {
        self.change(|settings| settings.key_log = Some(Arc::new(KeyLogFile::new())))
    }
}

/// For proxies.
impl TlsConfig {
    /// The same settings for a proxy on the way: whom the client trusts, but nothing that is meant for the
    /// servers behind it, such as the client's certificate.
    pub(crate) fn for_proxies(&self) -> &TlsConfig {
        self.0.for_proxies.get_or_init(|| self.clone().change(Settings::forget_server))
    }
}

/// For the rest of this folder.
impl TlsConfig {
    /// The same settings but for a change. What the old ones have built is not shared.
    pub(super) fn change(self, change: impl FnOnce(&mut Settings)) -> TlsConfig {
        let mut settings = self.0.settings.clone();
        change(&mut settings);
        TlsConfig(Shared(Arc::new(Inner { settings, ..Inner::default() })))
    }

    /// What rustls goes by, shared by all connections.
    pub(super) fn rustls(&self) -> Result<Arc<ClientConfig>, TlsError> {
        self.0.built.get_or_init(|| build(&self.0.settings).map(Arc::new)).clone()
    }

    /// The name that a host has to show.
    pub(super) fn name_of(&self, host: &str) -> Result<ServerName<'static>, TlsError> {
        self.0.settings.server_name.clone().map_or_else(|| server_name(host), Ok)
    }
}

impl fmt::Debug for TlsConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = &self.0.settings;
        f.debug_struct("TlsConfig")
            .field("trust", &settings.trust)
            .field("roots", &settings.roots.len())
            .field("revocation_lists", &settings.revocation_lists.len())
            .field("pins", &settings.pins.len())
            .field("client_auth", &settings.identity.is_some())
            .field("key_log", &settings.key_log.is_some())
            .finish_non_exhaustive()
    }
}

/// Certificates that can be roots.
fn roots(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let roots = pem::certificates(pem)?;
    for root in &roots {
        let unusable = |error| TlsError::Pem(format!("a root: {error}"));
        RootCertStore::empty().add(root.clone()).map_err(unusable)?;
    }
    Ok(roots)
}
