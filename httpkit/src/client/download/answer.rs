//! What a response says about the rest of a file.

use httpkit_status::StatusCode;

use super::validator::Validator;
use crate::{
    client::Response,
    error::{ErrorKind, Result},
    grammar,
    violation::Violation,
};

/// A request for the rest of a file.
pub(super) struct Asked {
    /// The first byte that is missing.
    pub(super) start: u64,
    pub(super) validator: Validator,
    /// The length of the file, if the server has named it before.
    pub(super) total: Option<u64>,
}

/// What a server sends in response to a request for a file or the rest of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The file from its start. Its length, if it is known.
    Whole(Option<u64>),
    /// What is missing, or some of it.
    Rest {
        /// The length of the range.
        length: u64,
        /// The length of the file, if the server names it.
        total: Option<u64>,
    },
    /// Nothing is missing.
    Complete,
    /// The file has changed, so the part is useless.
    Changed,
    /// Something else.
    Other,
}

impl Answer {
    /// Checks the response to a request for a file or the rest of it.
    pub(super) fn of(response: &Response, asked: Option<&Asked>) -> Result<Answer> {
        Ok(match (response.status(), asked) {
            (StatusCode::Ok | StatusCode::NonAuthoritativeInformation, _) => {
                Answer::Whole(response.content_length().filter(|_| !response.value().is_decoded()))
            }
            (StatusCode::PartialContent, Some(asked)) => judge_part(response, asked)?,
            (StatusCode::PartialContent, None) => {
                return Err(
                    bad("a part is sent where one is asked for (RFC 9110, Section 15.3.7)", b"").into()
                );
            }
            (StatusCode::RangeNotSatisfiable, Some(asked)) => {
                let range = response.header("content-range");
                let length = range.and_then(|range| grammar::unsatisfied_range(range.as_bytes()));
                // A file that was longer before has changed, although its validator has not.
                let is_complete =
                    length == Some(asked.start) && asked.total.is_none_or(|total| total == asked.start);
                if is_complete { Answer::Complete } else { Answer::Changed }
            }
            (StatusCode::PreconditionFailed, Some(_)) => Answer::Changed,
            _ => Answer::Other,
        })
    }
}

/// Checks that a 206 (RFC 9110, Section 15.3.7) has the requested range.
fn judge_part(response: &Response, asked: &Asked) -> Result<Answer, ErrorKind> {
    let mut ranges = response.headers().get_all("content-range");
    let (Some(range), None) = (ranges.next(), ranges.next()) else {
        return Err(bad("a part has one Content-Range (RFC 9110, Section 15.3.7.1)", b""));
    };
    let Some(part) = grammar::content_range(range.as_bytes()) else {
        return Err(bad(
            "a Content-Range is `bytes FIRST-LAST/LENGTH` (RFC 9110, Section 14.4)",
            range.as_bytes(),
        ));
    };
    if part.first != asked.start {
        return Err(bad("a part must begin at the requested byte", range.as_bytes()));
    }
    let length = part.last - part.first + 1;
    if response.content_length().is_some_and(|announced| announced != length) {
        return Err(bad("a part must be as long as its Content-Range", range.as_bytes()));
    }
    if let Some(total) = asked.total
        && (part.last >= total || part.length.is_some_and(|length| length != total))
    {
        return Err(bad("the length of the file must not change between its parts", range.as_bytes()));
    }
    let etag = response.header("etag").filter(|_| asked.validator.as_bytes().starts_with(b"\""));
    if let Some(etag) = etag.filter(|etag| etag.as_bytes() != asked.validator.as_bytes()) {
        return Err(bad("a part is of what If-Range names (RFC 9110, Section 13.1.5)", etag.as_bytes()));
    }
    let coding = response.header("content-encoding");
    if let Some(coding) = coding.filter(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(bad("a part has no content coding when none is asked for", coding.as_bytes()));
    }
    Ok(Answer::Rest { length, total: part.length })
}

/// The error for a part that goes on after the last byte of its range.
pub(super) fn surplus(response: &Response) -> ErrorKind {
    let range = response.header("content-range").map_or(&b""[..], |range| range.as_bytes());
    bad("a part must end with its Content-Range, but more bytes follow", range)
}

fn bad(rule: &'static str, found: &[u8]) -> ErrorKind {
    ErrorKind::BadRange(Violation::new(rule, found))
}
