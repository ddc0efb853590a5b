//! What is asked for, and so undone.
//!
//! Rule of this file: content codings are undone where the library has asked for them. Who sets
//! `Accept-Encoding` gets what comes, as it comes, unless they say otherwise.

use super::list::all_spoken;
use crate::headers::Headers;

/// How the requests of a client ask for content codings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AcceptEncoding {
    /// Whether nobody has set the header as a default of the client.
    is_automatic: bool,
    /// Whether what comes is undone.
    decodes: bool,
}

impl AcceptEncoding {
    /// Completes the default headers of a client, which says by `decode` what it wants, or leaves it open.
    pub(crate) fn of_client(decode: Option<bool>, defaults: &mut Headers) -> AcceptEncoding {
        let is_automatic = !defaults.contains("accept-encoding");
        let decodes = decode.unwrap_or(is_automatic);
        if is_automatic {
            ask(defaults, decodes);
        }
        AcceptEncoding { is_automatic, decodes }
    }

    /// Completes the headers of a request, which says by `decode` what it wants, or leaves it open. Returns
    /// whether the content codings of its response are undone.
    ///
    /// A part of a representation cannot be decoded without the others, so a request for a range (RFC 9110,
    /// Section 14.2) asks for no coding.
    pub(crate) fn of_request(self, decode: Option<bool>, headers: &mut Headers) -> bool {
        let is_set = headers.contains("accept-encoding");
        let decodes = decode.unwrap_or(self.decodes && !is_set && !headers.contains("range"));
        if self.is_automatic && !is_set && decodes != self.decodes {
            ask(headers, decodes);
        }
        decodes
    }
}

fn ask(headers: &mut Headers, decodes: bool) {
    let value = if decodes { all_spoken() } else { "identity".to_owned() };
    headers.set("Accept-Encoding", value).expect("names of codings are a valid value");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, value: &str) -> Headers {
        let mut headers = Headers::new();
        if !name.is_empty() {
            headers.set(name, value).unwrap();
        }
        headers
    }

    /// Whether the response is decoded, and what the request asks for in the end.
    fn outcome(client: (Option<bool>, &str), request: (Option<bool>, &str, &str)) -> (bool, String) {
        let accept = |value: &str| if value.is_empty() { "" } else { "Accept-Encoding" };
        let mut defaults = with(accept(client.1), client.1);
        let acceptance = AcceptEncoding::of_client(client.0, &mut defaults);
        let mut headers = with(request.1, request.2);
        let decodes = acceptance.of_request(request.0, &mut headers);
        let sent = headers.get("accept-encoding").or(defaults.get("accept-encoding")).unwrap();
        (decodes, sent.to_string())
    }

    #[test]
    fn what_was_asked_for_is_decoded() {
        let (open, all, nothing) = ((None, "", ""), &*all_spoken(), "identity");
        for (client, request, expected) in [
            ((None, ""), open, (true, all)),
            ((None, ""), (Some(true), "", ""), (true, all)),
            ((None, ""), (Some(false), "", ""), (false, nothing)),
            ((None, ""), (None, "Accept-Encoding", "gzip"), (false, "gzip")),
            ((None, ""), (Some(true), "Accept-Encoding", "gzip"), (true, "gzip")),
            ((None, ""), (None, "Range", "bytes=0-9"), (false, nothing)),
            ((None, ""), (Some(true), "Range", "bytes=0-9"), (true, all)),
            ((Some(false), ""), open, (false, nothing)),
            ((Some(false), ""), (Some(true), "", ""), (true, all)),
            ((None, "br"), open, (false, "br")),
            ((None, "br"), (Some(true), "", ""), (true, "br")),
            ((Some(true), "br"), open, (true, "br")),
            ((Some(true), "br"), (Some(false), "", ""), (false, "br")),
            ((Some(true), "br"), (None, "Accept-Encoding", "gzip"), (false, "gzip")),
        ] {
            let (decodes, sent) = outcome(client, request);
            assert_eq!((decodes, &*sent), expected, "{client:?} {request:?}");
        }
    }
}
