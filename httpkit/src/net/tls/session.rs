//! What a handshake has agreed on.

use rustls::{ClientConnection, HandshakeKind};

use super::version::TlsVersion;

/// What client and server have agreed on in a handshake, and who the server has shown to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsSession {
    version: TlsVersion,
    cipher_suite: &'static str,
    alpn_protocol: Option<Vec<u8>>,
    peer_certificates: Vec<Vec<u8>>,
    is_resumed: bool,
}

impl TlsSession {
    /// Reads it off a connection; `None` before the handshake is complete.
    pub(super) fn of(connection: &ClientConnection) -> Option<TlsSession> {
        let certificates = connection.peer_certificates().unwrap_or_default();
        Some(TlsSession {
            version: TlsVersion::of(connection.protocol_version()?)?,
            cipher_suite: connection.negotiated_cipher_suite()?.suite().as_str()?,
            alpn_protocol: connection.alpn_protocol().map(<[u8]>::to_vec),
            peer_certificates: certificates.iter().map(|certificate| certificate.to_vec()).collect(),
            is_resumed: connection.handshake_kind() == Some(HandshakeKind::Resumed),
        })
    }

    /// The version of TLS.
    pub fn version(&self) -> TlsVersion {
        self.version
    }

    /// The cipher suite by its registered name, such as `TLS13_AES_256_GCM_SHA384`.
    pub fn cipher_suite(&self) -> &str {
        self.cipher_suite
    }

    /// The protocol that the server has chosen by ALPN (RFC 7301), such as `http/1.1`.
    pub fn alpn_protocol(&self) -> Option<&[u8]> {
        self.alpn_protocol.as_deref()
    }

    /// The certificates that the server has shown, each as DER: its own first. Which of the others were needed
    /// to verify it is not said.
    pub fn peer_certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.peer_certificates.iter().map(Vec::as_slice)
    }

    /// Whether the session of an earlier connection was resumed; its certificates were verified then.
    pub fn is_resumed(&self) -> bool {
        self.is_resumed
    }
}
