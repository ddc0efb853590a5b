//! What a response says about the rest of a file.

use httpkit_status::StatusCode;

use super::validator::Validator;
use crate::{
    client::Response,
    error::{ErrorKind, Result},
    grammar,
    violation::Violation,
};

/// Which rest of a file has been asked for.
pub(super) struct Asked {
    pub(super) start: u64,
    pub(super) validator: Validator,
}

/// What comes, in answer to a request for a file or its rest.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The file from its start; its length, where that is known.
    Whole(Option<u64>),
    /// What is missing, or a part of that; the length of the whole, where that is known.
    Rest(Option<u64>),
    /// Nothing is missing.
    Complete,
    /// The part is of no use any more.
    Changed,
    /// Something else.
    Other,
}

impl Answer {
    /// Judges the response to a request for a file, or for its rest.
    pub(super) fn of(response: &Response, asked: Option<&Asked>) -> Result<Answer> {
        Ok(match (response.status(), asked) {
            (StatusCode::Ok | StatusCode::NonAuthoritativeInformation, _) => {
                Answer::Whole(response.content_length().filter(|_| !response.value().is_decoded()))
            }
            (StatusCode::PartialContent, Some(asked)) => Answer::Rest(judge_part(response, asked)?),
            (StatusCode::PartialContent, None) => {
                return Err(
                    bad("a part is sent where one is asked for (RFC 9110, Section 15.3.7)", b"").into()
                );
            }
            (StatusCode::RangeNotSatisfiable, Some(asked)) => {
                let range = response.header("content-range");
                let length = range.and_then(|range| grammar::unsatisfied_range(range.as_bytes()));
                if length == Some(asked.start) { Answer::Complete } else { Answer::Changed }
            }
            (StatusCode::PreconditionFailed, Some(_)) => Answer::Changed,
            _ => Answer::Other,
        })
    }
}

/// Whether a 206 (RFC 9110, Section 15.3.7) holds what was asked for; returns the length of the whole.
fn judge_part(response: &Response, asked: &Asked) -> Result<Option<u64>, ErrorKind> {
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
        return Err(bad("a part begins where it was asked for", range.as_bytes()));
    }
    if response.content_length().is_some_and(|length| length != part.last - part.first + 1) {
        return Err(bad("a part is as long as its Content-Range says", range.as_bytes()));
    }
    let etag = response.header("etag").filter(|_| asked.validator.as_bytes().starts_with(b"\""));
    if let Some(etag) = etag.filter(|etag| etag.as_bytes() != asked.validator.as_bytes()) {
        return Err(bad("a part is of what If-Range names (RFC 9110, Section 13.1.5)", etag.as_bytes()));
    }
    let coding = response.header("content-encoding");
    if let Some(coding) = coding.filter(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(bad("a part has no content coding when none is asked for", coding.as_bytes()));
    }
    Ok(part.length)
}

fn bad(rule: &'static str, found: &[u8]) -> ErrorKind {
    ErrorKind::BadRange(Violation::new(rule, found))
}
