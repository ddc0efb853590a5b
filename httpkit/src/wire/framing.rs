//! Where the body of a response ends: RFC 9112, Section 6.3, step by step.

use httpkit_status::StatusCode;

use crate::{
    grammar,
    headers::Headers,
    method::Method,
    version::Version,
    violation::{Excerpt, Violation},
    wire::{
        error::WireError,
        persistence::{CloseReason, CloseReasons},
        strictness::Strictness,
    },
};

/// How the end of a body is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// There is no body.
    None,
    /// So many bytes.
    Length(u64),
    /// The chunked transfer coding.
    Chunked,
    /// The connection ends with the body.
    UntilClose,
    /// No longer HTTP: what follows belongs to the protocol switched to, or to the tunnel.
    Tunnel,
}

/// Decides the framing of a response to a request with `method`, and what of it forbids reuse.
pub(crate) fn frame_response(
    method: &Method,
    status: StatusCode,
    version: Version,
    headers: &Headers,
    strictness: Strictness,
) -> Result<(Framing, CloseReasons), WireError> {
    let mut reasons = CloseReasons::default();
    // Step 2 goes first: a successful CONNECT is a tunnel, whatever its headers say. 101 is one too.
    if status == StatusCode::SWITCHING_PROTOCOLS || (*method == Method::CONNECT && status.is_success()) {
        reasons.add(CloseReason::Upgraded);
        return Ok((Framing::Tunnel, reasons));
    }
    // Step 1: no body, whatever the headers say.
    let never_has_a_body = status.is_informational() || matches!(status.code(), 204 | 304);
    if *method == Method::HEAD || never_has_a_body {
        return Ok((Framing::None, reasons));
    }
    // Steps 3 and 4: a transfer coding overrides a length.
    if headers.contains("Transfer-Encoding") {
        if headers.contains("Content-Length") {
            reasons.add(CloseReason::LengthBesideTransferEncoding);
        }
        if version == Version::Http10 {
            reasons.add(CloseReason::TransferEncodingInHttp10);
        }
        if judge_codings(headers, strictness, &mut reasons)? {
            return Ok((Framing::Chunked, reasons));
        }
    }
    // Steps 5 and 6: one valid length.
    if let Some(length) = content_length(headers, &mut reasons)? {
        return Ok((Framing::Length(length), reasons));
    }
    // Step 8.
    reasons.add(CloseReason::CloseDelimited);
    Ok((Framing::UntilClose, reasons))
}

/// Whether the codings are `chunked`; `false` where there is none, which `Compat` takes `identity` for.
fn judge_codings(
    headers: &Headers,
    strictness: Strictness,
    reasons: &mut CloseReasons,
) -> Result<bool, WireError> {
    let mut chunked = false;
    let mut identity = false;
    for value in headers.get_all("Transfer-Encoding") {
        for coding in grammar::list_members(value.as_bytes()) {
            if coding.eq_ignore_ascii_case(b"identity") && strictness.is_compat() {
                reasons.add(CloseReason::Deviation);
                identity = true;
            } else if coding.eq_ignore_ascii_case(b"chunked") && !chunked {
                chunked = true;
            } else {
                return Err(WireError::UnknownTransferEncoding(Excerpt::of(value.as_bytes())));
            }
        }
    }
    if chunked || identity {
        return Ok(chunked);
    }
    Err(WireError::UnknownTransferEncoding(Excerpt::of(b"")))
}

/// `Content-Length = 1*DIGIT`; the same value repeated counts once (RFC 9110, Section 8.6).
fn content_length(headers: &Headers, reasons: &mut CloseReasons) -> Result<Option<u64>, WireError> {
    let mut length = None;
    for value in headers.get_all("Content-Length") {
        let members = value.as_bytes().split(|byte| *byte == b',').map(grammar::trim_blanks);
        for member in members {
            let refuse = |rule| WireError::BadContentLength(Violation::new(rule, value.as_bytes()));
            let member = grammar::decimal(member).ok_or_else(|| {
                refuse("a Content-Length is 1*DIGIT within 64 bits (RFC 9110, Section 8.6)")
            })?;
            match length.replace(member) {
                None => {}
                Some(before) if before == member => reasons.add(CloseReason::Deviation),
                Some(_) => {
                    return Err(refuse("repeated Content-Lengths are the same (RFC 9112, Section 6.3)"));
                }
            }
        }
    }
    Ok(length)
}
