//! Where the body of a response ends: RFC 9112, Section 6.3, step by step.

use httpkit_status::StatusCode;

use crate::{
    method::Method,
    version::Version,
    violation::Excerpt,
    wire::{
        control::{ControlFields, Length, TransferCodings},
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
    fields: ControlFields,
    strictness: Strictness,
) -> Result<(Framing, CloseReasons), WireError> {
    let mut reasons = doubts(version, &fields);
    // Step 2 goes first: a successful CONNECT is a tunnel, whatever its headers say. 101 is one too.
    if status == StatusCode::SWITCHING_PROTOCOLS || (*method == Method::CONNECT && status.is_success()) {
        reasons.add(CloseReason::Upgraded);
        return Ok((Framing::Tunnel, reasons));
    }
    // Step 1: no body, whatever the headers say.
    let never_has_a_body = status.is_informational() || matches!(status.code(), 204 | 304);
    if *method == Method::HEAD || never_has_a_body {
        if is_misframed(status, &fields) {
            reasons.add(CloseReason::Deviation);
        }
        return Ok((Framing::None, reasons));
    }
    // Steps 3 and 4: a transfer coding overrides a length.
    if let Some(codings) = fields.codings
        && is_chunked(codings, strictness, &mut reasons)?
    {
        return Ok((Framing::Chunked, reasons));
    }
    // Steps 5 and 6: one valid length.
    if let Some(length) = fields.length.transpose()? {
        if length.is_repeated {
            reasons.add(CloseReason::Deviation);
        }
        return Ok((Framing::Length(length.bytes), reasons));
    }
    // Step 8.
    reasons.add(CloseReason::CloseDelimited);
    Ok((Framing::UntilClose, reasons))
}

/// What makes the framing doubtful, though it is clear what to read (RFC 9112, Section 6.1).
fn doubts(version: Version, fields: &ControlFields) -> CloseReasons {
    let mut reasons = CloseReasons::default();
    if fields.codings.is_some() {
        if fields.length.is_some() {
            reasons.add(CloseReason::LengthBesideTransferEncoding);
        }
        if version == Version::Http10 {
            reasons.add(CloseReason::TransferEncodingInHttp10);
        }
    }
    reasons
}

/// Whether a response without a body says of it what must not be said. Who errs in that may send the body, too.
fn is_misframed(status: StatusCode, fields: &ControlFields) -> bool {
    match &fields.length {
        Some(Err(_) | Ok(Length { is_repeated: true, .. })) => true,
        // Neither a length (RFC 9110, Section 8.6) nor a transfer coding (RFC 9112, Section 6.1) belongs to a 204.
        // Many servers send a length of 0, which is plain.
        _ => status == StatusCode::NO_CONTENT && fields.announce_body(),
    }
}

/// Whether the codings are `chunked`; `false` where there is none, which `Compat` takes `identity` for.
fn is_chunked(
    codings: TransferCodings,
    strictness: Strictness,
    reasons: &mut CloseReasons,
) -> Result<bool, WireError> {
    let TransferCodings { is_chunked, has_identity, unknown } = codings;
    let refused = if strictness.is_compat() { None } else { has_identity.then(|| Excerpt::of(b"identity")) };
    if let Some(found) = unknown.or(refused) {
        return Err(WireError::UnknownTransferEncoding(found));
    }
    if has_identity {
        reasons.add(CloseReason::Deviation);
    } else if !is_chunked {
        return Err(WireError::UnknownTransferEncoding(Excerpt::of(b"")));
    }
    Ok(is_chunked)
}
