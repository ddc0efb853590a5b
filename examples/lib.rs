//! The examples of httpkit; run one with `cargo run --example NAME`.
