//! Tests by behaviour.
#![allow(
	clippy::unwrap_used,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::arithmetic_side_effects,
	clippy::panic
)]

mod claiming;
mod opening;
mod paying;
mod random;
mod registering;
mod state;
mod status;
