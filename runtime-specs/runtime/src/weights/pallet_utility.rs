//! Weights of `pallet_utility`, written by `make weights`: a change by hand is lost, and refused by its test.
//!
//! Measured in the runtime's Wasm on 2026-11-21, AMD EPYC, 5 steps, 5 repeats.
//! Times are picoseconds without the database, whose accesses are counted. No proof sizes: a chain of its own
//! carries no proofs.
#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_imports)]

use core::marker::PhantomData;
use polkadot_sdk::{
	frame_support::{traits::Get, weights::Weight},
	*,
};

/// As measured, in units of the runtime's database.
pub struct Measured<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_utility::WeightInfo for Measured<T> {
	// `c` is in `[0, 1000]`.
	fn batch(c: u32) -> Weight {
		Weight::from_parts(3_297_466, 0)
			.saturating_add(Weight::from_parts(5_204_461, 0).saturating_mul(c.into()))
	}
	fn as_derivative() -> Weight {
		Weight::from_parts(7_320_000, 0)
	}
	// `c` is in `[0, 1000]`.
	fn batch_all(c: u32) -> Weight {
		Weight::from_parts(12_005_800, 0)
			.saturating_add(Weight::from_parts(5_636_222, 0).saturating_mul(c.into()))
	}
	fn dispatch_as() -> Weight {
		Weight::from_parts(9_284_000, 0)
	}
	// `c` is in `[0, 1000]`.
	fn force_batch(c: u32) -> Weight {
		Weight::from_parts(14_876_933, 0)
			.saturating_add(Weight::from_parts(5_181_128, 0).saturating_mul(c.into()))
	}
	fn dispatch_as_fallible() -> Weight {
		Weight::from_parts(9_194_000, 0)
	}
	fn if_else() -> Weight {
		Weight::from_parts(12_318_000, 0)
	}
}
