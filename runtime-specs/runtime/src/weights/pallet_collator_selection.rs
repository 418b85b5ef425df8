//! Weights of `pallet_collator_selection`, written by `make weights`: a change by hand is lost, and refused by its test.
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

impl<T: frame_system::Config> pallet_collator_selection::WeightInfo for Measured<T> {
	// `b` is in `[1, 50]`.
	fn set_invulnerables(b: u32) -> Weight {
		Weight::from_parts(12_236_546, 0)
			.saturating_add(Weight::from_parts(2_962_279, 0).saturating_mul(b.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(b.into())))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	// `b` is in `[1, 49]`.
	// `c` is in `[1, 49]`.
	fn add_invulnerable(b: u32, c: u32) -> Weight {
		Weight::from_parts(53_569_102, 0)
			.saturating_add(Weight::from_parts(166_564, 0).saturating_mul(b.into()))
			.saturating_add(Weight::from_parts(276_332, 0).saturating_mul(c.into()))
			.saturating_add(T::DbWeight::get().reads(7_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	// `b` is in `[2, 50]`.
	fn remove_invulnerable(b: u32) -> Weight {
		Weight::from_parts(18_375_794, 0)
			.saturating_add(Weight::from_parts(296_469, 0).saturating_mul(b.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn set_desired_candidates() -> Weight {
		Weight::from_parts(6_129_000, 0)
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	// `c` is in `[0, 50]`.
	// `k` is in `[0, 50]`.
	fn set_candidacy_bond(c: u32, k: u32) -> Weight {
		Weight::from_parts(7_651_000, 0)
			.saturating_add(Weight::from_parts(6_261_757, 0).saturating_mul(c.into()))
			.saturating_add(Weight::from_parts(5_882_700, 0).saturating_mul(k.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(c.into())))
			.saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(k.into())))
			.saturating_add(T::DbWeight::get().writes(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(c.into())))
			.saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(k.into())))
	}
	// `c` is in `[1, 50]`.
	fn update_bond(c: u32) -> Weight {
		Weight::from_parts(77_047_756, 0)
			.saturating_add(Weight::from_parts(501_488, 0).saturating_mul(c.into()))
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	// `c` is in `[1, 49]`.
	fn register_as_candidate(c: u32) -> Weight {
		Weight::from_parts(86_287_955, 0)
			.saturating_add(Weight::from_parts(473_911, 0).saturating_mul(c.into()))
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	// `c` is in `[1, 50]`.
	fn take_candidate_slot(c: u32) -> Weight {
		Weight::from_parts(104_489_116, 0)
			.saturating_add(Weight::from_parts(504_614, 0).saturating_mul(c.into()))
			.saturating_add(T::DbWeight::get().reads(9_u64))
			.saturating_add(T::DbWeight::get().writes(5_u64))
	}
	// `c` is in `[1, 50]`.
	fn leave_intent(c: u32) -> Weight {
		Weight::from_parts(33_967_664, 0)
			.saturating_add(Weight::from_parts(419_590, 0).saturating_mul(c.into()))
			.saturating_add(T::DbWeight::get().reads(6_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn note_author() -> Weight {
		Weight::from_parts(65_317_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	// `r` is in `[1, 50]`.
	// `c` is in `[1, 50]`.
	fn new_session(_r: u32, c: u32) -> Weight {
		Weight::from_parts(83_864_771, 0)
			.saturating_add(Weight::from_parts(10_815_084, 0).saturating_mul(c.into()))
			.saturating_add(T::DbWeight::get().reads(8_u64))
			.saturating_add(T::DbWeight::get().reads(2_u64.saturating_mul(c.into())))
			.saturating_add(T::DbWeight::get().writes(4_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(c.into())))
	}
}
