//! Where an encoded body comes from.

use std::io::BufRead;

use crate::error::Result;

/// An encoded body as it arrives.
pub(crate) trait Source: BufRead {
    /// Checks, without waiting, whether the exchange may continue: its deadline, its token and the shutdown of its client.
    ///
    /// Decoding calls it from time to time, because a few bytes that have arrived can take long to decode.
    ///
    /// # Errors
    /// `Timeout` or `Cancelled`. The connection is closed then.
    fn check(&mut self) -> Result<()>;
}
