//! What the crates depend on: few crates, and one `syn`.

use std::{collections::BTreeSet, env, process::Command};

use crate::workspace;

const MAX_CRATES: usize = 45;

/// The crates that `cargo tree` lists, each as `name vX.Y.Z`. Asks a registry only for what is missing here.
fn tree(arguments: &[&str]) -> BTreeSet<String> {
    let run = |network: &[&str]| {
        Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .current_dir(workspace())
            .args(["tree", "--edges", "normal", "--prefix", "none"])
            .args(arguments)
            .args(network)
            .output()
            .expect("cargo runs")
    };
    let mut output = run(&["--offline"]);
    if !output.status.success() {
        output = run(&[]);
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter(|line| !line.is_empty() && !line.ends_with("(*)"))
        .map(String::from)
        .collect()
}

#[test]
fn default_tree_is_small() {
    let crates = tree(&["--package", "httpkit"]);
    assert!(crates.iter().any(|name| name.starts_with("rustls v")), "{crates:#?}");
    assert!(crates.len() <= MAX_CRATES, "{} crates, at most {MAX_CRATES}: {crates:#?}", crates.len());
}

#[test]
fn all_features_share_one_syn() {
    let crates = tree(&[
        "--package",
        "httpkit",
        "--package",
        "httpkit-macros",
        "--package",
        "httpkit-status",
        "--all-features",
    ]);
    let syn: Vec<&String> = crates.iter().filter(|name| name.starts_with("syn v")).collect();
    assert_eq!(syn.len(), 1, "{syn:?}");
}
