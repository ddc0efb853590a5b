//! Instructions, counted by callgrind in one run of an optimized build of `counted`.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use httpkit::testing::Server;
use httpkit_tests::find_program;

use crate::{REQUESTS, ten_headers};

/// The measured figure, rounded up. It was 7,750 before requests had timeouts and limits of their own, and has to come
/// back there.
const MAX_PER_POOLED_GET: u64 = 8_300;

#[test]
fn pooled_gets_and_slow_heads_take_few_instructions() {
    let Some(valgrind) = find_program("valgrind") else { return };
    let instructions = Instructions::count(&valgrind, &build_optimized());
    assert_pooled_gets_are_cheap(&instructions);
    assert_slow_heads_cost_linear_time(&instructions);
}

fn assert_pooled_gets_are_cheap(instructions: &Instructions) {
    let per_request = |workload| instructions.of(workload) / u64::from(REQUESTS);
    println!("{} instructions for a GET with every limit", per_request("limited_gets"));
    let pooled = per_request("pooled_gets");
    println!("{pooled} instructions for a pooled GET");
    assert!(pooled <= MAX_PER_POOLED_GET, "{pooled}");
}

/// Twice as many bytes that arrive one by one cost twice as much.
fn assert_slow_heads_cost_linear_time(instructions: &Instructions) {
    let [small, large, larger] =
        ["head_of_8_kib", "head_of_16_kib", "head_of_32_kib"].map(|workload| instructions.of(workload));
    let (first, second) = (large - small, larger - large);
    println!("{first} instructions for 8 KiB more of a slow head, {second} for 16 KiB more");
    assert!((first * 9 / 5..first * 11 / 5).contains(&second), "{small}, {large}, {larger}");
}

/// The report of callgrind.
struct Instructions(String);

impl Instructions {
    fn count(valgrind: &Path, program: &Path) -> Instructions {
        let server = Server::start(|_| ten_headers());
        let report = Path::new(env!("CARGO_TARGET_TMPDIR")).join("callgrind.out");
        let mut valgrind = Command::new(valgrind);
        // Without compression, each call names its function.
        valgrind.args(["--tool=callgrind", "--compress-strings=no", "--compress-pos=no"]);
        valgrind.arg(format!("--callgrind-out-file={}", report.display()));
        valgrind.arg(program).args([server.address().port().to_string(), REQUESTS.to_string()]);
        let output = valgrind.output().expect("valgrind runs");
        assert!(output.status.success(), "{output:?}");
        Instructions(std::fs::read_to_string(report).expect("callgrind writes a report"))
    }

    /// Returns the instructions of a function and of all that it calls.
    ///
    /// The report has three lines for a call: `cfn=counted::workload`, `calls=1 0`, `0 123`, where 123 is the cost.
    fn of(&self, workload: &str) -> u64 {
        let mut lines = self.0.lines();
        let name = format!("counted::{workload}");
        lines
            .find(|line| line.starts_with("cfn=") && line.ends_with(&name))
            .expect("main calls the workload");
        let cost = lines.nth(1).and_then(|line| line.split(' ').next_back()?.parse().ok());
        cost.unwrap_or_else(|| panic!("expected a call of {workload} with its cost"))
    }
}

/// Builds `counted` with optimization: the instructions of a debug build say nothing about those of users.
fn build_optimized() -> PathBuf {
    let debug = Path::new(env!("CARGO_BIN_EXE_counted"));
    let target = debug.ancestors().nth(2).expect("a binary is in target/profile");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "build",
        "--quiet",
        "--profile",
        "counted",
        "--package",
        "httpkit-counts",
        "--bin",
        "counted",
    ]);
    cargo.arg("--target-dir").arg(target).current_dir(env!("CARGO_MANIFEST_DIR"));
    assert!(cargo.status().expect("cargo runs").success(), "counted can be built");
    target.join("counted").join("counted")
}
