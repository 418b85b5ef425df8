//! Arbitrary sequences of calls on the whole runtime, by arbitrary origins, while blocks go by; after each step every
//! pallet's state must be consistent, and no money made or lost unaccounted for.
//!
//! An input is a string of bytes. `tests/` gives random ones, and the committed corpus and regressions, in CI;
//! `make fuzz` has libFuzzer look for those that reach new code.
#![allow(
	clippy::arithmetic_side_effects,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::panic,
	clippy::unwrap_used,
	reason = "a test: what is out of order ends it"
)]

#[path = "../../runtime/tests/chain/actors.rs"]
pub mod actors;
pub mod acts;
pub mod authority;
pub mod generate;
mod input;
pub mod ledger;
#[path = "../../runtime/tests/chain/support.rs"]
pub mod support;

pub use input::{run, Tally};
