//! What is looked up for where a request leads: credentials and cookies.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::ClientBuilder;
use crate::{
    auth::Netrc,
    error::{ErrorKind, Result},
};

impl ClientBuilder {
    /// Reads credentials by host from a file in the format of `.netrc`. They are looked up for the host of each request
    /// and redirect. A request with an `Authorization` header, user info in its URL, or `digest` does not use them.
    /// Defaults to none.
    pub fn netrc(mut self, path: impl AsRef<Path>) -> Self {
        match read_netrc(path.as_ref()) {
            Ok(netrc) => self.identity.netrc = Some(netrc),
            Err(error) => self.park(error),
        }
        self
    }

    /// Reads credentials from the file that the variable `NETRC` names, or else from `.netrc` in the home directory
    /// if there is one. The file is read when the client is built. A file given to [`netrc`](ClientBuilder::netrc)
    /// takes precedence, whatever the order of the calls.
    pub fn netrc_from_env(mut self) -> Self {
        self.reads_netrc_of_env = true;
        self
    }

    /// Reads the file that the environment points to, unless another was given.
    pub(super) fn resolve_netrc(self) -> Self {
        if !self.reads_netrc_of_env || self.identity.netrc.is_some() {
            return self;
        }
        let in_home = || std::env::home_dir().map(|home| home.join(".netrc")).filter(|path| path.exists());
        match std::env::var_os("NETRC").map(PathBuf::from).or_else(in_home) {
            Some(path) => self.netrc(path),
            None => self,
        }
    }

    /// Stores the cookies that servers set, those of redirects included, and sends each where it belongs. A
    /// `Cookie` header of a request goes before, as a whole. Defaults to none.
    #[cfg(feature = "cookies")]
    pub fn cookie_jar(mut self, jar: &crate::cookies::CookieJar) -> Self {
        self.identity.cookies = Some(jar.clone());
        self
    }
}

fn read_netrc(path: &Path) -> Result<Netrc> {
    let parse =
        |text: String| Netrc::parse(&text).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error));
    let netrc = std::fs::read_to_string(path).and_then(parse);
    Ok(netrc.map_err(|source| ErrorKind::CredentialsFile { path: path.to_owned(), source })?)
}
