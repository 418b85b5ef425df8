//! Tests by behaviour.
#![allow(
	clippy::unwrap_used,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::arithmetic_side_effects,
	clippy::panic
)]

mod accrediting;
mod fault;
mod publishing;
mod random;
mod registering;
mod releasing;
mod retiring;
mod state;
mod terms;
