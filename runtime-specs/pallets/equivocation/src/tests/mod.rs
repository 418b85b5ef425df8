#![allow(
	clippy::unwrap_used,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::arithmetic_side_effects,
	clippy::panic,
	clippy::disallowed_methods
)]

mod bonds;
mod headers;
mod punishing;
mod random;
mod sessions;
mod state;
