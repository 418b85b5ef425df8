//! Weights of the calls.
//!
//! [`ConservativeWeight`] is a table written by hand, not measured: each call is charged a generous fixed time, the
//! database accesses it can make at most, and a proof larger than the entries it can touch. Generated weights replace
//! it in a later issue.

use core::marker::PhantomData;
use polkadot_sdk::{
	frame_support::{pallet_prelude::Weight, traits::Get},
	frame_system,
};

/// Weights of the calls.
pub trait WeightInfo {
	/// Weight of `register`.
	fn register() -> Weight;
	/// Weight of `publish_version` with `s` shards.
	fn publish_version(s: u32) -> Weight;
	/// Weight of `set_prices`.
	fn set_prices() -> Weight;
	/// Weight of `accredit`.
	fn accredit() -> Weight;
	/// Weight of `revoke_accreditation`.
	fn revoke_accreditation() -> Weight;
	/// Weight of `release_key` with `s` sealed keys, what the round does with it included.
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

/// The conservative table, in units of the runtime's database.
pub struct ConservativeWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> ConservativeWeight<T> {
	/// 200 microseconds and 64 KiB of proof, beside the database accesses.
	fn call(reads: u64, writes: u64) -> Weight {
		Weight::from_parts(200_000_000, 65_536).saturating_add(T::DbWeight::get().reads_writes(reads, writes))
	}

	/// 5 microseconds and 256 bytes for each shard.
	fn shards(count: u32) -> Weight {
		Weight::from_parts(5_000_000, 256).saturating_mul(u64::from(count))
	}
}

impl<T: frame_system::Config> WeightInfo for ConservativeWeight<T> {
	fn register() -> Weight {
		Self::call(4, 4)
	}
	fn publish_version(s: u32) -> Weight {
		Self::call(4, 4).saturating_add(Self::shards(s))
	}
	fn set_prices() -> Weight {
		Self::call(1, 1)
	}
	fn accredit() -> Weight {
		Self::call(4, 3)
	}
	fn revoke_accreditation() -> Weight {
		Self::call(4, 3)
	}
	fn release_key(s: u32) -> Weight {
		Self::call(40, 20).saturating_add(Self::shards(s))
	}
	fn retire_version() -> Weight {
		Self::call(2, 1)
	}
	fn retire_shard() -> Weight {
		Self::call(2, 1)
	}
	fn top_up_bond() -> Weight {
		Self::call(3, 3)
	}
	fn reinstate() -> Weight {
		Self::call(2, 1)
	}
}
