//! What the runtime reads and writes, key by key.
#![allow(
	clippy::unwrap_used,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::arithmetic_side_effects,
	clippy::panic,
	clippy::float_arithmetic
)]

// The runtime's own tests use more of these.
#[allow(dead_code)]
#[path = "../../../runtime/tests/chain/actors.rs"]
mod actors;
#[allow(dead_code)]
#[path = "../../../runtime/tests/chain/support.rs"]
mod support;

#[cfg(feature = "runtime-benchmarks")]
mod drift;
mod genesis;
mod rows;
