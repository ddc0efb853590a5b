//! SOCKS 5 (RFC 1928), with user and password (RFC 1929).

use std::net::IpAddr;

use super::{
    error::{SocksError, SocksFailure},
    message::{SocksTarget, SocksUser, Wire},
};

const VERSION: u8 = 5;
const CONNECT: u8 = 1;
const RESERVED: u8 = 0;

/// Ways to say who one is (RFC 1928, Section 3).
const NOBODY: u8 = 0;
const USER_AND_PASSWORD: u8 = 2;
const NONE_ACCEPTABLE: u8 = 0xff;

/// The version of the negotiation of RFC 1929.
const USER_VERSION: u8 = 1;

/// Types of addresses (RFC 1928, Section 5).
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

pub(super) fn negotiate(
    wire: &mut Wire<'_>,
    user: Option<SocksUser<'_>>,
    target: &SocksTarget,
) -> Result<(), SocksFailure> {
    // Made before anything is sent: what does not fit is never sent in part.
    let request = request(target)?;
    let login = user.map(login).transpose()?;
    authenticate(wire, login.as_deref())?;
    wire.send(&request)?;
    receive_reply(wire)
}

/// Section 3: the methods that are offered, and the one that the proxy chose.
fn authenticate(wire: &mut Wire<'_>, login: Option<&[u8]>) -> Result<(), SocksFailure> {
    let offer: &[u8] = match login {
        None => &[VERSION, 1, NOBODY],
        Some(_) => &[VERSION, 2, NOBODY, USER_AND_PASSWORD],
    };
    wire.send(offer)?;
    let [version, method] = wire.receive()?;
    expect("a reply of SOCKS 5 begins with 5 (RFC 1928, Section 3)", VERSION, version)?;
    match (method, login) {
        (NOBODY, _) => Ok(()),
        (USER_AND_PASSWORD, Some(login)) => log_in(wire, login),
        (NONE_ACCEPTABLE, _) => Err(SocksError::NoAcceptableMethod.into()),
        _ => {
            let rule = "a proxy chooses a method that was offered (RFC 1928, Section 3)";
            Err(SocksError::Malformed { rule, found: method }.into())
        }
    }
}

/// RFC 1929, Section 2.
fn log_in(wire: &mut Wire<'_>, login: &[u8]) -> Result<(), SocksFailure> {
    wire.send(login)?;
    let [version, code] = wire.receive()?;
    expect("a reply to user and password begins with 1 (RFC 1929, Section 2)", USER_VERSION, version)?;
    if code == 0 { Ok(()) } else { Err(SocksError::Authentication { code }.into()) }
}

fn login(user: SocksUser<'_>) -> Result<Vec<u8>, SocksError> {
    let mut login = vec![USER_VERSION];
    put_text(&mut login, "a user", user.name)?;
    put_text(&mut login, "a password", user.password)?;
    Ok(login)
}

/// Section 4: `VER CMD RSV ATYP DST.ADDR DST.PORT`.
fn request(target: &SocksTarget) -> Result<Vec<u8>, SocksError> {
    let mut request = vec![VERSION, CONNECT, RESERVED];
    let port = match target {
        SocksTarget::Address(address) => {
            match address.ip() {
                IpAddr::V4(ip) => {
                    request.push(IPV4);
                    request.extend(ip.octets());
                }
                IpAddr::V6(ip) => {
                    request.push(IPV6);
                    request.extend(ip.octets());
                }
            }
            address.port()
        }
        SocksTarget::Name(name, port) => {
            request.push(NAME);
            put_text(&mut request, "the name of a server", name.as_bytes())?;
            *port
        }
    };
    request.extend(port.to_be_bytes());
    Ok(request)
}

/// Section 6: `VER REP RSV ATYP BND.ADDR BND.PORT`. A refusal is taken at its second byte: some proxies say no
/// more.
fn receive_reply(wire: &mut Wire<'_>) -> Result<(), SocksFailure> {
    let [version, code] = wire.receive()?;
    expect("a reply of SOCKS 5 begins with 5 (RFC 1928, Section 6)", VERSION, version)?;
    if code != 0 {
        return Err(SocksError::Refused { code }.into());
    }
    let [reserved, kind] = wire.receive()?;
    expect("the third byte of a reply is 0 (RFC 1928, Section 6)", RESERVED, reserved)?;
    let length = match kind {
        IPV4 => 4,
        IPV6 => 16,
        NAME => usize::from(wire.receive::<1>()?[0]),
        _ => {
            let rule = "an address is of type 1, 3 or 4 (RFC 1928, Section 5)";
            return Err(SocksError::Malformed { rule, found: kind }.into());
        }
    };
    let mut address_and_port = [0; u8::MAX as usize + 2];
    wire.fill(&mut address_and_port[..length + 2])
}

/// A text behind its length in one byte.
fn put_text(message: &mut Vec<u8>, what: &'static str, text: &[u8]) -> Result<(), SocksError> {
    let length = u8::try_from(text.len()).map_err(|_| SocksError::TooLong { what, length: text.len() })?;
    message.push(length);
    message.extend_from_slice(text);
    Ok(())
}

fn expect(rule: &'static str, expected: u8, found: u8) -> Result<(), SocksError> {
    if found == expected { Ok(()) } else { Err(SocksError::Malformed { rule, found }) }
}
