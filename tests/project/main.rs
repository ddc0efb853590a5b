//! Rules for the sources of this project.

mod dependencies;
mod imports;
mod layers;
mod names;
mod prose;
mod seeds;
mod tracked;
mod words;

use std::path::Path;

/// The root of the workspace.
fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are a member of the workspace")
}
