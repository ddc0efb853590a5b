//! What is spoken with a proxy.

#[cfg(feature = "socks")]
use crate::net::SocksVersion;
use crate::{url::Scheme, violation::InvalidUrl};

/// What is spoken with a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// HTTP, in the clear or over TLS.
    Http(Scheme),
    #[cfg(feature = "socks")]
    Socks(SocksVersion),
}

impl Protocol {
    /// What the scheme of a proxy's URL stands for.
    pub(super) fn of_scheme(scheme: &str) -> Result<Protocol, InvalidUrl> {
        match scheme.to_ascii_lowercase().as_str() {
            "http" => Ok(Protocol::Http(Scheme::Http)),
            "https" => Ok(Protocol::Http(Scheme::Https)),
            name if name.starts_with("socks") => Protocol::socks(name),
            _ => {
                let rule = "a proxy's scheme is `http`, `https`, `socks4`, `socks4a`, `socks5` or `socks5h`";
                Err(InvalidUrl::new(rule, scheme.as_bytes()))
            }
        }
    }

    #[cfg(feature = "socks")]
    fn socks(scheme: &str) -> Result<Protocol, InvalidUrl> {
        let versions = [SocksVersion::V4, SocksVersion::V4A, SocksVersion::V5, SocksVersion::V5H];
        let version = match scheme {
            // As the settings of desktops write it. A name that is resolved at the proxy leaks to nobody here.
            "socks" => Some(SocksVersion::V5H),
            _ => versions.into_iter().find(|version| version.as_str() == scheme),
        };
        version.map(Protocol::Socks).ok_or_else(|| {
            let rule = "the versions of SOCKS are `socks4`, `socks4a`, `socks5` and `socks5h`";
            InvalidUrl::new(rule, scheme.as_bytes())
        })
    }

    #[cfg(not(feature = "socks"))]
    fn socks(scheme: &str) -> Result<Protocol, InvalidUrl> {
        Err(InvalidUrl::new("a SOCKS proxy needs the feature `socks` of httpkit", scheme.as_bytes()))
    }

    pub(super) fn scheme(self) -> &'static str {
        match self {
            Protocol::Http(scheme) => scheme.as_str(),
            #[cfg(feature = "socks")]
            Protocol::Socks(version) => version.as_str(),
        }
    }

    /// The port of a URL that has none: the scheme's, or the one registered for SOCKS.
    pub(super) fn default_port(self) -> u16 {
        match self {
            Protocol::Http(scheme) => scheme.default_port(),
            #[cfg(feature = "socks")]
            Protocol::Socks(_) => 1080,
        }
    }

    /// Whether a user comes with a password.
    pub(super) fn has_passwords(self) -> bool {
        match self {
            Protocol::Http(_) => true,
            #[cfg(feature = "socks")]
            Protocol::Socks(version) => matches!(version, SocksVersion::V5 | SocksVersion::V5H),
        }
    }
}
