//! Weights of `pallet_treasury`, written by `make weights`: a change by hand is lost, and refused by its test.
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

impl<T: frame_system::Config> pallet_treasury::WeightInfo for Measured<T> {
	fn spend_local() -> Weight {
		Weight::from_parts(11_757_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn remove_approval() -> Weight {
		Weight::from_parts(3_986_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	// `p` is in `[0, 99]`.
	fn on_initialize_proposals(p: u32) -> Weight {
		Weight::from_parts(12_685_892, 0)
			.saturating_add(Weight::from_parts(58_046, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn spend() -> Weight {
		Weight::from_parts(11_598_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn payout() -> Weight {
		Weight::from_parts(68_021_000, 0)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn check_status() -> Weight {
		Weight::from_parts(10_596_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn void_spend() -> Weight {
		Weight::from_parts(9_664_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
}
