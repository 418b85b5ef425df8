//! Weights of `pallet_evaluation`, written by `make weights`: a change by hand is lost, and refused by its test.
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
	/// Weight of `on_initialize`.
	fn on_initialize(d: u32, v: u32) -> Weight;
	/// Weight of `create_benchmark`.
	fn create_benchmark() -> Weight;
	/// Weight of `set_verified`.
	fn set_verified() -> Weight;
	/// Weight of `retire_benchmark`.
	fn retire_benchmark() -> Weight;
	/// Weight of `register_validator`.
	fn register_validator() -> Weight;
	/// Weight of `bond_more`.
	fn bond_more() -> Weight;
	/// Weight of `unbond`.
	fn unbond() -> Weight;
	/// Weight of `withdraw_unbonded`.
	fn withdraw_unbonded() -> Weight;
	/// Weight of `chill`.
	fn chill() -> Weight;
	/// Weight of `activate`.
	fn activate() -> Weight;
	/// Weight of `request_evaluation`.
	fn request_evaluation() -> Weight;
	/// Weight of `accept`.
	fn accept() -> Weight;
	/// Weight of `decline`.
	fn decline() -> Weight;
	/// Weight of `commit`.
	fn commit() -> Weight;
	/// Weight of `reveal`.
	fn reveal() -> Weight;
	/// Weight of `advance`.
	fn advance() -> Weight;
	/// Weight of `claim_rewards`.
	fn claim_rewards() -> Weight;
	/// Weight of `index_round`.
	fn index_round() -> Weight;
}

/// As measured, in units of the runtime's database.
pub struct Measured<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for Measured<T> {
	// `d` is in `[0, 4]`.
	// `v` is in `[21, 256]`.
	fn on_initialize(d: u32, v: u32) -> Weight {
		Weight::from_parts(46_629_000, 0)
			.saturating_add(Weight::from_parts(2_078_587_415, 0).saturating_mul(d.into()))
			.saturating_add(Weight::from_parts(24_233_717, 0).saturating_mul(v.into()))
			.saturating_add(T::DbWeight::get().reads(9_u64))
			.saturating_add(T::DbWeight::get().reads(246_u64.saturating_mul(d.into())))
			.saturating_add(T::DbWeight::get().reads(4_u64.saturating_mul(v.into())))
			.saturating_add(T::DbWeight::get().writes(31_u64.saturating_mul(d.into())))
	}
	fn create_benchmark() -> Weight {
		Weight::from_parts(116_954_000, 0)
			.saturating_add(T::DbWeight::get().reads(19_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	fn set_verified() -> Weight {
		Weight::from_parts(9_975_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn retire_benchmark() -> Weight {
		Weight::from_parts(59_078_000, 0)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn register_validator() -> Weight {
		Weight::from_parts(172_687_000, 0)
			.saturating_add(T::DbWeight::get().reads(18_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	fn bond_more() -> Weight {
		Weight::from_parts(74_000_000, 0)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn unbond() -> Weight {
		Weight::from_parts(81_591_000, 0)
			.saturating_add(T::DbWeight::get().reads(4_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn withdraw_unbonded() -> Weight {
		Weight::from_parts(71_346_000, 0)
			.saturating_add(T::DbWeight::get().reads(5_u64))
			.saturating_add(T::DbWeight::get().writes(4_u64))
	}
	fn chill() -> Weight {
		Weight::from_parts(67_660_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn activate() -> Weight {
		Weight::from_parts(98_706_000, 0)
			.saturating_add(T::DbWeight::get().reads(16_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn request_evaluation() -> Weight {
		Weight::from_parts(151_605_000, 0)
			.saturating_add(T::DbWeight::get().reads(24_u64))
			.saturating_add(T::DbWeight::get().writes(8_u64))
	}
	fn accept() -> Weight {
		Weight::from_parts(689_463_000, 0)
			.saturating_add(T::DbWeight::get().reads(86_u64))
			.saturating_add(T::DbWeight::get().writes(84_u64))
	}
	fn decline() -> Weight {
		Weight::from_parts(1_244_758_000, 0)
			.saturating_add(T::DbWeight::get().reads(177_u64))
			.saturating_add(T::DbWeight::get().writes(136_u64))
	}
	fn commit() -> Weight {
		Weight::from_parts(3_716_836_000, 0)
			.saturating_add(T::DbWeight::get().reads(212_u64))
			.saturating_add(T::DbWeight::get().writes(210_u64))
	}
	fn reveal() -> Weight {
		Weight::from_parts(829_801_000, 0)
			.saturating_add(T::DbWeight::get().reads(95_u64))
			.saturating_add(T::DbWeight::get().writes(94_u64))
	}
	fn advance() -> Weight {
		Weight::from_parts(4_145_542_000, 0)
			.saturating_add(T::DbWeight::get().reads(218_u64))
			.saturating_add(T::DbWeight::get().writes(218_u64))
	}
	fn claim_rewards() -> Weight {
		Weight::from_parts(63_094_000, 0)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn index_round() -> Weight {
		Weight::from_parts(10_655_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
}

impl WeightInfo for () {
	// `d` is in `[0, 4]`.
	// `v` is in `[21, 256]`.
	fn on_initialize(d: u32, v: u32) -> Weight {
		Weight::from_parts(46_629_000, 0)
			.saturating_add(Weight::from_parts(2_078_587_415, 0).saturating_mul(d.into()))
			.saturating_add(Weight::from_parts(24_233_717, 0).saturating_mul(v.into()))
			.saturating_add(ParityDbWeight::get().reads(9_u64))
			.saturating_add(ParityDbWeight::get().reads(246_u64.saturating_mul(d.into())))
			.saturating_add(ParityDbWeight::get().reads(4_u64.saturating_mul(v.into())))
			.saturating_add(ParityDbWeight::get().writes(31_u64.saturating_mul(d.into())))
	}
	fn create_benchmark() -> Weight {
		Weight::from_parts(116_954_000, 0)
			.saturating_add(ParityDbWeight::get().reads(19_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn set_verified() -> Weight {
		Weight::from_parts(9_975_000, 0)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
	fn retire_benchmark() -> Weight {
		Weight::from_parts(59_078_000, 0)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn register_validator() -> Weight {
		Weight::from_parts(172_687_000, 0)
			.saturating_add(ParityDbWeight::get().reads(18_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn bond_more() -> Weight {
		Weight::from_parts(74_000_000, 0)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn unbond() -> Weight {
		Weight::from_parts(81_591_000, 0)
			.saturating_add(ParityDbWeight::get().reads(4_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn withdraw_unbonded() -> Weight {
		Weight::from_parts(71_346_000, 0)
			.saturating_add(ParityDbWeight::get().reads(5_u64))
			.saturating_add(ParityDbWeight::get().writes(4_u64))
	}
	fn chill() -> Weight {
		Weight::from_parts(67_660_000, 0)
			.saturating_add(ParityDbWeight::get().reads(2_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn activate() -> Weight {
		Weight::from_parts(98_706_000, 0)
			.saturating_add(ParityDbWeight::get().reads(16_u64))
			.saturating_add(ParityDbWeight::get().writes(2_u64))
	}
	fn request_evaluation() -> Weight {
		Weight::from_parts(151_605_000, 0)
			.saturating_add(ParityDbWeight::get().reads(24_u64))
			.saturating_add(ParityDbWeight::get().writes(8_u64))
	}
	fn accept() -> Weight {
		Weight::from_parts(689_463_000, 0)
			.saturating_add(ParityDbWeight::get().reads(86_u64))
			.saturating_add(ParityDbWeight::get().writes(84_u64))
	}
	fn decline() -> Weight {
		Weight::from_parts(1_244_758_000, 0)
			.saturating_add(ParityDbWeight::get().reads(177_u64))
			.saturating_add(ParityDbWeight::get().writes(136_u64))
	}
	fn commit() -> Weight {
		Weight::from_parts(3_716_836_000, 0)
			.saturating_add(ParityDbWeight::get().reads(212_u64))
			.saturating_add(ParityDbWeight::get().writes(210_u64))
	}
	fn reveal() -> Weight {
		Weight::from_parts(829_801_000, 0)
			.saturating_add(ParityDbWeight::get().reads(95_u64))
			.saturating_add(ParityDbWeight::get().writes(94_u64))
	}
	fn advance() -> Weight {
		Weight::from_parts(4_145_542_000, 0)
			.saturating_add(ParityDbWeight::get().reads(218_u64))
			.saturating_add(ParityDbWeight::get().writes(218_u64))
	}
	fn claim_rewards() -> Weight {
		Weight::from_parts(63_094_000, 0)
			.saturating_add(ParityDbWeight::get().reads(3_u64))
			.saturating_add(ParityDbWeight::get().writes(3_u64))
	}
	fn index_round() -> Weight {
		Weight::from_parts(10_655_000, 0)
			.saturating_add(ParityDbWeight::get().reads(1_u64))
			.saturating_add(ParityDbWeight::get().writes(1_u64))
	}
}
