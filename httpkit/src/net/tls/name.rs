//! The name that a server's certificate has to show.

use rustls::pki_types::ServerName;

use super::error::TlsError;

/// The name of a host: without the zone of an address, which means nothing elsewhere, and without the dot that
/// ends a full name.
pub(super) fn server_name(host: &str) -> Result<ServerName<'static>, TlsError> {
    let name = host.split_once('%').map_or(host, |(address, _zone)| address);
    let name = name.strip_suffix('.').unwrap_or(name).to_owned();
    ServerName::try_from(name).map_err(|_| TlsError::Host(host.to_owned()))
}
