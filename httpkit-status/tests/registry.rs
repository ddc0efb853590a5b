//! The registry against a copy of IANA's written out here, and the constants of httplib.

use httpkit_status::StatusCode;
use strum::{EnumCount, IntoEnumIterator, VariantNames};

/// The IANA registry of HTTP status codes: code, description, reference with its section.
const IANA: [(u16, &str, &str); 63] = [
    (100, "Continue", "RFC 9110, Section 15.2.1"),
    (101, "Switching Protocols", "RFC 9110, Section 15.2.2"),
    (102, "Processing", "RFC 2518, Section 10.1"),
    (103, "Early Hints", "RFC 8297, Section 2"),
    (200, "OK", "RFC 9110, Section 15.3.1"),
    (201, "Created", "RFC 9110, Section 15.3.2"),
    (202, "Accepted", "RFC 9110, Section 15.3.3"),
    (203, "Non-Authoritative Information", "RFC 9110, Section 15.3.4"),
    (204, "No Content", "RFC 9110, Section 15.3.5"),
    (205, "Reset Content", "RFC 9110, Section 15.3.6"),
    (206, "Partial Content", "RFC 9110, Section 15.3.7"),
    (207, "Multi-Status", "RFC 4918, Section 11.1"),
    (208, "Already Reported", "RFC 5842, Section 7.1"),
    (226, "IM Used", "RFC 3229, Section 10.4.1"),
    (300, "Multiple Choices", "RFC 9110, Section 15.4.1"),
    (301, "Moved Permanently", "RFC 9110, Section 15.4.2"),
    (302, "Found", "RFC 9110, Section 15.4.3"),
    (303, "See Other", "RFC 9110, Section 15.4.4"),
    (304, "Not Modified", "RFC 9110, Section 15.4.5"),
    (305, "Use Proxy", "RFC 9110, Section 15.4.6"),
    (306, "(Unused)", "RFC 9110, Section 15.4.7"),
    (307, "Temporary Redirect", "RFC 9110, Section 15.4.8"),
    (308, "Permanent Redirect", "RFC 9110, Section 15.4.9"),
    (400, "Bad Request", "RFC 9110, Section 15.5.1"),
    (401, "Unauthorized", "RFC 9110, Section 15.5.2"),
    (402, "Payment Required", "RFC 9110, Section 15.5.3"),
    (403, "Forbidden", "RFC 9110, Section 15.5.4"),
    (404, "Not Found", "RFC 9110, Section 15.5.5"),
    (405, "Method Not Allowed", "RFC 9110, Section 15.5.6"),
    (406, "Not Acceptable", "RFC 9110, Section 15.5.7"),
    (407, "Proxy Authentication Required", "RFC 9110, Section 15.5.8"),
    (408, "Request Timeout", "RFC 9110, Section 15.5.9"),
    (409, "Conflict", "RFC 9110, Section 15.5.10"),
    (410, "Gone", "RFC 9110, Section 15.5.11"),
    (411, "Length Required", "RFC 9110, Section 15.5.12"),
    (412, "Precondition Failed", "RFC 9110, Section 15.5.13"),
    (413, "Content Too Large", "RFC 9110, Section 15.5.14"),
    (414, "URI Too Long", "RFC 9110, Section 15.5.15"),
    (415, "Unsupported Media Type", "RFC 9110, Section 15.5.16"),
    (416, "Range Not Satisfiable", "RFC 9110, Section 15.5.17"),
    (417, "Expectation Failed", "RFC 9110, Section 15.5.18"),
    (418, "(Unused)", "RFC 9110, Section 15.5.19"),
    (421, "Misdirected Request", "RFC 9110, Section 15.5.20"),
    (422, "Unprocessable Content", "RFC 9110, Section 15.5.21"),
    (423, "Locked", "RFC 4918, Section 11.3"),
    (424, "Failed Dependency", "RFC 4918, Section 11.4"),
    (425, "Too Early", "RFC 8470, Section 5.2"),
    (426, "Upgrade Required", "RFC 9110, Section 15.5.22"),
    (428, "Precondition Required", "RFC 6585, Section 3"),
    (429, "Too Many Requests", "RFC 6585, Section 4"),
    (431, "Request Header Fields Too Large", "RFC 6585, Section 5"),
    (451, "Unavailable For Legal Reasons", "RFC 7725, Section 3"),
    (500, "Internal Server Error", "RFC 9110, Section 15.6.1"),
    (501, "Not Implemented", "RFC 9110, Section 15.6.2"),
    (502, "Bad Gateway", "RFC 9110, Section 15.6.3"),
    (503, "Service Unavailable", "RFC 9110, Section 15.6.4"),
    (504, "Gateway Timeout", "RFC 9110, Section 15.6.5"),
    (505, "HTTP Version Not Supported", "RFC 9110, Section 15.6.6"),
    (506, "Variant Also Negotiates", "RFC 2295, Section 8.1"),
    (507, "Insufficient Storage", "RFC 4918, Section 11.5"),
    (508, "Loop Detected", "RFC 5842, Section 7.2"),
    (510, "Not Extended", "RFC 2774, Section 7"),
    (511, "Network Authentication Required", "RFC 6585, Section 6"),
];

/// The constants of Python's httplib.
const HTTPLIB: [(StatusCode, u16); 49] = [
    (StatusCode::CONTINUE, 100),
    (StatusCode::SWITCHING_PROTOCOLS, 101),
    (StatusCode::PROCESSING, 102),
    (StatusCode::OK, 200),
    (StatusCode::CREATED, 201),
    (StatusCode::ACCEPTED, 202),
    (StatusCode::NON_AUTHORITATIVE_INFORMATION, 203),
    (StatusCode::NO_CONTENT, 204),
    (StatusCode::RESET_CONTENT, 205),
    (StatusCode::PARTIAL_CONTENT, 206),
    (StatusCode::MULTI_STATUS, 207),
    (StatusCode::IM_USED, 226),
    (StatusCode::MULTIPLE_CHOICES, 300),
    (StatusCode::MOVED_PERMANENTLY, 301),
    (StatusCode::FOUND, 302),
    (StatusCode::SEE_OTHER, 303),
    (StatusCode::NOT_MODIFIED, 304),
    (StatusCode::USE_PROXY, 305),
    (StatusCode::TEMPORARY_REDIRECT, 307),
    (StatusCode::BAD_REQUEST, 400),
    (StatusCode::UNAUTHORIZED, 401),
    (StatusCode::PAYMENT_REQUIRED, 402),
    (StatusCode::FORBIDDEN, 403),
    (StatusCode::NOT_FOUND, 404),
    (StatusCode::METHOD_NOT_ALLOWED, 405),
    (StatusCode::NOT_ACCEPTABLE, 406),
    (StatusCode::PROXY_AUTHENTICATION_REQUIRED, 407),
    (StatusCode::REQUEST_TIMEOUT, 408),
    (StatusCode::CONFLICT, 409),
    (StatusCode::GONE, 410),
    (StatusCode::LENGTH_REQUIRED, 411),
    (StatusCode::PRECONDITION_FAILED, 412),
    (StatusCode::REQUEST_ENTITY_TOO_LARGE, 413),
    (StatusCode::REQUEST_URI_TOO_LONG, 414),
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, 415),
    (StatusCode::REQUESTED_RANGE_NOT_SATISFIABLE, 416),
    (StatusCode::EXPECTATION_FAILED, 417),
    (StatusCode::UNPROCESSABLE_ENTITY, 422),
    (StatusCode::LOCKED, 423),
    (StatusCode::FAILED_DEPENDENCY, 424),
    (StatusCode::UPGRADE_REQUIRED, 426),
    (StatusCode::INTERNAL_SERVER_ERROR, 500),
    (StatusCode::NOT_IMPLEMENTED, 501),
    (StatusCode::BAD_GATEWAY, 502),
    (StatusCode::SERVICE_UNAVAILABLE, 503),
    (StatusCode::GATEWAY_TIMEOUT, 504),
    (StatusCode::HTTP_VERSION_NOT_SUPPORTED, 505),
    (StatusCode::INSUFFICIENT_STORAGE, 507),
    (StatusCode::NOT_EXTENDED, 510),
];

#[test]
fn registered_codes_are_those_of_iana_in_order() {
    assert!(StatusCode::iter().map(StatusCode::code).eq(IANA.map(|(code, ..)| code)));
}

#[test]
fn every_code_has_the_phrase_and_reference_of_iana_or_none() {
    for code in 100..=999 {
        let status = StatusCode::from_u16(code).expect("three digits");
        let row = IANA.iter().find(|row| row.0 == code);
        assert_eq!(status.reason(), row.map(|row| row.1), "{code}");
        assert_eq!(status.reference(), row.map(|row| row.2), "{code}");
        assert_eq!(status.is_registered(), row.is_some(), "{code}");
        assert_eq!(status.is_unused(), row.is_some_and(|row| row.1 == "(Unused)"), "{code}");
    }
}

#[test]
fn temporary_registration_104_is_absent() {
    let status = StatusCode::from_u16(104).expect("three digits");
    assert!(matches!(status, StatusCode::Unregistered(_)));
    assert!(status.is_informational());
}

#[test]
fn constants_have_the_numbers_of_httplib() {
    for (status, code) in HTTPLIB {
        assert_eq!(status.code(), code);
    }
}

#[test]
fn constants_stand_in_patterns() {
    let status = StatusCode::from_u16(413).expect("three digits");
    assert!(matches!(status, StatusCode::REQUEST_ENTITY_TOO_LARGE));
    assert!(matches!(status, StatusCode::CONTENT_TOO_LARGE));
    assert!(!matches!(status, StatusCode::REQUEST_URI_TOO_LONG));
}

#[test]
fn strum_traits_agree_with_the_iterator() {
    assert_eq!(StatusCode::COUNT, IANA.len());
    assert_eq!(StatusCode::COUNT, <StatusCode as IntoEnumIterator>::iter().len());
    assert!(<StatusCode as IntoEnumIterator>::iter().eq(StatusCode::iter()));

    let names: Vec<String> = StatusCode::iter().map(|status| format!("{status:?}")).collect();
    assert_eq!(StatusCode::VARIANTS, names);
    assert_eq!(StatusCode::VARIANTS[0], "Continue");
    assert_eq!(StatusCode::VARIANTS[62], "NetworkAuthenticationRequired");
}

#[test]
fn variants_are_named_for_their_phrases() {
    for status in StatusCode::iter().filter(|status| !status.is_unused()) {
        let phrase = status.reason().expect("registered").replace([' ', '-'], "");
        assert_eq!(format!("{status:?}").to_lowercase(), phrase.to_lowercase());
    }
    assert_eq!(format!("{:?} {:?}", StatusCode::UNUSED_306, StatusCode::UNUSED_418), "Unused306 Unused418");
}

#[test]
fn iterator_runs_from_both_ends_and_stops() {
    let mut codes = StatusCode::iter();
    assert_eq!(codes.len(), 63);
    assert_eq!(codes.nth(4), Some(StatusCode::Ok));
    assert_eq!(codes.next_back(), Some(StatusCode::NetworkAuthenticationRequired));
    assert_eq!(codes.size_hint(), (57, Some(57)));
    assert!(codes.clone().rev().is_sorted_by(|a, b| a > b));
    assert_eq!(codes.by_ref().count(), 57);
    assert_eq!((codes.next(), codes.next_back()), (None, None));
}
