//! Servers that are written in Python, for as long as the tests run.

use std::{
    env,
    ffi::OsString,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use crate::skip;

/// A server in a process of its own.
pub struct PythonServer {
    url: String,
    /// Its stdin closes with this process, however that ends, and then the server ends.
    _process: Child,
}

impl PythonServer {
    /// Runs Python with these arguments and a file of this crate, which prints the port of the server.
    ///
    /// Uses the Python in `HTTPKIT_PYTHON`, which must have the modules. Without this variable, uses the one in
    /// `.venv` of the workspace, or else `python3`; if that cannot import `modules`, the suite is skipped by
    /// [`skip`].
    pub fn start(modules: &str, arguments: &[&str], file: &str) -> Option<PythonServer> {
        let demanded = env::var_os("HTTPKIT_PYTHON");
        let is_demanded = demanded.is_some();
        let python = demanded.unwrap_or_else(usual_python);
        if has(&python, modules) {
            return Some(PythonServer::run(&python, arguments, file));
        }
        let missing = format!("{} cannot import {modules}", python.display());
        assert!(!is_demanded, "{missing}");
        skip(&missing, "`.ci/python-servers` installs them and runs this suite")
    }

    /// Where it listens, without a `/` at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn run(python: &OsString, arguments: &[&str], file: &str) -> PythonServer {
        let mut process = Command::new(python)
            .args(arguments)
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(file))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python runs");
        let stdout = process.stdout.take().expect("stdout is piped");
        let mut port = String::new();
        BufReader::new(stdout).read_line(&mut port).expect("stdout can be read");
        assert!(!port.is_empty(), "the server ended before it listened");
        PythonServer { url: format!("http://127.0.0.1:{}", port.trim_end()), _process: process }
    }
}

fn usual_python() -> OsString {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = tests.with_file_name(".venv").join("bin/python");
    if python.exists() { python.into() } else { "python3".into() }
}

fn has(python: &OsString, modules: &str) -> bool {
    Command::new(python)
        .args(["-c", &format!("import {modules}")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
