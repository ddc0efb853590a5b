//! System calls, counted by strace in one run of `counted`.

use std::{path::PathBuf, process::Command, sync::LazyLock};

use httpkit::testing::Server;
use httpkit_tests::find_program;

use crate::{REQUESTS, ten_headers};

/// The system calls of `counted`, one per line, or `None` without strace.
static SYSTEM_CALLS: LazyLock<Option<String>> = LazyLock::new(|| find_program("strace").map(trace));

fn trace(strace: PathBuf) -> String {
    let server = Server::start(|_| ten_headers());
    let mut strace = Command::new(strace);
    strace.args(["-f", "-qq", env!("CARGO_BIN_EXE_counted")]);
    strace.args([server.address().port().to_string(), REQUESTS.to_string()]);
    let output = strace.output().expect("strace runs");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stderr).expect("strace writes text")
}

/// Returns the number of system calls in a workload, which `counted` marks at both ends.
fn count(calls: &str, workload: &str) -> usize {
    let mark = format!("\"{workload}\"");
    let lines: Vec<&str> = calls.lines().collect();
    let marks: Vec<usize> = (0..lines.len()).filter(|&line| lines[line].contains(&mark)).collect();
    let [begin, end] = marks[..] else { panic!("expected two marks of {workload}; found {marks:?}") };
    end - begin - 1
}

#[test]
fn pooled_get_makes_three_system_calls() {
    let Some(calls) = SYSTEM_CALLS.as_ref() else { return };
    for workload in ["pooled_gets", "limited_gets"] {
        let calls = u32::try_from(count(calls, workload)).unwrap();
        println!("{:.3} system calls per request in {workload}", f64::from(calls) / f64::from(REQUESTS));
        // `setsockopt` is called again if the installed timeout would overshoot the deadline: rarely, but not never.
        assert!(calls < 3 * REQUESTS + REQUESTS / 100, "{workload}: {calls}");
    }
}

/// `counted` also opens connections to one address, with and without a token.
#[test]
fn neither_pooled_gets_nor_dials_start_a_thread() {
    let Some(calls) = SYSTEM_CALLS.as_ref() else { return };
    assert!(calls.matches("connect(").count() > 20, "each dial is traced: {calls}");
    for start in ["clone(", "clone3(", "fork("] {
        assert!(!calls.contains(start), "found {start}..) among: {calls}");
    }
}
