//! As much of a WebDAV server as the example needs, in memory.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Mutex, PoisonError},
};

use httpkit::{
    HeaderValue,
    testing::{Received, Reply, Server},
};

/// Starts it.
pub(crate) fn start() -> Server {
    let files = Mutex::new(Files::default());
    Server::start(move |request| files.lock().unwrap_or_else(PoisonError::into_inner).answer(request))
}

/// What a path leads to.
#[derive(Default)]
struct File {
    /// `None` of a collection.
    content: Option<Vec<u8>>,
    is_locked: bool,
}

#[derive(Default)]
struct Files(BTreeMap<String, File>);

const TOKEN: &str = "<urn:uuid:e71d4fae-5dec-22d6-fea5-00a0c91e6be4>";

impl Files {
    fn answer(&mut self, request: &Received) -> Reply {
        let path = request.target().to_owned();
        let is_free = self.0.get(&path).is_none_or(|file| !file.is_locked) || request.header("if").is_some();
        match request.method() {
            "MKCOL" => self.put(path, None),
            "PROPFIND" => self.list(&path),
            "PUT" | "LOCK" if !is_free => Reply::new(423),
            "PUT" => self.put(path, Some(request.body().to_vec())),
            "GET" => match self.0.get(&path).and_then(|file| file.content.clone()) {
                Some(content) => Reply::new(200).body(content),
                None => Reply::new(404),
            },
            "LOCK" => {
                self.0.entry(path).or_default().is_locked = true;
                Reply::new(200).header("Lock-Token", TOKEN)
            }
            "UNLOCK" => {
                self.0.entry(path).or_default().is_locked = false;
                Reply::new(204)
            }
            "MOVE" => {
                let to = request.header("destination").and_then(HeaderValue::to_str).unwrap_or_default();
                let to = to.splitn(4, '/').last().map(|to| format!("/{to}")).unwrap_or_default();
                let file = self.0.remove(&path).unwrap_or_default();
                self.put(to, file.content)
            }
            "DELETE" => {
                self.0.retain(|name, _| !name.starts_with(&path));
                Reply::new(204)
            }
            _ => Reply::new(405),
        }
    }

    fn put(&mut self, path: String, content: Option<Vec<u8>>) -> Reply {
        self.0.insert(path, File { content, is_locked: false });
        Reply::new(201)
    }

    fn list(&self, path: &str) -> Reply {
        let mut xml = String::from("<D:multistatus xmlns:D='DAV:'>");
        for (name, file) in self.0.iter().filter(|(name, _)| name.starts_with(path)) {
            let prop = match &file.content {
                Some(content) => format!("<D:getcontentlength>{}</D:getcontentlength>", content.len()),
                None => "<D:resourcetype><D:collection/></D:resourcetype>".to_owned(),
            };
            let _ = write!(
                xml,
                "<D:response><D:href>{name}</D:href><D:propstat><D:prop>{prop}</D:prop>\
                 <D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"
            );
        }
        Reply::new(207).header("Content-Type", "application/xml").body(xml + "</D:multistatus>")
    }
}
