//! Weights of `pallet_equivocation`, written by `make weights`: a change by hand is lost, and refused by its test.
//!
//! Measured in the runtime's Wasm on 2026-11-21, AMD EPYC, 5 steps, 10 repeats.
//! Times are picoseconds without the database, whose accesses are counted. No proof sizes: a chain of its own
//! carries no proofs.
#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_imports)]

use core::marker::PhantomData;
use polkadot_sdk::{
	frame_support::{
		traits::Get,
		weights::{constants::ParityDbWeight, Weight},
	},
	frame_system,
};

/// Weights of the calls, and of the work they set off.
pub trait WeightInfo {
	/// Weight of `report_aura`.
	fn report_aura() -> Weight;
	/// Weight of `withdraw_unbonded`.
	fn withdraw_unbonded() -> Weight;
}

/// As measured, in units of the runtime's database.
pub struct Measured<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for Measured<T> {
	fn report_aura() -> Weight {
		Weight::from_parts(2_915_366_000, 0)
			.saturating_add(T::DbWeight::get().reads(153_u64))
			.saturating_add(T::DbWeight::get().writes(143_u64))
	}
	fn withdraw_unbonded() -> Weight {
		Weight::from_parts(62_533_000, 0)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
}

impl WeightInfo for () {
	fn report_aura() -> Weight {
		Weight::from_parts(2_915_366_000, 0)
			.saturating_add(ParityDbWeight::get().reads(153_u64))
			.saturating_add(ParityDbWeight::get().writes(143_u64))
	}
	fn withdraw_unbonded() -> Weight {
		Weight::from_parts(62_533_000, 0)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
}
