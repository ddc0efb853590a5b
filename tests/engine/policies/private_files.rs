//! Files that httpkit writes: who can read them, and what it does not follow.
#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    path::{Path, PathBuf},
};

use httpkit::{
    Client, CookieJar, ErrorKind, Url,
    testing::{Reply, Server},
};

/// A folder of its own, which is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("httpkit-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn content() -> Server {
    Server::start(|_| Reply::text(200, "content").header("ETag", "\"e\""))
}

#[test]
fn saved_file_keeps_the_mode_of_the_file_it_replaces() {
    let (folder, server) = (Folder::new("modes"), content());
    let client = Client::new();
    for old in [0o600, 0o640, 0o644, 0o400] {
        let path = folder.file(&format!("{old:o}"));
        for resume in [false, true] {
            let _ = fs::remove_file(&path);
            fs::write(&path, "old").unwrap();
            set_mode(&path, old);
            let download = client.get(server.url("/")).download();
            let download = if resume { download.resume() } else { download };
            download.save_to(&path).unwrap();
            assert_eq!((mode(&path), fs::read(&path).unwrap()), (old, b"content".to_vec()));
            client.get(server.url("/")).send().unwrap().save_to(&path).unwrap();
            assert_eq!(mode(&path), old);
        }
    }
    // A new file gets the permissions of any other new file.
    let (new, usual) = (folder.file("new"), folder.file("usual"));
    client.get(server.url("/")).download().save_to(&new).unwrap();
    fs::write(&usual, "").unwrap();
    assert_eq!(mode(&new), mode(&usual));
}

#[test]
fn part_and_its_note_are_for_their_owner_alone() {
    let folder = Folder::new("parts");
    let server = Server::start(|_| {
        let head = "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 100\r\nConnection: close\r\n\r\n";
        Reply::raw(format!("{head}half of it")).close()
    });
    let path = folder.file("x");
    let url = server.url("/signed?signature=hunter2");
    let error = Client::new()
        .get(url)
        .download()
        .retry(httpkit::RetryPolicy::new().attempts(1))
        .resume()
        .save_to(&path)
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::IncompleteRead { .. }), "{error}");
    assert_eq!(folder.names(), [".x.part", ".x.part-of"]);
    for name in folder.names() {
        assert_eq!(mode(&folder.file(&name)), 0o600, "{name}");
        assert!(!fs::read_to_string(folder.file(&name)).unwrap().contains("hunter2"), "{name}");
    }
}

#[test]
fn planted_files_are_not_followed() {
    let server = content();
    let client = Client::new();
    for planted in [".x.part", ".x.part-of"] {
        let folder = Folder::new(&format!("planted{planted}"));
        let victim = folder.file("victim");
        fs::write(&victim, "precious").unwrap();
        let links: [fn(&Path, &Path); 2] =
            [|to, at| symlink(to, at).unwrap(), |to, at| fs::hard_link(to, at).unwrap()];
        for link in links {
            link(&victim, &folder.file(planted));
            let error =
                client.get(server.url("/")).download().resume().save_to(folder.file("x")).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::File { .. }), "{error:#}");
            assert_eq!(fs::read(&victim).unwrap(), b"precious");
            assert!(!folder.file("x").exists());
            let _ = fs::remove_file(folder.file(planted));
            let _ = fs::remove_file(folder.file(".x.part"));
        }
    }
}

#[test]
fn cookie_file_is_for_its_owner_alone_and_keeps_the_session() {
    let folder = Folder::new("cookies");
    let (path, url) = (folder.file("jar.json"), Url::parse("https://example.org/").unwrap());
    let jar = CookieJar::new();
    assert!(jar.set(&url, "login=1") && jar.set(&url, "kept=1; Max-Age=1000"));
    fs::write(&path, "older").unwrap();
    set_mode(&path, 0o644);
    jar.save_to(&path).unwrap();
    assert_eq!((mode(&path), folder.names()), (0o600, vec!["jar.json".to_owned()]));
    let loaded = CookieJar::load(fs::File::open(&path).unwrap()).unwrap();
    assert_eq!(loaded.field(&url), jar.field(&url));
    let mut netscape = Vec::new();
    jar.save_netscape(&mut netscape).unwrap();
    assert_eq!(CookieJar::load_netscape(&netscape[..]).unwrap().field(&url), jar.field(&url));
}
