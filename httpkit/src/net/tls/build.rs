//! From settings to what rustls goes by.

use std::sync::Arc;

use rustls::{
    ClientConfig, RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    crypto::CryptoProvider,
};

use super::{
    error::TlsError,
    provider::{provider, sha256},
    settings::{Settings, Trust},
    unverified::Unverified,
    verifier::{Pins, Verifier},
    version::TlsVersion,
};

/// Makes what all connections of one configuration share.
pub(super) fn build(settings: &Settings) -> Result<ClientConfig, TlsError> {
    let provider = provider(settings.provider)?;
    let versions = TlsVersion::between(settings.min_version, settings.max_version);
    if versions.is_empty() {
        return Err(TlsError::Settings("no version lies between the bounds".into()));
    }
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&versions)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier(settings, &provider)?));
    let mut config = match &settings.identity {
        None => builder.with_no_client_auth(),
        Some(identity) => builder.with_client_auth_cert(identity.chain.clone(), identity.key.clone_key())?,
    };
    config.alpn_protocols.clone_from(&settings.alpn_protocols);
    config.enable_sni = settings.sends_server_name;
    if let Some(key_log) = &settings.key_log {
        config.key_log = key_log.clone();
    }
    Ok(config)
}

fn verifier(settings: &Settings, provider: &Arc<CryptoProvider>) -> Result<Verifier, TlsError> {
    let inner: Arc<dyn ServerCertVerifier> = match settings.trust {
        Trust::Anybody => Arc::new(Unverified(provider.signature_verification_algorithms)),
        #[cfg(feature = "platform-verifier")]
        Trust::Platform => platform_verifier(settings, provider)?,
        Trust::Webpki => webpki_verifier(mozilla_roots(), settings, provider)?,
        Trust::None => webpki_verifier(RootCertStore::empty(), settings, provider)?,
    };
    Ok(Verifier { inner, pins: pins(settings, provider)? })
}

fn mozilla_roots() -> RootCertStore {
    webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect()
}

/// Where there are revocation lists, each certificate below a root needs a current one.
fn webpki_verifier(
    mut roots: RootCertStore,
    settings: &Settings,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, TlsError> {
    for root in &settings.roots {
        roots.add(root.clone())?;
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .with_crls(settings.revocation_lists.iter().cloned())
        .enforce_revocation_expiration()
        .build()
        .map(|verifier| verifier as Arc<dyn ServerCertVerifier>)
        .map_err(|error| TlsError::Settings(error.to_string()))
}

#[cfg(feature = "platform-verifier")]
fn platform_verifier(
    settings: &Settings,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, TlsError> {
    if !settings.revocation_lists.is_empty() {
        let reason = "the system's verifier takes no revocation lists".into();
        return Err(TlsError::Settings(reason));
    }
    Ok(Arc::new(with_extra_roots(settings, provider)?))
}

#[cfg(all(feature = "platform-verifier", not(target_os = "android")))]
fn with_extra_roots(
    settings: &Settings,
    provider: &Arc<CryptoProvider>,
) -> Result<rustls_platform_verifier::Verifier, TlsError> {
    let roots = settings.roots.iter().cloned();
    Ok(rustls_platform_verifier::Verifier::new_with_extra_roots(roots, provider.clone())?)
}

/// Android's verifier takes none.
#[cfg(all(feature = "platform-verifier", target_os = "android"))]
fn with_extra_roots(
    settings: &Settings,
    provider: &Arc<CryptoProvider>,
) -> Result<rustls_platform_verifier::Verifier, TlsError> {
    if !settings.roots.is_empty() {
        return Err(TlsError::Settings("the verifier of Android takes no extra roots".into()));
    }
    Ok(rustls_platform_verifier::Verifier::new(provider.clone())?)
}

fn pins(settings: &Settings, provider: &CryptoProvider) -> Result<Option<Pins>, TlsError> {
    if settings.pins.is_empty() {
        return Ok(None);
    }
    let no_sha256 = || TlsError::Settings("pins need SHA-256, which the provider lacks".into());
    Ok(Some(Pins { keys: settings.pins.clone(), sha256: sha256(provider).ok_or_else(no_sha256)? }))
}
