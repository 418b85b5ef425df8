//! Weights of `pallet_balances`, written by `make weights`: a change by hand is lost, and refused by its test.
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

impl<T: frame_system::Config> pallet_balances::WeightInfo for Measured<T> {
	fn transfer_allow_death() -> Weight {
		Weight::from_parts(80_119_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn transfer_keep_alive() -> Weight {
		Weight::from_parts(62_382_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn force_set_balance_creating() -> Weight {
		Weight::from_parts(28_422_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn force_set_balance_killing() -> Weight {
		Weight::from_parts(26_920_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn force_transfer() -> Weight {
		Weight::from_parts(79_909_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn transfer_all() -> Weight {
		Weight::from_parts(78_076_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn force_unreserve() -> Weight {
		Weight::from_parts(21_892_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	// `u` is in `[1, 1000]`.
	fn upgrade_accounts(u: u32) -> Weight {
		Weight::from_parts(21_812_000, 0)
			.saturating_add(Weight::from_parts(20_481_223, 0).saturating_mul(u.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(u.into())))
			.saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(u.into())))
	}
	fn force_adjust_total_issuance() -> Weight {
		Weight::from_parts(8_473_000, 0)
	}
	fn burn_allow_death() -> Weight {
		Weight::from_parts(48_161_000, 0)
	}
	fn burn_keep_alive() -> Weight {
		Weight::from_parts(30_996_000, 0)
	}
}
