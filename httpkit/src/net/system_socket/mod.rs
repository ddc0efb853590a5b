//! Connected sockets of the operating system, which transfer bytes within deadlines.
//!
//! There are two implementations with the same methods. On Unix, a transfer blocks and a socket timeout wakes it:
//! a pooled request then needs no system call besides its transfers. Other systems do not promise what this relies
//! on (see `blocking.rs`), so their sockets never block. Linux tests both.

#[cfg(unix)]
mod armed;
#[cfg(unix)]
mod blocking;
#[cfg(test)]
mod contract;
#[cfg(any(not(unix), test))]
mod polled;

#[cfg(unix)]
pub(super) use self::blocking::BlockingSocket as SystemSocket;
#[cfg(not(unix))]
pub(super) use self::polled::PolledSocket as SystemSocket;
