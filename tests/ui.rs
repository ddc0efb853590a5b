//! What the compiler says of each mistake with `#[http_client]`.
//!
//! Its words are compared on one toolchain, since they change with it. On any other, the cases have to fail,
//! in whatever words: then they run as copies, so that the files beside them stay as they are. After a change
//! of the macro, `TRYBUILD=overwrite cargo test -p httpkit-tests --test ui` writes these anew: read them all.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The toolchain whose words are compared.
const PINNED: &str = "rustc 1.95.0 ";
/// Tells the test where the copies are.
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

/// Runs this test again on copies of the cases, where trybuild may write down what it finds.
fn run_copies() {
    let copies = copy_cases();
    let test = env::current_exe().expect("a test knows where it is");
    let status = Command::new(test)
        .env(COPIES, copies)
        .env("TRYBUILD", "overwrite")
        .status()
        .expect("the test can run again");
    assert!(status.success(), "a case compiles");
}

fn copy_cases() -> PathBuf {
    let copies = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    fs::create_dir_all(&copies).expect("the target directory can be written");
    for case in fs::read_dir("ui").expect("the cases are there") {
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
