//! What the tests of httpkit share.

#![allow(clippy::missing_panics_doc, clippy::missing_errors_doc, reason = "tests panic, and say what at")]

#[cfg(target_os = "linux")]
mod black_hole;
mod cancelled_by;
mod child;
mod codings;
mod five_ways;
mod missing;
mod noted;
pub mod pedantic;
mod program;
mod python;
mod scripted;
mod seeds;
mod slow;
pub mod tls;
mod tunnel;

#[cfg(target_os = "linux")]
pub use black_hole::BlackHole;
pub use cancelled_by::CancelledBy;
pub use child::{is_child, run_under, run_with};
pub use codings::{CODINGS, Coding, brotli, deflate, gzip, zlib, zstd};
pub use five_ways::{Answer, Outcome, exchange, five_ways, kind_name};
pub use missing::{find_program, skip};
pub use noted::{NotedServer, Notes, within};
pub use program::{Place, Program};
pub use python::PythonServer;
pub use scripted::{OK, answered, answered_within, answers, requests, scripted, scripted_with, with_body};
pub use seeds::keep_as_seed;
pub use slow::Slow;
pub use tunnel::TunnelProxy;
