//! Weights of `frame_system_extensions`, written by `make weights`: a change by hand is lost, and refused by its test.
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

impl<T: frame_system::Config> frame_system::ExtensionsWeightInfo for Measured<T> {
	fn check_genesis() -> Weight {
		Weight::from_parts(2_624_000, 0)
	}
	fn check_mortality_mortal_transaction() -> Weight {
		Weight::from_parts(5_509_000, 0)
	}
	fn check_mortality_immortal_transaction() -> Weight {
		Weight::from_parts(5_358_000, 0)
	}
	fn check_non_zero_sender() -> Weight {
		Weight::from_parts(911_000, 0)
	}
	fn check_nonce() -> Weight {
		Weight::from_parts(9_614_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn check_spec_version() -> Weight {
		Weight::from_parts(711_000, 0)
	}
	fn check_tx_version() -> Weight {
		Weight::from_parts(741_000, 0)
	}
	fn check_weight() -> Weight {
		Weight::from_parts(5_589_000, 0)
	}
	fn weight_reclaim() -> Weight {
		Weight::from_parts(3_195_000, 0)
	}
}
