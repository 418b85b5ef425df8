//! Weights of `pallet_vesting`, written by `make weights`: a change by hand is lost, and refused by its test.
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

impl<T: frame_system::Config> pallet_vesting::WeightInfo for Measured<T> {
	// `l` is in `[0, 49]`.
	// `s` is in `[1, 28]`.
	fn vest_locked(l: u32, s: u32) -> Weight {
		Weight::from_parts(34_943_114, 0)
			.saturating_add(Weight::from_parts(83_382, 0).saturating_mul(l.into()))
			.saturating_add(Weight::from_parts(150_231, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	// `l` is in `[0, 49]`.
	// `s` is in `[1, 28]`.
	fn vest_unlocked(l: u32, s: u32) -> Weight {
		Weight::from_parts(34_727_615, 0)
			.saturating_add(Weight::from_parts(126_244, 0).saturating_mul(l.into()))
			.saturating_add(Weight::from_parts(163_878, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	// `l` is in `[0, 49]`.
	// `s` is in `[1, 28]`.
	fn vest_other_locked(l: u32, s: u32) -> Weight {
		Weight::from_parts(34_279_756, 0)
			.saturating_add(Weight::from_parts(93_919, 0).saturating_mul(l.into()))
			.saturating_add(Weight::from_parts(177_085, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	// `l` is in `[0, 49]`.
	// `s` is in `[1, 28]`.
	fn vest_other_unlocked(l: u32, s: u32) -> Weight {
		Weight::from_parts(40_174_282, 0)
			.saturating_add(Weight::from_parts(69_866, 0).saturating_mul(l.into()))
			.saturating_add(Weight::from_parts(102_470, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	// `l` is in `[0, 49]`.
	// `s` is in `[0, 27]`.
	fn vested_transfer(l: u32, s: u32) -> Weight {
		Weight::from_parts(106_328_051, 0)
			.saturating_add(Weight::from_parts(32_993, 0).saturating_mul(l.into()))
			.saturating_add(Weight::from_parts(99_084, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	// `l` is in `[0, 49]`.
	// `s` is in `[0, 27]`.
	fn force_vested_transfer(l: u32, s: u32) -> Weight {
		Weight::from_parts(98_456_203, 0)
			.saturating_add(Weight::from_parts(166_378, 0).saturating_mul(l.into()))
			.saturating_add(Weight::from_parts(229_604, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	// `l` is in `[0, 49]`.
	// `s` is in `[2, 28]`.
	fn not_unlocking_merge_schedules(l: u32, s: u32) -> Weight {
		Weight::from_parts(32_185_382, 0)
			.saturating_add(Weight::from_parts(115_302, 0).saturating_mul(l.into()))
			.saturating_add(Weight::from_parts(273_473, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	// `l` is in `[0, 49]`.
	// `s` is in `[2, 28]`.
	fn unlocking_merge_schedules(l: u32, s: u32) -> Weight {
		Weight::from_parts(29_132_649, 0)
			.saturating_add(Weight::from_parts(249_400, 0).saturating_mul(l.into()))
			.saturating_add(Weight::from_parts(434_986, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	// `l` is in `[0, 49]`.
	// `s` is in `[2, 28]`.
	fn force_remove_vesting_schedule(l: u32, s: u32) -> Weight {
		Weight::from_parts(36_922_512, 0)
			.saturating_add(Weight::from_parts(145_697, 0).saturating_mul(l.into()))
			.saturating_add(Weight::from_parts(374_121, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
}
