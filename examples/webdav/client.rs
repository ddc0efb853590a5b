//! A typed client of WebDAV (RFC 4918): verbs, headers and a format that are not everyday HTTP.

use httpkit::{Bytes, ErrorKind, FromResponse, HeaderValue, Response, Result, StatusCode, http_client};
use serde::Deserialize;

/// A WebDAV server. Paths are without the `/` at their beginning.
#[http_client(headers("user-agent" = "webdav-example"))]
pub(crate) trait WebDav {
    /// The resource, and with a depth of 1 those in it.
    #[http("PROPFIND", "/{+path}")]
    fn list(&self, path: &str, #[header("depth")] depth: u8) -> Result<Multistatus>;

    /// Makes a collection: 201.
    #[http("MKCOL", "/{+path}")]
    fn make_collection(&self, path: &str) -> Result<Response<()>>;

    /// Writes a file; one that is locked needs the token of the lock.
    #[put("/{+path}")]
    fn write(
        &self,
        path: &str,
        #[body("text/plain")] content: &str,
        #[header("if")] token: Option<&LockToken>,
    ) -> Result<Response<()>>;

    /// Reads a file, if there is one.
    #[get("/{+path}")]
    fn read(&self, path: &str) -> Result<Option<Bytes>>;

    /// Locks a file: 423 if somebody else has.
    #[http("LOCK", "/{+path}")]
    #[headers("timeout" = "Second-60", "depth" = "0")]
    fn lock(&self, path: &str, #[body("application/xml")] lock: &str) -> Result<LockToken>;

    /// Ends a lock.
    #[http("UNLOCK", "/{+path}")]
    fn unlock(&self, path: &str, #[header("lock-token")] token: &str) -> Result<()>;

    /// Moves a resource to a URL, where nothing may be.
    #[http("MOVE", "/{+path}")]
    #[headers("overwrite" = "F")]
    fn rename(&self, path: &str, #[header("destination")] to: &str) -> Result<Response<()>>;

    /// Deletes a resource and all that is in it.
    #[delete("/{+path}")]
    fn delete(&self, path: &str) -> Result<Response<()>>;

    /// Locks a file against all others.
    ///
    /// # Errors
    /// As [`lock`](WebDav::lock).
    fn lock_exclusively(&self, path: &str) -> Result<LockToken> {
        const LOCK: &str = "<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope>\
                            <locktype><write/></locktype></lockinfo>";
        self.lock(path, LOCK)
    }
}

/// What a lock is ended by, without its angle brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LockToken(String);

impl LockToken {
    /// The value of `Lock-Token` (RFC 4918, Section 10.5).
    pub(crate) fn coded_url(&self) -> String {
        format!("<{}>", self.0)
    }
}

/// As the value of `If` (RFC 4918, Section 10.4).
impl serde::Serialize for LockToken {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("(<{}>)", self.0))
    }
}

/// The token stands in a header; the body says the same and more.
impl FromResponse for LockToken {
    fn from_response(response: Response) -> Result<LockToken> {
        let token = response.header("lock-token").and_then(HeaderValue::to_str).unwrap_or_default();
        let token = token.trim_start_matches('<').trim_end_matches('>').to_owned();
        if token.is_empty() {
            let (status, source) = (response.status(), "a new lock has a Lock-Token".into());
            return Err(ErrorKind::Decode { status, source }.into());
        }
        Ok(LockToken(token))
    }
}

/// What a server says of several resources (RFC 4918, Section 13).
///
/// It is no `Deserialize` itself: as a return type, that would mean JSON.
#[derive(Debug)]
pub(crate) struct Multistatus(pub(crate) Vec<Resource>);

/// A resource as its properties describe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resource {
    /// Its path.
    pub(crate) href: String,
    /// Whether there may be others in it.
    pub(crate) is_collection: bool,
    /// The length of its content.
    pub(crate) length: Option<u64>,
}

impl FromResponse for Multistatus {
    fn accept() -> Option<&'static str> {
        Some("application/xml")
    }

    fn accepts(status: StatusCode) -> bool {
        status == StatusCode::MultiStatus
    }

    fn from_response(response: Response) -> Result<Multistatus> {
        let status = response.status();
        let document: Document = quick_xml::de::from_str(&response.text()?)
            .map_err(|source| ErrorKind::Decode { status, source: Box::new(source) })?;
        Ok(Multistatus(document.response.into_iter().map(Resource::from).collect()))
    }
}

/// `multistatus`, as far as it is of interest; the names are those of the XML.
#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    response: Vec<Described>,
}

#[derive(Deserialize)]
struct Described {
    href: String,
    #[serde(default)]
    propstat: Vec<PropStat>,
}

#[derive(Deserialize)]
struct PropStat {
    prop: Prop,
}

#[derive(Deserialize)]
struct Prop {
    resourcetype: Option<ResourceType>,
    getcontentlength: Option<u64>,
}

#[derive(Deserialize)]
struct ResourceType {
    collection: Option<Empty>,
}

/// An element whose being there is all that it says.
#[derive(Deserialize)]
struct Empty {}

impl From<Described> for Resource {
    fn from(Described { href, propstat }: Described) -> Resource {
        let props = || propstat.iter().map(|propstat| &propstat.prop);
        let is_collection =
            |prop: &Prop| prop.resourcetype.as_ref().is_some_and(|kind| kind.collection.is_some());
        Resource {
            is_collection: props().any(is_collection),
            length: props().find_map(|prop| prop.getcontentlength),
            href,
        }
    }
}
