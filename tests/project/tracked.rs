//! The text files of the project.

use std::{fs, path::PathBuf, process::Command};

use httpkit_tests::skip;

use crate::workspace;

/// Returns the text files that git tracks or would add, by path from the root, or no file outside a git checkout.
pub(crate) fn tracked() -> Vec<(PathBuf, String)> {
    let mut git = Command::new("git");
    git.current_dir(workspace()).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listed = git.output().ok().filter(|output| output.status.success());
    let Some(listed) = listed.or_else(|| skip("not a git checkout", "clone the repository")) else {
        return Vec::new();
    };
    let files: Vec<_> = String::from_utf8_lossy(&listed.stdout)
        .split_terminator('\0')
        .map(PathBuf::from)
        .filter_map(|file| {
            let text = fs::read_to_string(workspace().join(&file)).ok()?;
            Some((file, text))
        })
        .collect();
    assert!(!files.is_empty(), "git lists no file");
    files
}
