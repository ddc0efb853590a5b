//! The error messages of the compiler for each mistake with `#[http_client]`.
//!
//! The messages change with the compiler, so they are compared on one toolchain only. On any other, the cases must fail
//! with any message: they run as copies, which leaves the `.stderr` files unchanged. After a change of the macro, run
//! `TRYBUILD=overwrite cargo test -p httpkit-compile-fail` to rewrite the `.stderr` files, and read them all.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The toolchain of the `.stderr` files.
const PINNED: &str = "rustc 1.95.0 ";
/// The variable with the directory of the copies.
const COPIES: &str = "HTTPKIT_UI_COPIES";

#[test]
fn mistakes_do_not_compile() {
    if let Some(copies) = env::var_os(COPIES) {
        run(Path::new(&copies));
    } else if toolchain().starts_with(PINNED) {
        run(Path::new("ui"));
    } else {
        run_copies();
    }
}

fn run(directory: &Path) {
    trybuild::TestCases::new().compile_fail(directory.join("*.rs"));
}

/// Runs this test again on copies of the cases, next to which trybuild may write `.stderr` files.
fn run_copies() {
    let copies = copy_cases();
    let test = env::current_exe().expect("the test has a path");
    let status =
        Command::new(test).env(COPIES, copies).env("TRYBUILD", "overwrite").status().expect("the test runs");
    assert!(status.success(), "a case compiles");
}

fn copy_cases() -> PathBuf {
    let copies = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    // A case that was removed since the last run must not run.
    let _ = fs::remove_dir_all(&copies);
    fs::create_dir_all(&copies).expect("the target directory can be written");
    for case in fs::read_dir("ui").expect("the cases can be listed") {
        let case = case.expect("the cases can be listed").path();
        if let Some(name) = case.file_name().filter(|_| case.extension().is_some_and(|found| found == "rs")) {
            fs::copy(&case, copies.join(name)).expect("a case can be copied");
        }
    }
    copies
}

fn toolchain() -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().expect("rustc runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
