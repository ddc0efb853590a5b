//! Programs that tests run, and that a machine may not have.
//!
//! A test without its program reports that it is skipped. In CI it fails instead, so that no check silently stops
//! running. This applies to Linux, where `.ci/tools` installs the programs.

use std::{
    env,
    io::{self, Write as _},
    path::PathBuf,
};

/// Returns the path of a program.
///
/// `None` skips the test; see [`skip`].
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    // Daemons are in directories that not every user has in `PATH`.
    let directories = env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    let found = directories.map(|directory| directory.join(name)).find(|path| path.is_file());
    found.or_else(|| skip(&format!("{name} is not installed"), "`.ci/tools` installs it on Debian"))
}

/// Reports that a test is skipped, and returns `None`.
///
/// The report bypasses the capture of output, which hides what passing tests print.
///
/// # Panics
///
/// Panics on Linux if the environment has `CI=true`.
pub fn skip<T>(missing: &str, remedy: &str) -> Option<T> {
    let is_ci = env::var_os("CI").is_some_and(|value| value == "true");
    assert!(!(is_ci && cfg!(target_os = "linux")), "{missing}, and CI=true allows no skipped test; {remedy}");
    // In one write, since tests run in parallel.
    let _ = io::stderr().write_all(format!("skipped: {missing}; {remedy}\n").as_bytes());
    None
}
