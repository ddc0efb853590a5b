//! What separates the parts.

use std::{fmt::Write, io};

/// 128 random bits in hexadecimal: no content holds them by chance, nor on purpose (RFC 2046, Section 5.1.1).
pub(super) fn random() -> io::Result<String> {
    let mut bits = [0; 16];
    getrandom::getrandom(&mut bits)?;
    let mut boundary = String::with_capacity(40);
    boundary.push_str("httpkit-");
    for byte in bits {
        write!(boundary, "{byte:02x}").expect("a String takes any text");
    }
    Ok(boundary)
}
