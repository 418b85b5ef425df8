//! Evaluation: benchmarks, rounds and what their members send.

use crate::{DatasetId, DatasetVersion, Hash, Name};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::sp_runtime::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// Most metrics of a benchmark.
pub const MAX_METRICS: u32 = 8;
/// Fewest seats of a committee: a third of them is one.
pub const MIN_SEATS: u32 = 3;
/// Most seats of a committee, before it is widened.
pub const MAX_SEATS: u32 = 21;
/// Finest rounding of revealed scores, in ppm: an exact score is an oracle on the held-out split.
pub const MIN_PRECISION_PPM: u32 = 5_000;

/// A measure of a model on a held-out split, in ppm.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Metric {
	/// Share of samples classified correctly.
	Accuracy,
	/// Mean of the classes' recalls.
	BalancedAccuracy,
	/// Share of positives found.
	Sensitivity,
	/// Share of negatives found.
	Specificity,
	/// Area under the receiver operating characteristic.
	Auroc,
	/// Average precision.
	AveragePrecision,
	/// Expected calibration error. Lower is better: it cannot be a benchmark's main metric.
	CalibrationError,
}

/// What a benchmark's creator fixes.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct BenchmarkSpec {
	/// Human name.
	pub name: Name,
	/// Data set.
	pub dataset: DatasetId,
	/// Version of the data set.
	pub version: DatasetVersion,
	/// Metrics, in the order in which scores are revealed.
	pub metrics: BoundedVec<Metric, ConstU32<MAX_METRICS>>,
	/// Index of the main metric in `metrics`.
	pub main: u8,
	/// Largest difference on the main metric that counts as agreement, in ppm.
	pub tolerance_ppm: u32,
	/// What the interval's lower bound must reach for a checkpoint to become available, in ppm.
	pub threshold_ppm: u32,
	/// Revealed scores are multiples of this, in ppm.
	pub precision_ppm: u32,
	/// Seats drawn for a committee.
	pub seats: u32,
}

/// A member's opened commitment.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Reveal {
	/// One score per metric of the benchmark, in ppm, rounded to its precision.
	pub scores: BoundedVec<u32, ConstU32<MAX_METRICS>>,
	/// Lower bound of the main metric's 95 % interval in ppm, rounded down to the precision.
	pub lower_ppm: u32,
	/// Upper bound of the main metric's 95 % interval in ppm, rounded up to the precision and at most a million.
	pub upper_ppm: u32,
	/// Merkle root over the quantised predictions in sample order.
	pub prediction_root: Hash,
	/// Digest of the software and hardware that computed the scores.
	pub env_digest: Hash,
	/// 32 random bytes.
	pub salt: [u8; 32],
}

/// Why a member cannot do its work.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum DeclineReason {
	/// The checkpoint or its card cannot be fetched.
	CheckpointUnavailable,
	/// The bytes do not match the checkpoint's id or card's hash.
	HashMismatch,
	/// The checkpoint is refused by the loader.
	Unloadable,
	/// A released key does not match its commitment.
	KeyInvalid,
	/// The held-out split cannot be fetched or decrypted.
	DataCorrupt,
	/// The member lacks memory, time or a device.
	Resources,
}

/// Why a round ended without a verdict.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum FailReason {
	/// Two thirds of the seats declined for one reason.
	Declined(DeclineReason),
	/// Too few eligible validators to fill the committee.
	NoCommittee,
	/// The steward did not release the keys to every acceptor in time.
	KeysWithheld,
	/// An earlier claim took the checkpoint over before the draw.
	ClaimTakenOver,
}

/// Where a round stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum RoundState {
	/// The checkpoint is fixed; the committee is drawn from the hashes of the blocks up to the deadline.
	Requested,
	/// The committee is drawn; members fetch and check the checkpoint, then accept or decline.
	Accepting,
	/// The steward releases the shard keys to every member that accepted.
	Releasing,
	/// Members evaluate and commit.
	Committing,
	/// The commit window is shut; members open their commitments.
	Revealing,
	/// A verdict stands.
	Settled,
	/// The committee disagreed, even after it was widened.
	Inconclusive,
	/// The round could not be carried out.
	Failed(FailReason),
	/// Too few members answered.
	Expired,
}

impl RoundState {
	/// Whether somebody has a duty until the end of the window, so that the window stands still while duties are halted.
	/// A requested round waits for blocks, which come all the same.
	pub fn is_duty(self) -> bool {
		matches!(
			self,
			Self::Accepting | Self::Releasing | Self::Committing | Self::Revealing
		)
	}

	/// Whether the round has ended.
	pub fn is_final(self) -> bool {
		matches!(
			self,
			Self::Settled | Self::Inconclusive | Self::Failed(_) | Self::Expired
		)
	}
}
