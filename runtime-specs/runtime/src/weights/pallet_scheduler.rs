//! Weights of `pallet_scheduler`, written by `make weights`: a change by hand is lost, and refused by its test.
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

impl<T: frame_system::Config> pallet_scheduler::WeightInfo for Measured<T> {
	fn service_agendas_base() -> Weight {
		Weight::from_parts(4_466_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	// `s` is in `[0, 50]`.
	fn service_agenda_base(s: u32) -> Weight {
		Weight::from_parts(4_841_332, 0)
			.saturating_add(Weight::from_parts(619_645, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn service_task_base() -> Weight {
		Weight::from_parts(3_785_000, 0)
	}
	// `s` is in `[128, 4194304]`.
	fn service_task_fetched(s: u32) -> Weight {
		Weight::from_parts(55_123_017, 0)
			.saturating_add(Weight::from_parts(917, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn service_task_named() -> Weight {
		Weight::from_parts(5_949_000, 0)
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn service_task_periodic() -> Weight {
		Weight::from_parts(3_776_000, 0)
	}
	fn execute_dispatch_signed() -> Weight {
		Weight::from_parts(4_096_000, 0)
	}
	fn execute_dispatch_unsigned() -> Weight {
		Weight::from_parts(3_215_000, 0)
	}
	// `s` is in `[0, 49]`.
	fn schedule(s: u32) -> Weight {
		Weight::from_parts(10_971_052, 0)
			.saturating_add(Weight::from_parts(736_400, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	// `s` is in `[1, 50]`.
	fn cancel(s: u32) -> Weight {
		Weight::from_parts(16_780_600, 0)
			.saturating_add(Weight::from_parts(996_037, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	// `s` is in `[0, 49]`.
	fn schedule_named(s: u32) -> Weight {
		Weight::from_parts(15_843_307, 0)
			.saturating_add(Weight::from_parts(805_472, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	// `s` is in `[1, 50]`.
	fn cancel_named(s: u32) -> Weight {
		Weight::from_parts(20_854_555, 0)
			.saturating_add(Weight::from_parts(954_213, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	// `s` is in `[1, 50]`.
	fn schedule_retry(s: u32) -> Weight {
		Weight::from_parts(10_317_586, 0)
			.saturating_add(Weight::from_parts(52_288, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn set_retry() -> Weight {
		Weight::from_parts(34_692_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn set_retry_named() -> Weight {
		Weight::from_parts(36_123_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn cancel_retry() -> Weight {
		Weight::from_parts(32_949_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn cancel_retry_named() -> Weight {
		Weight::from_parts(34_891_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
}
