//! Servers that are written in Python, for as long as the tests run.

use std::{
    env,
    ffi::OsString,
    io::{self, BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
};

/// A server in a process of its own.
pub struct PythonServer {
    url: String,
    /// Its stdin closes with this process, however that ends, and then the server ends.
    _process: Child,
}

impl PythonServer {
    /// Runs Python with these arguments, the last of which is a file of this crate. Once the server listens, it
    /// prints its port. `None` where `modules`, as `import` takes them, are not installed.
    ///
    /// Which Python runs it says `HTTPKIT_PYTHON`, and then the modules have to be there; without it that of
    /// `.venv` in the workspace, or else `python3`.
    pub fn start(modules: &str, arguments: &[&str], file: &str) -> Option<PythonServer> {
        let asked_for = env::var_os("HTTPKIT_PYTHON");
        let is_asked_for = asked_for.is_some();
        let python = asked_for.unwrap_or_else(usual_python);
        if has(&python, modules) {
            return Some(PythonServer::run(&python, arguments, file));
        }
        let missing = format!("{} has not all of {modules}", python.display());
        assert!(!is_asked_for, "{missing}");
        // Past the capture of output, which hides what passing tests print.
        let _ = writeln!(io::stderr(), "skipped all of this suite: {missing}");
        None
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
