//! Weights: how the runtime's benchmarks are measured, and how the committed files are held to them.
//!
//! `make weights` runs every benchmark in the runtime's own Wasm, under the executor of the node, and writes the files.
//! The tests run the same benchmarks natively and count again what they read and write.
#![allow(
	clippy::arithmetic_side_effects,
	clippy::expect_used,
	clippy::float_arithmetic,
	clippy::indexing_slicing,
	clippy::panic,
	clippy::unwrap_used,
	reason = "a tool and its tests: what is out of order ends them"
)]

pub mod baseline;
pub mod committed;
pub mod formula;
pub mod plan;
pub mod render;
pub mod tracked;

use std::path::PathBuf;

/// The pallet whose benchmarks time the baseline; it has no weights.
pub const BASELINE: &str = "frame_benchmarking";

/// Where the weights of a pallet are kept.
pub fn file_of(pallet: &str) -> PathBuf {
	let workspace = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
	if pallet == BASELINE {
		return workspace.join("weights/src/baseline.rs");
	}
	let ours = workspace.join("pallets").join(pallet.trim_start_matches("pallet_"));
	if ours.is_dir() {
		ours.join("src/weights.rs")
	} else {
		workspace.join("runtime/src/weights").join(format!("{pallet}.rs"))
	}
}
