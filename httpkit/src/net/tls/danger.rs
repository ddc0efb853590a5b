//! What takes protection away. Nothing of it is needed to talk to a server whose certificate one knows: trust
//! it with [`TlsConfig::roots_pem`](crate::TlsConfig::roots_pem).

use super::{config::TlsConfig, settings::Trust};

/// Takes any certificate for the server's: expired, for another host, signed by anybody. Whoever sits on the
/// way can read and change everything. Pins, where there are any, are still checked.
///
/// ```
/// use httpkit::{TlsConfig, danger};
///
/// let tls = danger::trust_anybody(TlsConfig::new());
/// # let _ = tls;
/// ```
pub fn trust_anybody(tls: TlsConfig) -> TlsConfig {
    tls.change(|settings| settings.trust = Trust::Anybody)
}
