//! Whether a connection may serve again (RFC 9112, Section 9.3): a list of reasons against it.

use std::fmt;

use crate::{version::Version, wire::control::ControlFields};

/// Why a connection is not reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub(crate) enum CloseReason {
    RequestSaidClose = 1,
    ResponseSaidClose = 1 << 1,
    Http10WithoutKeepAlive = 1 << 2,
    CloseDelimited = 1 << 3,
    Deviation = 1 << 4,
    LengthBesideTransferEncoding = 1 << 5,
    TransferEncodingInHttp10 = 1 << 6,
    RequestUnfinished = 1 << 7,
    BytesLeftOver = 1 << 8,
    BodyUnread = 1 << 9,
    Upgraded = 1 << 10,
    Failed = 1 << 11,
}

impl CloseReason {
    const ALL: [CloseReason; 12] = [
        CloseReason::RequestSaidClose,
        CloseReason::ResponseSaidClose,
        CloseReason::Http10WithoutKeepAlive,
        CloseReason::CloseDelimited,
        CloseReason::Deviation,
        CloseReason::LengthBesideTransferEncoding,
        CloseReason::TransferEncodingInHttp10,
        CloseReason::RequestUnfinished,
        CloseReason::BytesLeftOver,
        CloseReason::BodyUnread,
        CloseReason::Upgraded,
        CloseReason::Failed,
    ];
}

/// The reasons met so far. None means: the connection may serve again.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct CloseReasons(u16);

impl CloseReasons {
    pub(crate) fn add(&mut self, reason: CloseReason) {
        self.0 |= reason as u16;
    }

    pub(crate) fn extend(&mut self, others: CloseReasons) {
        self.0 |= others.0;
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Debug for CloseReasons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(CloseReason::ALL.iter().filter(|reason| self.0 & **reason as u16 != 0)).finish()
    }
}

/// What the response's version and `Connection` options (RFC 9110, Section 7.6.1) say against reuse.
pub(crate) fn asked_to_close(version: Version, fields: &ControlFields) -> CloseReasons {
    let mut reasons = CloseReasons::default();
    if fields.says_close {
        reasons.add(CloseReason::ResponseSaidClose);
    }
    if version == Version::Http10 && !fields.says_keep_alive {
        reasons.add(CloseReason::Http10WithoutKeepAlive);
    }
    reasons
}
