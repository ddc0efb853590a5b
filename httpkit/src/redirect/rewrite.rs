//! How a redirect changes the method and the body.

use httpkit_status::StatusCode;

use crate::method::Method;

/// What becomes of a request that is redirected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rewrite {
    /// It is sent as it was.
    Same,
    /// It becomes a GET without a body.
    Get,
}

/// What this status makes of a request with this method; `None` where it is no redirect that is followed
/// (RFC 9110, Section 15.4): 300 leaves the choice to the user, 304 is none, 305 and 306 are deprecated.
///
/// | | 301, 302 | 303 | 307, 308 |
/// |---|---|---|---|
/// | POST | GET | GET | same |
/// | GET, HEAD | same | same | same |
/// | any other | same | GET | same |
pub(super) fn rewrite(status: StatusCode, method: &Method) -> Option<Rewrite> {
    let becomes_get = match status {
        StatusCode::MovedPermanently | StatusCode::Found => *method == Method::POST,
        StatusCode::SeeOther => *method != Method::GET && *method != Method::HEAD,
        StatusCode::TemporaryRedirect | StatusCode::PermanentRedirect => false,
        _ => return None,
    };
    Some(if becomes_get { Rewrite::Get } else { Rewrite::Same })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_has_its_row() {
        let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"];
        for (status, becoming_get) in [
            (301, &["POST"][..]),
            (302, &["POST"]),
            (303, &["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"]),
            (307, &[]),
            (308, &[]),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            for name in methods {
                let expected = if becoming_get.contains(&name) { Rewrite::Get } else { Rewrite::Same };
                assert_eq!(rewrite(status, &Method::new(name).unwrap()), Some(expected), "{status} {name}");
            }
        }
    }

    #[test]
    fn no_other_status_is_followed() {
        for code in (100..=999).filter(|code| ![301, 302, 303, 307, 308].contains(code)) {
            assert_eq!(rewrite(StatusCode::from_u16(code).unwrap(), &Method::POST), None, "{code}");
        }
    }
}
