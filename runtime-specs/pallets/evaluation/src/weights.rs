//! Weights: a conservative table by hand until benchmarks are run on reference hardware.

use crate::MAX_MEMBERS;
use core::marker::PhantomData;
use polkadot_sdk::{
	frame_support::{
		traits::Get,
		weights::{constants::RocksDbWeight, Weight},
	},
	frame_system,
};

/// Weights of the calls and of the work they set off.
pub trait WeightInfo {
	/// Drawing `d` committees, each among `v` active validators, at the beginning of a block, and asking whether duties
	/// are halted.
	fn on_initialize(d: u32, v: u32) -> Weight;
	/// `create_benchmark`.
	fn create_benchmark() -> Weight;
	/// `set_verified`.
	fn set_verified() -> Weight;
	/// `retire_benchmark`.
	fn retire_benchmark() -> Weight;
	/// `register_validator`.
	fn register_validator() -> Weight;
	/// `bond_more`.
	fn bond_more() -> Weight;
	/// `unbond`.
	fn unbond() -> Weight;
	/// `withdraw_unbonded`.
	fn withdraw_unbonded() -> Weight;
	/// `chill`.
	fn chill() -> Weight;
	/// `activate`.
	fn activate() -> Weight;
	/// `request_evaluation`.
	fn request_evaluation() -> Weight;
	/// `accept`, as the last answer.
	fn accept() -> Weight;
	/// `decline`, ending the round.
	fn decline() -> Weight;
	/// `commit`, as the last one.
	fn commit() -> Weight;
	/// `reveal`, as the last one, with a verdict.
	fn reveal() -> Weight;
	/// `advance` that ends a round whose whole committee was missing.
	fn advance() -> Weight;
	/// `claim_rewards`.
	fn claim_rewards() -> Weight;
	/// Looking at one round, and indexing it as open.
	fn index_round() -> Weight;
}

/// Written by hand, above what the calls can need: each database access is counted, and computation is taken to cost
/// as much as the accesses.
pub struct ConservativeWeights<T>(PhantomData<T>);

/// Proof size of one storage item, in bytes.
const ITEM_PROOF: u64 = 4_096;

fn accesses<D: Get<polkadot_sdk::frame_support::weights::RuntimeDbWeight>>(reads: u32, writes: u32) -> Weight {
	let proof = ITEM_PROOF.saturating_mul(reads.into());
	let db = D::get().reads_writes(reads.into(), writes.into());
	Weight::from_parts(50_000_000, proof)
		.saturating_add(db)
		.saturating_add(db)
}

/// Accesses for each member of the largest committee, besides a round's own.
fn for_members<D: Get<polkadot_sdk::frame_support::weights::RuntimeDbWeight>>(reads: u32, writes: u32) -> Weight {
	accesses::<D>(
		reads.saturating_mul(MAX_MEMBERS).saturating_add(16),
		writes.saturating_mul(MAX_MEMBERS).saturating_add(16),
	)
}

macro_rules! conservative {
	($db:ty) => {
		fn on_initialize(d: u32, v: u32) -> Weight {
			let candidates = accesses::<$db>(v.saturating_mul(8), 2);
			let draw = candidates.saturating_add(for_members::<$db>(1, 2));
			accesses::<$db>(16, 1).saturating_add(draw.saturating_mul(d.into()))
		}
		fn create_benchmark() -> Weight {
			accesses::<$db>(8, 4)
		}
		fn set_verified() -> Weight {
			accesses::<$db>(1, 1)
		}
		fn retire_benchmark() -> Weight {
			accesses::<$db>(3, 3)
		}
		fn register_validator() -> Weight {
			accesses::<$db>(6, 5)
		}
		fn bond_more() -> Weight {
			accesses::<$db>(4, 4)
		}
		fn unbond() -> Weight {
			accesses::<$db>(5, 3)
		}
		fn withdraw_unbonded() -> Weight {
			accesses::<$db>(5, 5)
		}
		fn chill() -> Weight {
			accesses::<$db>(2, 2)
		}
		fn activate() -> Weight {
			accesses::<$db>(4, 2)
		}
		fn request_evaluation() -> Weight {
			accesses::<$db>(16, 9)
		}
		fn accept() -> Weight {
			for_members::<$db>(2, 1)
		}
		fn decline() -> Weight {
			for_members::<$db>(4, 4)
		}
		fn commit() -> Weight {
			for_members::<$db>(2, 1)
		}
		fn reveal() -> Weight {
			for_members::<$db>(4, 4)
		}
		fn advance() -> Weight {
			for_members::<$db>(8, 8).saturating_add(accesses::<$db>(64, 1))
		}
		fn claim_rewards() -> Weight {
			accesses::<$db>(3, 3)
		}
		fn index_round() -> Weight {
			accesses::<$db>(1, 1)
		}
	};
}

impl<T: frame_system::Config> WeightInfo for ConservativeWeights<T> {
	conservative!(T::DbWeight);
}

impl WeightInfo for () {
	conservative!(RocksDbWeight);
}
