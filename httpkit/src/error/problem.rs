//! Problem details (RFC 9457).

use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value};

/// What a server says about an error, as problem details (RFC 9457, Section 3).
///
/// [`Error::problem`](crate::Error::problem) finds them in an error response; as `ApiError<Problem>`, they are
/// the error type of a method. A member that is not of the type that the RFC gives it counts as not there.
///
/// ```
/// use httpkit::Problem;
///
/// let problem: Problem = serde_json::from_str(
///     r#"{
///         "type": "https://example.com/probs/out-of-credit",
///         "title": "You do not have enough credit.",
///         "detail": "Your current balance is 30, but that costs 50.",
///         "instance": "/account/12345/msgs/abc",
///         "balance": 30
///     }"#,
/// )?;
/// assert_eq!(problem.type_uri(), "https://example.com/probs/out-of-credit");
/// assert_eq!(problem.extension("balance").and_then(|balance| balance.as_u64()), Some(30));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Problem {
    members: Map<String, Value>,
}

/// The members that the RFC defines; all others are extensions.
const DEFINED: [&str; 5] = ["type", "title", "status", "detail", "instance"];

impl Problem {
    /// The media type (RFC 9457, Section 6.1).
    pub const MEDIA_TYPE: &'static str = "application/problem+json";

    /// The URI reference that names the kind of problem; `about:blank` where there is none, and then the
    /// status says it all.
    pub fn type_uri(&self) -> &str {
        self.text("type").unwrap_or("about:blank")
    }

    /// The kind of problem, in a few words for people.
    pub fn title(&self) -> Option<&str> {
        self.text("title")
    }

    /// The status code that the origin server gave. What counts is that of the response, which somebody
    /// between may have changed.
    pub fn status(&self) -> Option<u16> {
        let status = self.members.get("status")?.as_u64()?;
        u16::try_from(status).ok()
    }

    /// What is wrong with this request, for people.
    pub fn detail(&self) -> Option<&str> {
        self.text("detail")
    }

    /// The URI reference that names this occurrence.
    pub fn instance(&self) -> Option<&str> {
        self.text("instance")
    }

    /// An extension member (RFC 9457, Section 3.2).
    pub fn extension(&self, name: &str) -> Option<&Value> {
        self.members.get(name).filter(|_| !DEFINED.contains(&name))
    }

    /// All extension members.
    pub fn extensions(&self) -> impl Iterator<Item = (&str, &Value)> {
        let members = self.members.iter().map(|(name, value)| (name.as_str(), value));
        members.filter(|(name, _)| !DEFINED.contains(name))
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name)?.as_str()
    }
}

/// Title and detail, or the type where there is neither.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.title(), self.detail()) {
            (Some(title), Some(detail)) => write!(f, "{title}: {detail}"),
            (Some(text), None) | (None, Some(text)) => f.write_str(text),
            (None, None) => f.write_str(self.type_uri()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(json: &str) -> Problem {
        serde_json::from_str(json).expect("it is an object")
    }

    #[test]
    fn members_of_another_type_count_as_not_there() {
        let problem = problem(r#"{"type": 1, "title": null, "status": "403", "detail": [], "instance": {}}"#);
        assert_eq!(problem.type_uri(), "about:blank");
        assert_eq!((problem.title(), problem.status()), (None, None));
        assert_eq!((problem.detail(), problem.instance()), (None, None));
        assert_eq!(problem.extensions().count(), 0);
        assert_eq!(problem.to_string(), "about:blank");
    }

    #[test]
    fn extensions_are_what_the_rfc_does_not_define() {
        let problem = problem(r#"{"title": "no", "status": 403, "errors": [{"pointer": "/age"}]}"#);
        assert_eq!(problem.status(), Some(403));
        assert_eq!(problem.extensions().map(|(name, _)| name).collect::<Vec<_>>(), ["errors"]);
        assert_eq!(problem.extension("errors").unwrap()[0]["pointer"], "/age");
        assert_eq!(problem.extension("title"), None);
    }

    #[test]
    fn it_shows_what_people_read() {
        for (json, shown) in [
            (r#"{"title": "No credit", "detail": "30 of 50"}"#, "No credit: 30 of 50"),
            (r#"{"title": "No credit"}"#, "No credit"),
            (r#"{"detail": "30 of 50"}"#, "30 of 50"),
            ("{}", "about:blank"),
        ] {
            assert_eq!(problem(json).to_string(), shown);
        }
    }
}
