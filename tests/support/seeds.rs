//! Seeds of the fuzz targets.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::PathBuf,
};

/// Writes an input of this fuzz target to a folder below the one that `HTTPKIT_SEEDS` names. Does nothing if
/// the variable is not set.
pub fn keep_as_seed(target: &str, input: &[u8]) {
    let Some(folder) = std::env::var_os("HTTPKIT_SEEDS").map(PathBuf::from) else { return };
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    let folder = folder.join(target);
    std::fs::create_dir_all(&folder).expect("the folder of the seeds can be written");
    let seed = folder.join(format!("{:016x}", hasher.finish()));
    std::fs::write(seed, input).expect("a seed can be written");
}
