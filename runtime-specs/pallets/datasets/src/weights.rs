//! Weights of `pallet_datasets`, written by `make weights`: a change by hand is lost, and refused by its test.
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
	fn register() -> Weight;
	/// Weight of `publish_version`.
	fn publish_version(s: u32) -> Weight;
	/// Weight of `set_prices`.
	fn set_prices() -> Weight;
	/// Weight of `accredit`.
	fn accredit() -> Weight;
	/// Weight of `revoke_accreditation`.
	fn revoke_accreditation() -> Weight;
	/// Weight of `release_key`.
	fn release_key(s: u32) -> Weight;
	/// Weight of `retire_version`.
	fn retire_version() -> Weight;
	/// Weight of `retire_shard`.
	fn retire_shard() -> Weight;
	/// Weight of `top_up_bond`.
	fn top_up_bond() -> Weight;
	/// Weight of `reinstate`.
	fn reinstate() -> Weight;
}

/// As measured, in units of the runtime's database.
pub struct Measured<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for Measured<T> {
	fn register() -> Weight {
		Weight::from_parts(202_160_000, 0)
			.saturating_add(T::DbWeight::get().reads(16_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	// `s` is in `[1, 64]`.
	fn publish_version(s: u32) -> Weight {
		Weight::from_parts(119_630_707, 0)
			.saturating_add(Weight::from_parts(1_012_704, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(17_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	fn set_prices() -> Weight {
		Weight::from_parts(17_275_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn accredit() -> Weight {
		Weight::from_parts(112_166_000, 0)
			.saturating_add(T::DbWeight::get().reads(18_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn revoke_accreditation() -> Weight {
		Weight::from_parts(67_790_000, 0)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	// `s` is in `[1, 64]`.
	fn release_key(s: u32) -> Weight {
		Weight::from_parts(81_898_511, 0)
			.saturating_add(Weight::from_parts(244_536, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(9_u64))
			.saturating_add(T::DbWeight::get().writes(6_u64))
	}
	fn retire_version() -> Weight {
		Weight::from_parts(53_319_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn retire_shard() -> Weight {
		Weight::from_parts(54_340_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn top_up_bond() -> Weight {
		Weight::from_parts(77_274_000, 0)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn reinstate() -> Weight {
		Weight::from_parts(48_422_000, 0)
			.saturating_add(T::DbWeight::get().reads(15_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
}

impl WeightInfo for () {
	fn register() -> Weight {
		Weight::from_parts(202_160_000, 0)
			.saturating_add(ParityDbWeight::get().reads(16_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	// `s` is in `[1, 64]`.
	fn publish_version(s: u32) -> Weight {
		Weight::from_parts(119_630_707, 0)
			.saturating_add(Weight::from_parts(1_012_704, 0).saturating_mul(s.into()))
			.saturating_add(ParityDbWeight::get().reads(17_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn set_prices() -> Weight {
		Weight::from_parts(17_275_000, 0)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn accredit() -> Weight {
		Weight::from_parts(112_166_000, 0)
			.saturating_add(ParityDbWeight::get().reads(18_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn revoke_accreditation() -> Weight {
		Weight::from_parts(67_790_000, 0)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	// `s` is in `[1, 64]`.
	fn release_key(s: u32) -> Weight {
		Weight::from_parts(81_898_511, 0)
			.saturating_add(Weight::from_parts(244_536, 0).saturating_mul(s.into()))
			.saturating_add(ParityDbWeight::get().reads(9_u64))
			.saturating_add(ParityDbWeight::get().writes(6_u64))
	}
	fn retire_version() -> Weight {
		Weight::from_parts(53_319_000, 0)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn retire_shard() -> Weight {
		Weight::from_parts(54_340_000, 0)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn top_up_bond() -> Weight {
		Weight::from_parts(77_274_000, 0)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn reinstate() -> Weight {
		Weight::from_parts(48_422_000, 0)
			.saturating_add(ParityDbWeight::get().reads(15_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
}
