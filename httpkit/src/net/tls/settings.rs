//! The settings of TLS: plain data.

use std::sync::Arc;

use rustls::{
    KeyLog,
    pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer, ServerName},
};

use super::{provider::TlsProvider, version::TlsVersion};

#[derive(Clone)]
pub(super) struct Settings {
    pub(super) trust: Trust,
    /// Trusted beside those, or alone.
    pub(super) roots: Vec<CertificateDer<'static>>,
    pub(super) revocation_lists: Vec<CertificateRevocationListDer<'static>>,
    /// SHA-256 of public keys; where there are any, the server's must be one of them.
    pub(super) pins: Vec<[u8; 32]>,
    pub(super) identity: Option<Arc<Identity>>,
    /// In place of the host's.
    pub(super) server_name: Option<ServerName<'static>>,
    pub(super) sends_server_name: bool,
    pub(super) alpn_protocols: Vec<Vec<u8>>,
    pub(super) min_version: Option<TlsVersion>,
    pub(super) max_version: Option<TlsVersion>,
    /// In place of the default.
    pub(super) provider: Option<TlsProvider>,
    pub(super) key_log: Option<Arc<dyn KeyLog>>,
}

impl Settings {
    /// Drops what is said to one server, or expected of one.
    pub(super) fn forget_server(&mut self) {
        self.pins.clear();
        self.identity = None;
        self.server_name = None;
    }
}

/// Who is trusted beside the roots given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// The roots of Mozilla's programme.
    Webpki,
    /// Whom the system trusts, judged as it does it.
    #[cfg(feature = "platform-verifier")]
    Platform,
    /// Nobody.
    None,
    /// Anybody, without a look at the certificate.
    Anybody,
}

/// A certificate to show, with those that issued it, and its key.
pub(super) struct Identity {
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            trust: Trust::Webpki,
            roots: Vec::new(),
            revocation_lists: Vec::new(),
            pins: Vec::new(),
            identity: None,
            server_name: None,
            sends_server_name: true,
            alpn_protocols: vec![b"http/1.1".to_vec()],
            min_version: None,
            max_version: None,
            provider: None,
            key_log: None,
        }
    }
}
