//! Weights of `pallet_models`, written by `make weights`: a change by hand is lost, and refused by its test.
//!
//! Measured in the runtime's Wasm on 2026-11-21, AMD EPYC, 5 steps, 5 repeats.
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
	/// Weight of `register`.
	fn register(c: u32) -> Weight;
	/// Weight of `claim`.
	fn claim() -> Weight;
	/// Weight of `open`.
	fn open() -> Weight;
	/// Weight of `set_terms`.
	fn set_terms() -> Weight;
	/// Weight of `pay_usage`.
	fn pay_usage() -> Weight;
	/// Weight of `claim_fees`.
	fn claim_fees() -> Weight;
	/// Weight of `deprecate`.
	fn deprecate() -> Weight;
	/// Weight of `drop_claim`.
	fn drop_claim() -> Weight;
}

/// As measured, in units of the runtime's database.
pub struct Measured<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for Measured<T> {
	// `c` is in `[1, 16]`.
	fn register(c: u32) -> Weight {
		Weight::from_parts(134_096_035, 0)
			.saturating_add(Weight::from_parts(78_605, 0).saturating_mul(c.into()))
			.saturating_add(T::DbWeight::get().reads(16_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn claim() -> Weight {
		Weight::from_parts(105_066_000, 0)
			.saturating_add(T::DbWeight::get().reads(16_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn open() -> Weight {
		Weight::from_parts(235_329_000, 0)
			.saturating_add(T::DbWeight::get().reads(22_u64))
			.saturating_add(T::DbWeight::get().writes(7_u64))
	}
	fn set_terms() -> Weight {
		Weight::from_parts(13_270_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn pay_usage() -> Weight {
		Weight::from_parts(123_313_000, 0)
			.saturating_add(T::DbWeight::get().reads(19_u64))
			.saturating_add(T::DbWeight::get().writes(18_u64))
	}
	fn claim_fees() -> Weight {
		Weight::from_parts(69_603_000, 0)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn deprecate() -> Weight {
		Weight::from_parts(14_151_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn drop_claim() -> Weight {
		Weight::from_parts(61_301_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
}

impl WeightInfo for () {
	// `c` is in `[1, 16]`.
	fn register(c: u32) -> Weight {
		Weight::from_parts(134_096_035, 0)
			.saturating_add(Weight::from_parts(78_605, 0).saturating_mul(c.into()))
			.saturating_add(ParityDbWeight::get().reads(16_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn claim() -> Weight {
		Weight::from_parts(105_066_000, 0)
			.saturating_add(ParityDbWeight::get().reads(16_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn open() -> Weight {
		Weight::from_parts(235_329_000, 0)
			.saturating_add(ParityDbWeight::get().reads(22_u64))
			.saturating_add(ParityDbWeight::get().writes(7_u64))
	}
	fn set_terms() -> Weight {
		Weight::from_parts(13_270_000, 0)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn pay_usage() -> Weight {
		Weight::from_parts(123_313_000, 0)
			.saturating_add(ParityDbWeight::get().reads(19_u64))
			.saturating_add(ParityDbWeight::get().writes(18_u64))
	}
	fn claim_fees() -> Weight {
		Weight::from_parts(69_603_000, 0)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn deprecate() -> Weight {
		Weight::from_parts(14_151_000, 0)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn drop_claim() -> Weight {
		Weight::from_parts(61_301_000, 0)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
}
