//! What a server's certificate must be, beyond what rustls checks.
//!
//! Rule of this file: the verifier of rustls is asked first, and what it refuses stays refused.

use std::sync::Arc;

use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::hash::Hash,
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use webpki::EndEntityCert;

use super::error::CertificateFault;

/// The verifier of rustls, and pins.
#[derive(Debug)]
pub(super) struct Verifier {
    pub(super) inner: Arc<dyn ServerCertVerifier>,
    /// There where anything is pinned.
    pub(super) pins: Option<Pins>,
}

/// The public keys that servers may have, by their SHA-256.
pub(super) struct Pins {
    pub(super) keys: Vec<[u8; 32]>,
    pub(super) sha256: &'static dyn Hash,
}

impl std::fmt::Debug for Pins {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pins").field("keys", &self.keys.len()).finish_non_exhaustive()
    }
}

impl Pins {
    fn check(&self, certificate: &CertificateDer<'_>) -> Result<(), Error> {
        let key = parse(certificate)?.subject_public_key_info();
        let digest = self.sha256.hash(&key);
        let is_pinned = self.keys.iter().any(|pin| pin == digest.as_ref());
        if is_pinned { Ok(()) } else { Err(CertificateFault::WrongPin.into()) }
    }
}

fn parse<'a>(certificate: &'a CertificateDer<'_>) -> Result<EndEntityCert<'a>, Error> {
    EndEntityCert::try_from(certificate).map_err(|_| Error::InvalidCertificate(CertificateError::BadEncoding))
}

/// Says of a certificate that nobody trusted has issued whether it has issued itself.
fn explain(error: Error, certificate: &CertificateDer<'_>) -> Error {
    let is_untrusted = match &error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => true,
        Error::InvalidCertificate(CertificateError::Other(OtherError(other))) => {
            matches!(other.downcast_ref(), Some(webpki::Error::CaUsedAsEndEntity))
        }
        _ => false,
    };
    let issued_itself = || parse(certificate).is_ok_and(|parsed| parsed.issuer() == parsed.subject());
    if is_untrusted && issued_itself() { CertificateFault::SelfSigned.into() } else { error }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self
            .inner
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            .map_err(|error| explain(error, end_entity))?;
        self.pins.as_ref().map_or(Ok(()), |pins| pins.check(end_entity))?;
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}
