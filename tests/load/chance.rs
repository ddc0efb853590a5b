//! What looks like chance, and is the same in each run.

/// The number `choice` of 0 to `choices - 1`, which depends on `seed` alone (`SplitMix64`).
pub(crate) fn choose(seed: u64, choices: u64) -> u64 {
    let mut mixed = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)) % choices
}
