//! Tests in a process of their own, whose environment they may choose.

use std::{
    env,
    ffi::OsString,
    process::{Command, Stdio},
};

const MARK: &str = "HTTPKIT_TEST_CHILD";

/// Whether this is such a process.
pub fn is_child() -> bool {
    env::var_os(MARK).is_some()
}

/// Runs one test of this program (`folder::module::name`) in a separate process, with these variables, and without
/// those of a proxy or of credentials.
///
/// # Panics
/// If the test fails.
pub fn run_with(test: &str, variables: &[(&str, &str)]) {
    run_under(&[], test, variables);
}

/// As [`run_with`], in a process that another command starts: the program of the test follows its arguments.
///
/// # Panics
/// If the test fails.
pub fn run_under(command: &[&str], test: &str, variables: &[(&str, &str)]) {
    let program = env::current_exe().expect("a test has a program");
    let mut words = command.iter().map(OsString::from).chain([program.into()]);
    let mut child = Command::new(words.next().expect("there is the program"));
    child.args(words);
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy", "netrc", "home", "userprofile"] {
        child.env_remove(name).env_remove(name.to_uppercase());
    }
    child.args(["--exact", test]).env(MARK, "1").stdin(Stdio::null());
    let output = child.envs(variables.iter().copied()).output().expect("a test can be run again");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{variables:?}\n{said}");
}
