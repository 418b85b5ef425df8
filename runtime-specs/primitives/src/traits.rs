//! What pallets ask of each other.

use crate::{
	Admission, Balance, CheckpointId, CheckpointStatus, ClassCounts, DatasetId, DatasetVersion, ModelId, RoundId,
	ShardSet, Use,
};
use polkadot_sdk::{frame_support::dispatch::DispatchResult, sp_runtime::DispatchError};

/// What evaluating on a version of a data set takes. See [`Datasets::terms`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DatasetTerms<AccountId> {
	/// Who releases the keys and is paid.
	pub steward: AccountId,
	/// Price of one evaluation, in planck.
	pub price: Balance,
	/// Who may sit on committees.
	pub admission: Admission,
	/// Counts of the held-out split per class.
	pub held_out_counts: ClassCounts,
	/// Samples in the shards that are not retired.
	pub samples: u32,
	/// Size of the encrypted shards that are not retired, in bytes.
	pub size_bytes: u64,
	/// Shards that are not retired.
	pub shards: ShardSet,
	/// Whether new rounds may begin: neither retired nor suspended, and at least one shard left.
	pub usable: bool,
}

/// Data sets, as evaluation sees them. Implemented by `pallet-datasets`.
pub trait Datasets<AccountId> {
	/// Terms of a version, or `None` where there is none.
	fn terms(dataset: DatasetId, version: DatasetVersion) -> Option<DatasetTerms<AccountId>>;
	/// Whether the steward or governance accredited the account for the data set.
	fn is_accredited(dataset: DatasetId, who: &AccountId) -> bool;
	/// Counts one use.
	fn note_use(dataset: DatasetId, kind: Use);
	/// Counts a fault of the steward; three suspend the data set's benchmarks.
	fn note_fault(dataset: DatasetId);
	/// Moves up to `amount` from the steward's bond to `to`, and returns what was moved.
	fn charge_steward(dataset: DatasetId, amount: Balance, to: &AccountId) -> Balance;
	/// Whether the steward released the keys of the round to the member.
	fn has_keys(round: RoundId, member: &AccountId) -> bool;
	/// Drops the sealed keys of a round that ended or whose member is done with them.
	fn forget_keys(round: RoundId, member: &AccountId);
	/// Makes a version with `samples` samples per class and `shards` shards, and returns it with its steward.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up(samples: u32, shards: u32) -> (DatasetId, DatasetVersion, AccountId);
	/// Records a release of the round's keys to a member, as `release_key` would.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_keys(round: RoundId, member: &AccountId);
}

/// What a key release must match. See [`KeyReleases::due`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReleaseTerms {
	/// Data set of the round.
	pub dataset: DatasetId,
	/// Version of the data set.
	pub version: DatasetVersion,
	/// Shards whose keys the member is to get.
	pub shards: ShardSet,
}

/// Rounds, as key releases see them. Implemented by `pallet-evaluation`.
pub trait KeyReleases<AccountId> {
	/// What to release to the member now. An error where the round does not await keys or the member did not accept.
	fn due(round: RoundId, member: &AccountId) -> Result<ReleaseTerms, DispatchError>;
	/// The member now has its keys; the round goes on when all have.
	fn released(round: RoundId, member: &AccountId) -> DispatchResult;
	/// Makes a round on the version in which `member` accepted and awaits keys.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up(dataset: DatasetId, version: DatasetVersion, shards: ShardSet, member: &AccountId) -> RoundId;
}

/// A checkpoint, as evaluation sees it. See [`Checkpoints::terms`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckpointTerms<AccountId> {
	/// Model the checkpoint is a version of.
	pub model: ModelId,
	/// Who opened the claim.
	pub owner: AccountId,
	/// Size of the canonical form in bytes.
	pub size_bytes: u32,
	/// Where it stands.
	pub status: CheckpointStatus,
}

/// Checkpoints, as evaluation sees them. Implemented by `pallet-models`.
pub trait Checkpoints<AccountId> {
	/// Terms of a checkpoint, or `None` where there is none.
	fn terms(id: CheckpointId) -> Option<CheckpointTerms<AccountId>>;
	/// A committee was drawn for the checkpoint: from now on no earlier claim takes its id over.
	fn lock(id: CheckpointId);
	/// A verdict stands; `available` where the interval's lower bound is past the benchmark's threshold.
	fn note_score(id: CheckpointId, available: bool);
	/// Makes a submitted checkpoint of `owner` with `size_bytes`.
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up(owner: &AccountId, size_bytes: u32) -> CheckpointId;
}

/// Who may act for whom. Implemented by the runtime over `pallet-proxy`.
pub trait Relations<AccountId> {
	/// Whether the accounts are one, one is a proxy of the other, or they share a proxy.
	fn related(a: &AccountId, b: &AccountId) -> bool;
}
