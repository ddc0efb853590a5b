//! SOCKS 4 and 4a.

use std::net::IpAddr;

use super::{
    error::{SocksError, SocksFailure},
    message::{SocksTarget, SocksUser, Wire},
};

const VERSION: u8 = 4;
const CONNECT: u8 = 1;
const GRANTED: u8 = 90;
/// `0.0.0.x`: the name stands behind the user.
const NAMED: [u8; 4] = [0, 0, 0, 1];

pub(super) fn negotiate(
    wire: &mut Wire<'_>,
    user: Option<SocksUser<'_>>,
    target: &SocksTarget,
) -> Result<(), SocksFailure> {
    wire.send(&request(user, target)?)?;
    let [version, code, ..] = wire.receive::<8>()?;
    match (version, code) {
        (0, GRANTED) => Ok(()),
        (0, 91..) => Err(SocksError::Refused { code }.into()),
        (0, _) => {
            Err(SocksError::Malformed { rule: "the codes of SOCKS 4 begin with 90", found: code }.into())
        }
        _ => Err(SocksError::Malformed { rule: "a reply of SOCKS 4 begins with 0", found: version }.into()),
    }
}

/// Version, command, port, address, user, and for 4a the name; the texts end with a NUL.
fn request(user: Option<SocksUser<'_>>, target: &SocksTarget) -> Result<Vec<u8>, SocksError> {
    let (address, port, name) = match target {
        SocksTarget::Address(address) => match address.ip().to_canonical() {
            IpAddr::V4(ip) => (ip.octets(), address.port(), None),
            IpAddr::V6(_) => return Err(SocksError::Ipv6),
        },
        SocksTarget::Name(name, port) => (NAMED, *port, Some(name)),
    };
    let mut request = vec![VERSION, CONNECT];
    request.extend(port.to_be_bytes());
    request.extend(address);
    put_text(&mut request, "a user", user.map_or(&b""[..], |user| user.name))?;
    if let Some(name) = name {
        put_text(&mut request, "the name of a server", name.as_bytes())?;
    }
    Ok(request)
}

fn put_text(request: &mut Vec<u8>, what: &'static str, text: &[u8]) -> Result<(), SocksError> {
    if text.contains(&0) {
        return Err(SocksError::Nul(what));
    }
    if text.len() > usize::from(u8::MAX) {
        return Err(SocksError::TooLong { what, length: text.len() });
    }
    request.extend_from_slice(text);
    request.push(0);
    Ok(())
}
