//! Opening a connection by SOCKS.

use super::HttpConnection;
use crate::{
    error::{Error, ErrorKind, Phase, ProxyError, Result},
    net::{
        Deadline, NetError, Socket, SocksFailure, SocksTarget, SocksUser, SocksVersion, Stream, negotiate,
        now, resolve,
    },
    proxy::{Credentials, Proxy},
    url::Scheme,
};

impl HttpConnection {
    pub(super) fn open_by_socks(
        &mut self,
        proxy: &Proxy,
        version: SocksVersion,
        deadline: Deadline,
    ) -> Result<Socket> {
        let began = now();
        let target = if version.resolves_here() {
            self.set_resolve_by(deadline);
            let (route, resolve_by) = (&self.config.route, self.resolve_by);
            let resolved = resolve(route, self.destination(), resolve_by, self.cancel_tokens());
            let addresses = resolved.map_err(|error| self.net_failure(error, Phase::Resolve))?;
            SocksTarget::among(&addresses, version).map_err(ProxyError::Socks)
        } else {
            Ok(SocksTarget::of(self.destination()))
        };
        let socket = target.and_then(|target| {
            let mut to_proxy = self.connection_to(proxy, Scheme::Http, deadline);
            let socket = to_proxy.take_socks(version, proxy.credentials(), &target)?;
            self.note_proxy(&mut to_proxy, began);
            Ok(socket)
        });
        socket.map_err(|error| self.proxy_failure(proxy, error))
    }

    /// Has the proxy at the other end connect to the target.
    fn take_socks(
        &mut self,
        version: SocksVersion,
        credentials: Option<&Credentials>,
        target: &SocksTarget,
    ) -> Result<Socket, ProxyError> {
        self.connect()?;
        // The token goes on watching over it from `self`.
        let stream = self.stream.take().ok_or_else(|| Error::new(ErrorKind::NotConnected))?;
        let mut socket = Stream::into_socket(stream);
        let user = credentials.map(|user| SocksUser { name: &user.user, password: &user.password });
        match negotiate(&mut socket, version, user, target, self.deadline) {
            Ok(()) => Ok(socket),
            Err(SocksFailure::Socks(error)) if !self.is_cancelled() => Err(ProxyError::Socks(error)),
            Err(SocksFailure::Socks(_)) => Err(Error::new(ErrorKind::Cancelled).into()),
            Err(SocksFailure::Io(error)) => Err(self.net_failure(NetError::from(error), Phase::Proxy).into()),
        }
    }
}
