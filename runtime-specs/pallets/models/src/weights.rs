//! Weights of the calls.
//!
//! [`ConservativeWeight`] is a table written by hand, not measured: each call is charged a generous fixed time, the
//! database accesses it can make at most, and a proof larger than the entries it can touch. Generated weights replace
//! it in a later issue.

use assay_primitives::MAX_CONTRIBUTORS;
use core::marker::PhantomData;
use polkadot_sdk::{
	frame_support::{pallet_prelude::Weight, traits::Get},
	frame_system,
};

/// Weights of the calls.
pub trait WeightInfo {
	/// Weight of `register` with `c` contributors.
	fn register(c: u32) -> Weight;
	/// Weight of `claim`.
	fn claim() -> Weight;
	/// Weight of `open`, a take-over included.
	fn open() -> Weight;
	/// Weight of `set_terms`.
	fn set_terms() -> Weight;
	/// Weight of `pay_usage` with the most contributors.
	fn pay_usage() -> Weight;
	/// Weight of `claim_fees`.
	fn claim_fees() -> Weight;
	/// Weight of `deprecate`.
	fn deprecate() -> Weight;
	/// Weight of `drop_claim`.
	fn drop_claim() -> Weight;
}

/// The conservative table, in units of the runtime's database.
pub struct ConservativeWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> ConservativeWeight<T> {
	/// 200 microseconds and 64 KiB of proof, beside the database accesses.
	fn call(reads: u64, writes: u64) -> Weight {
		Weight::from_parts(200_000_000, 65_536).saturating_add(T::DbWeight::get().reads_writes(reads, writes))
	}

	/// 5 microseconds and 256 bytes for each contributor.
	fn contributors(count: u32) -> Weight {
		Weight::from_parts(5_000_000, 256).saturating_mul(u64::from(count))
	}
}

impl<T: frame_system::Config> WeightInfo for ConservativeWeight<T> {
	fn register(c: u32) -> Weight {
		Self::call(3, 4).saturating_add(Self::contributors(c))
	}
	fn claim() -> Weight {
		Self::call(3, 3)
	}
	fn open() -> Weight {
		Self::call(10, 9)
	}
	fn set_terms() -> Weight {
		Self::call(1, 1)
	}
	fn pay_usage() -> Weight {
		let claimables = u64::from(MAX_CONTRIBUTORS);
		Self::call(claimables.saturating_add(4), claimables.saturating_add(3))
			.saturating_add(Self::contributors(MAX_CONTRIBUTORS))
	}
	fn claim_fees() -> Weight {
		Self::call(3, 3)
	}
	fn deprecate() -> Weight {
		Self::call(1, 1)
	}
	fn drop_claim() -> Weight {
		Self::call(3, 3)
	}
}
