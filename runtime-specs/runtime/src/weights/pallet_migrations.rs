//! Weights of `pallet_migrations`, written by `make weights`: a change by hand is lost, and refused by its test.
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

impl<T: frame_system::Config> pallet_migrations::WeightInfo for Measured<T> {
	fn onboard_new_mbms() -> Weight {
		Weight::from_parts(5_769_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn progress_mbms_none() -> Weight {
		Weight::from_parts(931_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
	}
	fn exec_migration_completed() -> Weight {
		Weight::from_parts(4_978_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn exec_migration_skipped_historic() -> Weight {
		Weight::from_parts(7_661_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
	}
	fn exec_migration_advance() -> Weight {
		Weight::from_parts(9_143_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
	}
	fn exec_migration_complete() -> Weight {
		Weight::from_parts(11_467_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn exec_migration_fail() -> Weight {
		Weight::from_parts(198_976_000, 0)
			.saturating_add(T::DbWeight::get().reads(27_u64))
			.saturating_add(T::DbWeight::get().writes(26_u64))
	}
	fn on_init_loop() -> Weight {
		Weight::from_parts(251_000, 0)
	}
	fn force_set_cursor() -> Weight {
		Weight::from_parts(3_686_000, 0)
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn force_set_active_cursor() -> Weight {
		Weight::from_parts(4_216_000, 0)
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn force_onboard_mbms() -> Weight {
		Weight::from_parts(4_296_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
	}
	// `n` is in `[0, 256]`.
	fn clear_historic(n: u32) -> Weight {
		Weight::from_parts(11_595_266, 0)
			.saturating_add(Weight::from_parts(1_029_411, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(n.into())))
	}
	// `n` is in `[0, 2048]`.
	fn reset_pallet_migration(n: u32) -> Weight {
		Weight::from_parts(1_192_000, 0)
			.saturating_add(Weight::from_parts(815_302, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(n.into())))
	}
}
