//! httpbin under gunicorn, for as long as the tests run.

use std::{
    env,
    ffi::OsString,
    io::{self, BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

/// The URL of httpbin, started by the first test that asks; `None` where it is not installed.
///
/// Which Python runs it says `HTTPKIT_PYTHON`, and then httpbin has to be there; without it that of `.venv` in
/// the workspace, or else `python3`.
pub(crate) fn url() -> Option<&'static str> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let server = SERVER.get_or_init(|| {
        let asked_for = env::var_os("HTTPKIT_PYTHON");
        let is_asked_for = asked_for.is_some();
        let python = asked_for.unwrap_or_else(usual_python);
        if has_httpbin(&python) {
            return Some(Server::start(&python));
        }
        let missing = format!("{} has no httpbin and gunicorn", python.display());
        assert!(!is_asked_for, "{missing}");
        // Past the capture of output, which hides what passing tests print.
        let _ = writeln!(io::stderr(), "skipped all of this suite: {missing}");
        None
    });
    server.as_ref().map(|server| server.url.as_str())
}

fn usual_python() -> OsString {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = tests.with_file_name(".venv").join("bin/python");
    if python.exists() { python.into() } else { "python3".into() }
}

fn has_httpbin(python: &OsString) -> bool {
    Command::new(python)
        .args(["-c", "import gunicorn, httpbin"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

struct Server {
    url: String,
    /// Its stdin closes with this process, however that ends; see `gunicorn.conf.py`.
    _process: Child,
}

impl Server {
    fn start(python: &OsString) -> Server {
        let mut process = Command::new(python)
            .args(["-m", "gunicorn", "--config"])
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("httpbin/gunicorn.conf.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python runs");
        let stdout = process.stdout.take().expect("stdout is piped");
        let mut port = String::new();
        BufReader::new(stdout).read_line(&mut port).expect("stdout can be read");
        assert!(!port.is_empty(), "gunicorn ended before it listened");
        Server { url: format!("http://127.0.0.1:{}", port.trim_end()), _process: process }
    }
}
