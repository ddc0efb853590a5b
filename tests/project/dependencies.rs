//! What the crates depend on: few crates, and one `syn`.

use std::{collections::BTreeSet, env, fs, process::Command};

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

/// A row of the table of features in the documentation of `httpkit`.
struct Feature {
    name: String,
    /// How many crates it brings.
    crates: usize,
    is_default: bool,
}

fn documented_features() -> Vec<Feature> {
    let lib = fs::read_to_string(workspace().join("httpkit/src/lib.rs")).expect("the root of the crate");
    let table = lib.split("//! | feature |").nth(1).expect("a table of features");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with("//! | `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, name, _, crates, default, _] = cells[..] else { panic!("four cells: {row}") };
        Feature {
            name: name.trim_matches('`').to_owned(),
            crates: crates.parse().unwrap_or_else(|_| panic!("a number of crates: {row}")),
            is_default: default == "yes",
        }
    })
    .collect()
}

#[test]
fn features_bring_as_many_crates_as_their_table_says() {
    let crates = |features: &[&str]| {
        let features = features.join(",");
        let target = "x86_64-unknown-linux-gnu";
        tree(&["--package", "httpkit", "--no-default-features", "--features", &features, "--target", target])
    };
    let features = documented_features();
    let mut defaults = Vec::new();
    assert_eq!(crates(&defaults).len() - 1, 14, "those without any feature");
    for feature in &features {
        let mut with = defaults.clone();
        with.push(feature.name.as_str());
        let brought = crates(&with).len() - crates(&defaults).len();
        assert_eq!(brought, feature.crates, "those of `{}`", feature.name);
        if feature.is_default {
            defaults = with;
        }
    }
    assert_eq!(crates(&defaults), tree(&["--package", "httpkit", "--target", "x86_64-unknown-linux-gnu"]));
}

#[test]
fn every_feature_is_in_the_table() {
    let manifest = fs::read_to_string(workspace().join("httpkit/Cargo.toml")).expect("the crate's manifest");
    let features = manifest.split("[features]\n").nth(1).and_then(|rest| rest.split("\n[").next());
    let declared: BTreeSet<&str> = features
        .expect("features")
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name)
        .filter(|name| *name != "default" && !name.starts_with("__"))
        .collect();
    let documented = documented_features();
    assert_eq!(declared, documented.iter().map(|feature| feature.name.as_str()).collect());
}
