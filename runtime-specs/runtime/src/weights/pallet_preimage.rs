//! Weights of `pallet_preimage`, written by `make weights`: a change by hand is lost, and refused by its test.
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

impl<T: frame_system::Config> pallet_preimage::WeightInfo for Measured<T> {
	// `s` is in `[0, 4194304]`.
	fn note_preimage(s: u32) -> Weight {
		Weight::from_parts(75_311_000, 0)
			.saturating_add(Weight::from_parts(1_469, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	// `s` is in `[0, 4194304]`.
	fn note_requested_preimage(s: u32) -> Weight {
		Weight::from_parts(15_624_000, 0)
			.saturating_add(Weight::from_parts(1_468, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	// `s` is in `[0, 4194304]`.
	fn note_no_deposit_preimage(s: u32) -> Weight {
		Weight::from_parts(15_654_000, 0)
			.saturating_add(Weight::from_parts(1_481, 0).saturating_mul(s.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn unnote_preimage() -> Weight {
		Weight::from_parts(83_253_000, 0)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
	fn unnote_no_deposit_preimage() -> Weight {
		Weight::from_parts(30_155_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn request_preimage() -> Weight {
		Weight::from_parts(25_368_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn request_no_deposit_preimage() -> Weight {
		Weight::from_parts(15_673_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn request_unnoted_preimage() -> Weight {
		Weight::from_parts(19_119_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn request_requested_preimage() -> Weight {
		Weight::from_parts(9_734_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn unrequest_preimage() -> Weight {
		Weight::from_parts(25_869_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	fn unrequest_unnoted_preimage() -> Weight {
		Weight::from_parts(9_734_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn unrequest_multi_referenced_preimage() -> Weight {
		Weight::from_parts(9_655_000, 0)
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	// `n` is in `[1, 1024]`.
	fn ensure_updated(n: u32) -> Weight {
		Weight::from_parts(83_104_000, 0)
			.saturating_add(Weight::from_parts(89_288_142, 0).saturating_mul(n.into()))
			.saturating_add(T::DbWeight::get().reads(3_u64.saturating_mul(n.into())))
			.saturating_add(T::DbWeight::get().writes(4_u64.saturating_mul(n.into())))
	}
}
