//! What a pooled GET with a deadline and ten response headers costs, counted: these figures are exact.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the finding")]

mod bodies;

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use httpkit::{Client, testing::Server};
use httpkit_tests::ten_headers;

/// Between so many requests and ten times as many, start and end of the program cancel out.
const FEW: u32 = 100;
const MANY: u32 = 1100;

#[test]
fn a_pooled_get_allocates_at_most_twice_beside_its_body() {
    let server = Server::start(|_| ten_headers());
    let client = Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
    let url = server.url("/some/path?query=1");
    let get = || client.get(&url).send().unwrap();
    get().bytes().unwrap();
    let mut response = None;
    let head = allocation_counter::measure(|| response = Some(get()));
    let body = allocation_counter::measure(|| assert_eq!(response.take().unwrap().bytes().unwrap(), b"ok"));
    assert!(head.count_total <= 2, "{head:?}");
    assert!(body.count_total <= 1, "{body:?}");
}

#[test]
fn a_pooled_get_makes_at_most_three_system_calls() {
    if !has("strace") {
        println!("skipped: strace is not on this machine");
        return;
    }
    let server = Counted::serve(Path::new(env!("CARGO_BIN_EXE_counted")));
    for get in ["get", "get-minded"] {
        let calls = |requests: u32| {
            let table = traced(&["-c", "-U", "calls"], &[get, &server.port, &requests.to_string()]);
            let calls = table.lines().filter_map(|line| line.split_whitespace().next()?.parse::<u32>().ok());
            calls.max().unwrap_or(0)
        };
        let per_request = f64::from(calls(MANY) - calls(FEW)) / f64::from(MANY - FEW);
        println!("{per_request:.3} system calls a request by {get}");
        assert!(per_request < 3.01, "{get}: {per_request}");
    }
}

#[test]
fn neither_a_pooled_request_nor_a_dial_to_one_address_starts_a_thread() {
    if !has("strace") {
        println!("skipped: strace is not on this machine");
        return;
    }
    let server = Counted::serve(Path::new(env!("CARGO_BIN_EXE_counted")));
    for requests in ["get", "get-minded", "dial"] {
        let calls =
            traced(&["-e", "trace=clone,clone3,fork,vfork,exit_group"], &[requests, &server.port, "10"]);
        assert!(calls.contains("exit_group") && !calls.contains("clone"), "{requests}: {calls}");
    }
}

/// What `strace` says of a run of the counted program.
fn traced(options: &[&str], arguments: &[&str]) -> String {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq"]).args(options).arg(env!("CARGO_BIN_EXE_counted")).args(arguments);
    let output = strace.output().expect("strace runs");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stderr).expect("strace writes text")
}

#[test]
fn a_pooled_get_takes_at_most_8000_instructions() {
    if !has("valgrind") {
        println!("skipped: valgrind is not on this machine");
        return;
    }
    let counted = build_release();
    let server = Counted::serve(&counted);
    let instructions = |requests: u32| instructions(&counted, &["get", &server.port, &requests.to_string()]);
    let per_request = (instructions(MANY) - instructions(FEW)) / u64::from(MANY - FEW);
    println!("{per_request} instructions a request");
    assert!(per_request <= 8_000, "{per_request}");
}

#[test]
fn a_head_that_drips_costs_time_linear_in_its_size() {
    if !has("valgrind") {
        println!("skipped: valgrind is not on this machine");
        return;
    }
    let counted = build_release();
    let [small, large, larger] =
        ["8192", "16384", "32768"].map(|bytes| instructions(&counted, &["drip", bytes]));
    // Twice as many bytes more cost twice as much more.
    let (first, second) = (large - small, larger - large);
    println!("{first} instructions for 8 KiB more, {second} for 16 KiB more");
    assert!((first * 9 / 5..first * 11 / 5).contains(&second), "{small}, {large}, {larger}");
}

/// How many instructions a run takes.
fn instructions(program: &Path, arguments: &[&str]) -> u64 {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program).args(arguments);
    let output = valgrind.output().expect("valgrind runs");
    assert!(output.status.success(), "{output:?}");
    let report = String::from_utf8_lossy(&output.stderr);
    let line = report.lines().find(|line| line.contains("Collected :")).expect("callgrind reports a total");
    line.rsplit(' ').next().and_then(|total| total.parse().ok()).expect("a total is a number")
}

fn has(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// Builds the counted program with optimisation: instructions of a debug build say nothing.
fn build_release() -> PathBuf {
    let debug = Path::new(env!("CARGO_BIN_EXE_counted"));
    let target = debug.ancestors().nth(2).expect("a binary lies in target/profile");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "build",
        "--quiet",
        "--release",
        "--package",
        "httpkit-tests",
        "--bin",
        "counted",
        "--target-dir",
    ]);
    let status = cargo.arg(target).current_dir(env!("CARGO_MANIFEST_DIR")).status().expect("cargo runs");
    assert!(status.success(), "the counted program builds");
    target.join("release").join("counted")
}

/// A server in a process of its own.
struct Counted {
    child: Child,
    port: String,
}

impl Counted {
    fn serve(program: &Path) -> Counted {
        let mut child = Command::new(program)
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut port = String::new();
        BufReader::new(child.stdout.take().expect("it is piped"))
            .read_line(&mut port)
            .expect("it prints its port");
        Counted { child, port: port.trim().to_owned() }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
