//! The table of all registered codes, one line each, and everything that the macro makes of it: the
//! enum, the constants and the static tables behind every look-up.
//!
//! The rows are today's IANA registry without its temporary entries, in ascending order. `reason()`
//! and its kin ask a table and never `match` on the code: a `match` over 63 codes becomes a jump
//! table, which costs some 10 ns a call on codes that come in no order.

use crate::unregistered::Unregistered;

/// What the registry says about one code.
pub(crate) struct Entry {
    pub(crate) status: StatusCode,
    pub(crate) name: &'static str,
    pub(crate) phrase: &'static str,
    /// The code and its phrase.
    pub(crate) text: &'static str,
    pub(crate) reference: &'static str,
}

/// Turns each row (code, variant, constant, phrase, RFC, section, meaning) into a variant, a
/// constant, an arm of `code()` and an entry of the table.
macro_rules! registry {
    (
        $(#[$attribute:meta])*
        enum $status:ident;
        $($code:literal $variant:ident $constant:ident $phrase:literal $rfc:literal $section:literal $meaning:literal;)+
    ) => {
        $(#[$attribute])*
        pub enum $status {
            $(
                #[doc = concat!($code, " ", $phrase, ": ", $meaning, ".")]
                #[doc = ""]
                #[doc = concat!(
                    "[RFC ", $rfc, ", Section ", $section, "]",
                    "(https://www.rfc-editor.org/rfc/rfc", $rfc, ".html#section-", $section, ")"
                )]
                $variant = $code,
            )+
            /// Any other code from 100 to 999: acts as its class does.
            ///
            /// Made by [`from_u16`](Self::from_u16) and its kin alone, so that a registered code
            /// is never met here.
            // Its discriminant is no code, and has to differ from all of them.
            Unregistered(Unregistered) = 0,
        }

        impl $status {
            $(
                #[doc = concat!($code, " ", $phrase, ": [`", stringify!($variant), "`](Self::", stringify!($variant), ").")]
                pub const $constant: Self = Self::$variant;
            )+

            /// Returns the code as a number, from 100 to 999.
            ///
            /// # Examples
            /// ```
            /// use httpkit_status::StatusCode;
            ///
            /// assert_eq!(StatusCode::NotFound.code(), 404);
            /// ```
            // Each arm gives back its own discriminant, so this compiles to a load and one test
            // for `Unregistered`. Not `inline(always)`: forced into a caller that tests the result,
            // the arms turn into a jump table there.
            #[inline]
            pub const fn code(self) -> u16 {
                match self {
                    $(Self::$variant => $code,)+
                    Self::Unregistered(unregistered) => unregistered.code(),
                }
            }
        }

        pub(crate) const NAMES: [&str; [$($code),+].len()] = [$(stringify!($variant)),+];

        pub(crate) static ENTRIES: [Entry; NAMES.len()] = [
            $(Entry {
                status: $status::$variant,
                name: stringify!($variant),
                phrase: $phrase,
                text: concat!($code, " ", $phrase),
                reference: concat!("RFC ", $rfc, ", Section ", $section),
            },)+
        ];
    };
}

registry! {
    /// The status code of a response: a variant for each registered code, and one for the rest.
    ///
    /// The variants and phrases are those of the IANA registry of HTTP status codes, without its
    /// temporary entries. 306 and 418, which it keeps as unused, are
    /// [`Unused306`](Self::Unused306) and [`Unused418`](Self::Unused418). Every code has a
    /// constant too; those under an older name ([`REQUEST_ENTITY_TOO_LARGE`] and so on) stand for
    /// the same variant and work in patterns.
    ///
    /// Codes are equal, ordered and hashed by their number, and compare with a `u16`. A later
    /// version may add variants, as the registry grows: a code that is
    /// [`Unregistered`](Self::Unregistered) today may get a name then.
    ///
    /// [`REQUEST_ENTITY_TOO_LARGE`]: Self::REQUEST_ENTITY_TOO_LARGE
    ///
    /// # Examples
    /// ```
    /// use httpkit_status::StatusCode;
    ///
    /// fn advice(status: StatusCode) -> &'static str {
    ///     match status {
    ///         StatusCode::Ok | StatusCode::NoContent => "go on",
    ///         StatusCode::REQUEST_ENTITY_TOO_LARGE => "send less",
    ///         status if status.is_server_error() => "try later",
    ///         _ => "ask a human",
    ///     }
    /// }
    ///
    /// assert_eq!(advice(StatusCode::ContentTooLarge), "send less");
    /// assert_eq!(advice(StatusCode::try_from(599)?), "try later");
    /// # Ok::<(), httpkit_status::InvalidStatusCode>(())
    /// ```
    #[derive(Clone, Copy, PartialEq, Eq)]
    #[non_exhaustive]
    #[repr(u16)]
    enum StatusCode;

    100 Continue                      CONTINUE                        "Continue"                        9110 "15.2.1"  "the head was read and the client may send the content";
    101 SwitchingProtocols            SWITCHING_PROTOCOLS             "Switching Protocols"             9110 "15.2.2"  "the connection goes on in the protocol that `Upgrade` names";
    102 Processing                    PROCESSING                      "Processing"                      2518 "10.1"    "the server is still at work on the request (WebDAV)";
    103 EarlyHints                    EARLY_HINTS                     "Early Hints"                     8297 "2"       "some fields of the final response, sent ahead of it";
    200 Ok                            OK                              "OK"                              9110 "15.3.1"  "the request succeeded";
    201 Created                       CREATED                         "Created"                         9110 "15.3.2"  "the request created one or more resources";
    202 Accepted                      ACCEPTED                        "Accepted"                        9110 "15.3.3"  "the request was taken in, to be worked on later";
    203 NonAuthoritativeInformation   NON_AUTHORITATIVE_INFORMATION   "Non-Authoritative Information"   9110 "15.3.4"  "a proxy changed the content on its way";
    204 NoContent                     NO_CONTENT                      "No Content"                      9110 "15.3.5"  "the request succeeded and there is nothing to send back";
    205 ResetContent                  RESET_CONTENT                   "Reset Content"                   9110 "15.3.6"  "the client should reset the form or view that it sent from";
    206 PartialContent                PARTIAL_CONTENT                 "Partial Content"                 9110 "15.3.7"  "the content is the ranges that were asked for";
    207 MultiStatus                   MULTI_STATUS                    "Multi-Status"                    4918 "11.1"    "the content carries a status for each of several resources (WebDAV)";
    208 AlreadyReported               ALREADY_REPORTED                "Already Reported"                5842 "7.1"     "the members were listed under another binding (WebDAV)";
    226 ImUsed                        IM_USED                         "IM Used"                         3229 "10.4.1"  "the content is what instance manipulations made, such as a delta";
    300 MultipleChoices               MULTIPLE_CHOICES                "Multiple Choices"                9110 "15.4.1"  "the client may choose among several representations";
    301 MovedPermanently              MOVED_PERMANENTLY               "Moved Permanently"               9110 "15.4.2"  "the resource has a new address for good";
    302 Found                         FOUND                           "Found"                           9110 "15.4.3"  "the resource has another address for now";
    303 SeeOther                      SEE_OTHER                       "See Other"                       9110 "15.4.4"  "the answer is to be fetched from another address with GET";
    304 NotModified                   NOT_MODIFIED                    "Not Modified"                    9110 "15.4.5"  "what the client holds is still current";
    305 UseProxy                      USE_PROXY                       "Use Proxy"                       9110 "15.4.6"  "the resource was to be asked through a proxy; deprecated";
    306 Unused306                     UNUSED_306                      "(Unused)"                        9110 "15.4.7"  "reserved, because an earlier specification used it";
    307 TemporaryRedirect             TEMPORARY_REDIRECT              "Temporary Redirect"              9110 "15.4.8"  "another address for now, to be asked with the same method";
    308 PermanentRedirect             PERMANENT_REDIRECT              "Permanent Redirect"              9110 "15.4.9"  "another address for good, to be asked with the same method";
    400 BadRequest                    BAD_REQUEST                     "Bad Request"                     9110 "15.5.1"  "the server holds the request to be faulty";
    401 Unauthorized                  UNAUTHORIZED                    "Unauthorized"                    9110 "15.5.2"  "the request lacks valid credentials";
    402 PaymentRequired               PAYMENT_REQUIRED                "Payment Required"                9110 "15.5.3"  "reserved for future use";
    403 Forbidden                     FORBIDDEN                       "Forbidden"                       9110 "15.5.4"  "the server understood the request and refuses it";
    404 NotFound                      NOT_FOUND                       "Not Found"                       9110 "15.5.5"  "the server has nothing at this target, or will not tell that it has";
    405 MethodNotAllowed              METHOD_NOT_ALLOWED              "Method Not Allowed"              9110 "15.5.6"  "the resource does not support the method; `Allow` lists those it does";
    406 NotAcceptable                 NOT_ACCEPTABLE                  "Not Acceptable"                  9110 "15.5.7"  "no representation suits the `Accept` fields of the request";
    407 ProxyAuthenticationRequired   PROXY_AUTHENTICATION_REQUIRED   "Proxy Authentication Required"   9110 "15.5.8"  "the proxy wants credentials";
    408 RequestTimeout                REQUEST_TIMEOUT                 "Request Timeout"                 9110 "15.5.9"  "the request did not arrive whole in the time that the server waits";
    409 Conflict                      CONFLICT                        "Conflict"                        9110 "15.5.10" "the request does not fit the present state of the resource";
    410 Gone                          GONE                            "Gone"                            9110 "15.5.11" "the resource was removed, it seems for good";
    411 LengthRequired                LENGTH_REQUIRED                 "Length Required"                 9110 "15.5.12" "the server wants a `Content-Length`";
    412 PreconditionFailed            PRECONDITION_FAILED             "Precondition Failed"             9110 "15.5.13" "a condition in the header of the request does not hold";
    413 ContentTooLarge               CONTENT_TOO_LARGE               "Content Too Large"               9110 "15.5.14" "the content of the request is larger than the server takes";
    414 UriTooLong                    URI_TOO_LONG                    "URI Too Long"                    9110 "15.5.15" "the request target is longer than the server reads";
    415 UnsupportedMediaType          UNSUPPORTED_MEDIA_TYPE          "Unsupported Media Type"          9110 "15.5.16" "the content of the request is in a format that is not supported";
    416 RangeNotSatisfiable           RANGE_NOT_SATISFIABLE           "Range Not Satisfiable"           9110 "15.5.17" "the ranges that were asked for lie outside the representation";
    417 ExpectationFailed             EXPECTATION_FAILED              "Expectation Failed"              9110 "15.5.18" "the server cannot meet what `Expect` asks";
    418 Unused418                     UNUSED_418                      "(Unused)"                        9110 "15.5.19" "reserved, because software took it up from an April fools' RFC";
    421 MisdirectedRequest            MISDIRECTED_REQUEST             "Misdirected Request"             9110 "15.5.20" "this server does not answer for that origin";
    422 UnprocessableContent          UNPROCESSABLE_CONTENT           "Unprocessable Content"           9110 "15.5.21" "the content is well formed, and its instructions cannot be followed";
    423 Locked                        LOCKED                          "Locked"                          4918 "11.3"    "the source or the destination is locked (WebDAV)";
    424 FailedDependency              FAILED_DEPENDENCY               "Failed Dependency"               4918 "11.4"    "an action that this one depends on failed (WebDAV)";
    425 TooEarly                      TOO_EARLY                       "Too Early"                       8470 "5.2"     "the server will not risk a request that may be a replay of early data";
    426 UpgradeRequired               UPGRADE_REQUIRED                "Upgrade Required"                9110 "15.5.22" "the server wants another protocol first; `Upgrade` names it";
    428 PreconditionRequired          PRECONDITION_REQUIRED           "Precondition Required"           6585 "3"       "the server wants the request to be conditional";
    429 TooManyRequests               TOO_MANY_REQUESTS               "Too Many Requests"               6585 "4"       "the client sent too many requests in a given time";
    431 RequestHeaderFieldsTooLarge   REQUEST_HEADER_FIELDS_TOO_LARGE "Request Header Fields Too Large" 6585 "5"       "the headers, or one field of them, are too large";
    451 UnavailableForLegalReasons    UNAVAILABLE_FOR_LEGAL_REASONS   "Unavailable For Legal Reasons"   7725 "3"       "a legal demand bars access";
    500 InternalServerError           INTERNAL_SERVER_ERROR           "Internal Server Error"           9110 "15.6.1"  "the server met something that it did not expect";
    501 NotImplemented                NOT_IMPLEMENTED                 "Not Implemented"                 9110 "15.6.2"  "the server lacks what the request takes, such as the method";
    502 BadGateway                    BAD_GATEWAY                     "Bad Gateway"                     9110 "15.6.3"  "a server behind the gateway gave an invalid response";
    503 ServiceUnavailable            SERVICE_UNAVAILABLE             "Service Unavailable"             9110 "15.6.4"  "the server is overloaded or under maintenance for a while";
    504 GatewayTimeout                GATEWAY_TIMEOUT                 "Gateway Timeout"                 9110 "15.6.5"  "a server behind the gateway did not answer in time";
    505 HttpVersionNotSupported       HTTP_VERSION_NOT_SUPPORTED      "HTTP Version Not Supported"      9110 "15.6.6"  "the server refuses the major version of HTTP in the request";
    506 VariantAlsoNegotiates         VARIANT_ALSO_NEGOTIATES         "Variant Also Negotiates"         2295 "8.1"     "the chosen variant negotiates itself, a fault in the server's set-up";
    507 InsufficientStorage           INSUFFICIENT_STORAGE            "Insufficient Storage"            4918 "11.5"    "the server cannot store what the request needs (WebDAV)";
    508 LoopDetected                  LOOP_DETECTED                   "Loop Detected"                   5842 "7.2"     "the server ran into a loop of bindings (WebDAV)";
    510 NotExtended                   NOT_EXTENDED                    "Not Extended"                    2774 "7"       "the request lacks an extension that the resource demands; obsolete";
    511 NetworkAuthenticationRequired NETWORK_AUTHENTICATION_REQUIRED "Network Authentication Required" 6585 "6"       "a portal wants a login before it opens the network";
}

/// The names that older RFCs gave to some codes.
impl StatusCode {
    /// 413 under the name of RFC 2616, today [`CONTENT_TOO_LARGE`](Self::CONTENT_TOO_LARGE).
    pub const REQUEST_ENTITY_TOO_LARGE: Self = Self::ContentTooLarge;
    /// 414 under the name of RFC 2616, today [`URI_TOO_LONG`](Self::URI_TOO_LONG).
    pub const REQUEST_URI_TOO_LONG: Self = Self::UriTooLong;
    /// 416 under the name of RFC 2616, today
    /// [`RANGE_NOT_SATISFIABLE`](Self::RANGE_NOT_SATISFIABLE).
    pub const REQUESTED_RANGE_NOT_SATISFIABLE: Self = Self::RangeNotSatisfiable;
    /// 422 under the name of RFC 4918, today
    /// [`UNPROCESSABLE_CONTENT`](Self::UNPROCESSABLE_CONTENT).
    pub const UNPROCESSABLE_ENTITY: Self = Self::UnprocessableContent;
}

const _: () = assert!(size_of::<StatusCode>() == 4, "a discriminant and a code");

/// One past the last registered code.
const END: usize = ENTRIES[ENTRIES.len() - 1].status.code() as usize + 1;

/// Marks a code that has no entry; no position is as great.
const NO_ENTRY: u8 = u8::MAX;

/// The position in [`ENTRIES`] of each code.
static POSITIONS: [u8; END] = {
    let mut positions = [NO_ENTRY; END];
    let mut position = 0;
    while (position as usize) < ENTRIES.len() {
        positions[ENTRIES[position as usize].status.code() as usize] = position;
        position += 1;
    }
    positions
};

/// Finds what the registry says about a code.
#[inline]
pub(crate) const fn entry(code: u16) -> Option<&'static Entry> {
    let code = code as usize;
    if code >= POSITIONS.len() {
        return None;
    }
    let position = POSITIONS[code] as usize;
    if position >= ENTRIES.len() {
        return None;
    }
    Some(&ENTRIES[position])
}
