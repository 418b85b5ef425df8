//! What the pallet stores.

use assay_primitives::{
	Admission, Balance, ClassNames, DatasetVersion, Licence, Modality, Name, Prices, ShardSet, Use, VersionSpec,
	MAX_SHARDS,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::sp_runtime::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// Accounts that held the key of each shard, in shard order.
pub type ExposureCounts = BoundedVec<u32, ConstU32<MAX_SHARDS>>;

/// Faults that suspend a data set.
pub const FAULTS_TO_SUSPEND: u32 = 3;

/// What a data set is, fixed when it is registered.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Description {
	/// Human name.
	pub name: Name,
	/// How the images were made.
	pub modality: Modality,
	/// Name of the task.
	pub task: Name,
	/// Class names in label order.
	pub classes: ClassNames,
	/// Terms of use.
	pub licence: Licence,
}

/// A registered data set.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Dataset<AccountId> {
	/// Who publishes versions, releases keys and is paid.
	pub steward: AccountId,
	/// What it is.
	pub description: Description,
	/// Prices of later uses, in planck.
	pub prices: Prices,
	/// Who may sit on committees.
	pub admission: Admission,
	/// Number of versions; also the number of the next one.
	pub versions: DatasetVersion,
	/// Faults of the steward since registration or the last reinstatement.
	pub faults: u32,
	/// Whether new rounds are barred until governance reinstates the data set.
	pub suspended: bool,
	/// Held from the steward for this entry, in planck.
	pub deposit: Balance,
	/// What is left of the steward's bond, in planck.
	pub bond: Balance,
}

/// A published version.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Version {
	/// What the steward published.
	pub spec: VersionSpec,
	/// Whether new rounds are barred.
	pub retired: bool,
	/// Shards that new rounds leave out.
	pub retired_shards: ShardSet,
	/// Held from the steward for this entry, in planck.
	pub deposit: Balance,
}

impl Version {
	/// Shards that are not retired.
	pub fn live_shards(&self) -> ShardSet {
		all_shards(self.spec.shards.len()) & !self.retired_shards
	}
}

/// The set of the first `count` shards.
pub fn all_shards(count: usize) -> ShardSet {
	u32::try_from(count)
		.ok()
		.and_then(|count| ShardSet::MAX.checked_shr(ShardSet::BITS.saturating_sub(count)))
		.unwrap_or(0)
}

/// Whether the set holds the shard.
pub fn has_shard(shards: ShardSet, shard: usize) -> bool {
	u32::try_from(shard)
		.ok()
		.and_then(|shard| shards.checked_shr(shard))
		.is_some_and(|rest| rest & 1 == 1)
}

/// How often a data set was used.
#[derive(
	Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct UsageCounts {
	/// Evaluation rounds.
	pub evaluations: u32,
	/// Training runs.
	pub trainings: u32,
	/// Inference jobs.
	pub inferences: u32,
	/// Key releases: one per round and member.
	pub releases: u32,
}

impl UsageCounts {
	/// One more use. Counters stop at their greatest value.
	pub fn note(&mut self, kind: Use) {
		let counter = match kind {
			Use::Evaluate => &mut self.evaluations,
			Use::Train => &mut self.trainings,
			Use::Infer => &mut self.inferences,
		};
		*counter = counter.saturating_add(1);
	}
}
