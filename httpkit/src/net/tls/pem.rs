//! Certificates, keys and revocation lists, as they come in files.

use rustls::pki_types::{
    CertificateDer, CertificateRevocationListDer, PrivateKeyDer,
    pem::{Error, PemObject},
};

use super::error::TlsError;

/// All certificates of a text: at least one.
pub(super) fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    at_least_one("a certificate", CertificateDer::pem_slice_iter(pem).collect())
}

/// The first key of a text.
pub(super) fn private_key(pem: &[u8]) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_slice(pem).map_err(|error| unusable("a private key", &error))
}

/// All revocation lists of a text, or the one in DER.
pub(super) fn revocation_lists(bytes: &[u8]) -> Result<Vec<CertificateRevocationListDer<'static>>, TlsError> {
    const WHAT: &str = "a revocation list";
    // DER begins with the tag of a SEQUENCE (X.690, Section 8.9).
    let lists = match bytes {
        [0x30, ..] => vec![CertificateRevocationListDer::from(bytes.to_vec())],
        _ => at_least_one(WHAT, CertificateRevocationListDer::pem_slice_iter(bytes).collect())?,
    };
    for list in &lists {
        webpki::BorrowedCertRevocationList::from_der(list)
            .map_err(|error| TlsError::Pem(format!("{WHAT}: {error}")))?;
    }
    Ok(lists)
}

fn at_least_one<T>(what: &str, items: Result<Vec<T>, Error>) -> Result<Vec<T>, TlsError> {
    match items {
        Ok(none) if none.is_empty() => Err(TlsError::Pem(format!("{what}: none is there"))),
        Ok(items) => Ok(items),
        Err(error) => Err(unusable(what, &error)),
    }
}

fn unusable(what: &str, error: &Error) -> TlsError {
    TlsError::Pem(format!("{what}: {error}"))
}
