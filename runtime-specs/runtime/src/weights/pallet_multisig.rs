//! Weights of `pallet_multisig`, written by `make weights`: a change by hand is lost, and refused by its test.
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

impl<T: frame_system::Config> pallet_multisig::WeightInfo for Measured<T> {
	// `z` is in `[0, 10000]`.
	fn as_multi_threshold_1(z: u32) -> Weight {
		Weight::from_parts(47_726_866, 0)
			.saturating_add(Weight::from_parts(7_179, 0).saturating_mul(z.into()))
	}
	// `s` is in `[2, 100]`.
	// `z` is in `[0, 10000]`.
	fn as_multi_create(s: u32, z: u32) -> Weight {
		Weight::from_parts(34_659_814, 0)
			.saturating_add(Weight::from_parts(379_559, 0).saturating_mul(s.into()))
			.saturating_add(Weight::from_parts(7_492, 0).saturating_mul(z.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	// `s` is in `[3, 100]`.
	// `z` is in `[0, 10000]`.
	fn as_multi_approve(s: u32, z: u32) -> Weight {
		Weight::from_parts(17_280_662, 0)
			.saturating_add(Weight::from_parts(315_018, 0).saturating_mul(s.into()))
			.saturating_add(Weight::from_parts(7_159, 0).saturating_mul(z.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	// `s` is in `[2, 100]`.
	// `z` is in `[0, 10000]`.
	fn as_multi_complete(s: u32, z: u32) -> Weight {
		Weight::from_parts(39_076_662, 0)
			.saturating_add(Weight::from_parts(399_596, 0).saturating_mul(s.into()))
			.saturating_add(Weight::from_parts(7_355, 0).saturating_mul(z.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	// `s` is in `[2, 100]`.
	fn approve_as_multi_create(s: u32) -> Weight {
		Weight::from_parts(36_586_654, 0)
			.saturating_add(Weight::from_parts(348_438, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	// `s` is in `[2, 100]`.
	fn approve_as_multi_approve(s: u32) -> Weight {
		Weight::from_parts(15_025_712, 0)
			.saturating_add(Weight::from_parts(326_912, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	// `s` is in `[2, 100]`.
	fn cancel_as_multi(s: u32) -> Weight {
		Weight::from_parts(33_449_695, 0)
			.saturating_add(Weight::from_parts(337_230, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	// `s` is in `[2, 100]`.
	fn poke_deposit(s: u32) -> Weight {
		Weight::from_parts(31_328_386, 0)
			.saturating_add(Weight::from_parts(315_710, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
}
