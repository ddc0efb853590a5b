//! `.netrc`: the credentials do not depend on the line ends, and are the same when they are written again. An
//! error shows nothing of the file.
//!
//! Input, by line: the host, then the file. Each `~` of the file becomes a secret.

#![no_main]

use std::{fs, path::PathBuf, sync::LazyLock};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use httpkit::{Client, Url, testing::ScriptedConnector};
use httpkit_tests::{OK, answers};
use libfuzzer_sys::fuzz_target;

const SECRET: &str = "hunter2";

/// A file per process. Each run writes, reads and removes it.
static FILE: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("httpkit-fuzz-netrc-{}", std::process::id())));

fuzz_target!(|input: &str| {
    let Some((host, file)) = input.split_once('\n') else { return };
    let Ok(url) = Url::parse(&format!("http://{host}/")) else { return };
    if url.user_info().is_some() {
        return;
    }
    let file = file.replace('~', SECRET);
    let found = authorization(&url, &file);
    if !file.contains('\r') {
        assert_eq!(authorization(&url, &file.replace('\n', "\r\n")), found, "with CRLF");
    }
    if let Ok(Some(value)) = found {
        let credentials = BASE64.decode(&value).expect("credentials are Base64");
        let credentials = String::from_utf8(credentials).expect("the file is UTF-8");
        let (user, password) = credentials.split_once(':').expect("a colon ends the user");
        let again = format!("default login {} password {}", quoted(user), quoted(password));
        assert_eq!(authorization(&url, &again), Ok(Some(value)), "{again}");
    }
});

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The credentials of a request to this URL, or the error for the file or its entry.
fn authorization(url: &Url, file: &str) -> Result<Option<String>, String> {
    let connector = ScriptedConnector::new([answers([OK])]);
    fs::write(&*FILE, file).expect("the file can be written");
    let client = Client::builder().connector(connector.clone()).netrc(&*FILE).build();
    fs::remove_file(&*FILE).expect("the file can be removed");
    client.and_then(|client| client.get(url).send()).map_err(|error| {
        assert!(!format!("{error:#} {error:?}").contains(SECRET), "{error:#}");
        format!("{error:#}")
    })?;
    let written = String::from_utf8(connector.recorded().remove(0).written).expect("the head is ASCII");
    let fields: Vec<&str> = written.lines().filter_map(|line| line.strip_prefix("Authorization: ")).collect();
    assert!(fields.len() <= 1, "{written}");
    Ok(fields.first().map(|field| field.strip_prefix("Basic ").expect("the scheme is Basic").to_owned()))
}
