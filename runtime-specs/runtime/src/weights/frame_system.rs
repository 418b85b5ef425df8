//! Weights of `frame_system`, written by `make weights`: a change by hand is lost, and refused by its test.
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

impl<T: frame_system::Config> frame_system::WeightInfo for Measured<T> {
	// `b` is in `[0, 3932160]`.
	fn remark(b: u32) -> Weight {
		Weight::from_parts(53_533, 0)
			.saturating_add(Weight::from_parts(325, 0).saturating_mul(b.into()))
	}
	// `b` is in `[0, 3932160]`.
	fn remark_with_event(b: u32) -> Weight {
		Weight::from_parts(6_820_000, 0)
			.saturating_add(Weight::from_parts(1_268, 0).saturating_mul(b.into()))
	}
	fn set_heap_pages() -> Weight {
		Weight::from_parts(5_599_000, 0)
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn set_code() -> Weight {
		Weight::from_parts(129_169_567_000, 0)
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	// `i` is in `[0, 1000]`.
	fn set_storage(i: u32) -> Weight {
		Weight::from_parts(2_994_000, 0)
			.saturating_add(Weight::from_parts(1_095_281, 0).saturating_mul(i.into()))
			.saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(i.into())))
	}
	// `i` is in `[0, 1000]`.
	fn kill_storage(i: u32) -> Weight {
		Weight::from_parts(3_214_000, 0)
			.saturating_add(Weight::from_parts(799_540, 0).saturating_mul(i.into()))
			.saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(i.into())))
	}
	// `p` is in `[0, 1000]`.
	fn kill_prefix(p: u32) -> Weight {
		Weight::from_parts(4_317_000, 0)
			.saturating_add(Weight::from_parts(1_053_292, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(p.into())))
			.saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(p.into())))
	}
	fn authorize_upgrade() -> Weight {
		Weight::from_parts(16_545_000, 0)
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn apply_authorized_upgrade() -> Weight {
		Weight::from_parts(125_411_420_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
}
