//! One negotiation with a proxy.

use super::{
    error::SocksFailure,
    message::{SocksTarget, SocksUser, SocksVersion, Wire},
    v4, v5,
};
use crate::net::{deadline::Deadline, socket::Socket};

/// Has the proxy at the other end of `socket` connect to the target. Afterwards the socket leads there, and not a
/// byte that the target may have sent has been read.
pub(crate) fn negotiate(
    socket: &mut Socket,
    version: SocksVersion,
    user: Option<SocksUser<'_>>,
    target: &SocksTarget,
    deadline: Deadline,
) -> Result<(), SocksFailure> {
    let mut wire = Wire::new(socket, deadline);
    match version {
        SocksVersion::V4 | SocksVersion::V4A => v4::negotiate(&mut wire, user, target),
        SocksVersion::V5 | SocksVersion::V5H => v5::negotiate(&mut wire, user, target),
    }
}
