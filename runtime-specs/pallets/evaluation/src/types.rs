//! What the pallet stores.

use assay_primitives::{
	Admission, Balance, BenchmarkId, BenchmarkSpec, BlockNumber, CheckpointId, DatasetId, DatasetVersion,
	DeclineReason, Economics, Metric, Reveal, RoundId, RoundState, ShardSet, Windows, MAX_METRICS, MAX_SEATS,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::sp_runtime::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// Most bonds a validator may have on their way out at a time.
pub const MAX_UNLOCKING: u32 = 8;
/// Most members of a round: every seat of two draws held by another account.
pub const MAX_MEMBERS: u32 = 2 * MAX_SEATS;
/// Most draws in one block.
pub const MAX_DRAWS: u32 = 4;
/// Most of them that may be booked for requests, so that there is room for widening committees.
pub const MAX_FIRST_DRAWS: u32 = 2;
/// Most blocks that a draw is put off for want of room.
pub const MAX_DRAW_QUEUE: u32 = 64;
/// Misses in a row, absences counted, that chill a validator.
pub const MISSES_TO_CHILL: u32 = 2;
/// Most entries of a leaderboard's page.
pub const MAX_PAGE: u32 = 100;
/// One unit of draw weight, in planck of bond.
pub const BOND_PER_WEIGHT: Balance = 1_000_000_000;

/// A benchmark: a data set's version and how checkpoints are measured on it.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Benchmark<AccountId> {
	/// Who made it and paid the deposit.
	pub owner: AccountId,
	/// The deposit on hold, in planck; zero once retired.
	pub deposit: Balance,
	/// What it measures.
	pub spec: BenchmarkSpec,
	/// Whether governance verified it.
	pub verified: bool,
	/// Whether it takes no more requests. One without rounds is deleted instead.
	pub retired: bool,
	/// Rounds ever requested on it.
	pub rounds: u32,
}

/// What a validator is ready to take on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Limits {
	/// Largest checkpoint, in MiB.
	pub max_checkpoint_mb: u32,
	/// Most rounds at a time.
	pub max_concurrent: u32,
}

/// A part of a bond on its way out. It can still be slashed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Unlocking {
	/// How much, in planck.
	pub amount: Balance,
	/// When it can be withdrawn, on the clock of rounds: unbonding outlasts every round, however long duties are halted.
	pub at: BlockNumber,
}

/// A bonded validator.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Validator {
	/// The bond that counts in draws, in planck; on hold.
	pub bond: Balance,
	/// Parts of the bond on their way out, oldest first; on hold too.
	pub unlocking: BoundedVec<Unlocking, ConstU32<MAX_UNLOCKING>>,
	/// What it is ready to take on.
	pub limits: Limits,
	/// BLS12-381 public key for certificates of a later release.
	pub bls_key: [u8; 48],
	/// Proof of possession of that key, checked by that release.
	pub bls_proof: [u8; 96],
	/// Whether it can be drawn.
	pub active: bool,
	/// Rounds in which it still has work to do.
	pub open_rounds: u32,
	/// Accepted rounds in a row without a commit or a reveal; a reveal sets it to zero.
	pub misses: u32,
	/// Draws in a row that it did not answer; a reveal sets it to zero.
	pub absences: u32,
}

impl Validator {
	/// Everything on hold for it, in planck.
	pub fn held(&self) -> Balance {
		self.unlocking
			.iter()
			.fold(self.bond, |sum, chunk| sum.saturating_add(chunk.amount))
	}

	/// Takes `amount` off the bond, then off what is unlocking, the oldest first.
	pub fn take(&mut self, amount: Balance) {
		let from_bond = amount.min(self.bond);
		self.bond = self.bond.saturating_sub(from_bond);
		let mut left = amount.saturating_sub(from_bond);
		self.unlocking.iter_mut().for_each(|chunk| {
			let part = left.min(chunk.amount);
			chunk.amount = chunk.amount.saturating_sub(part);
			left = left.saturating_sub(part);
		});
	}
}

/// What a request pinned: nothing that happens later changes it.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Terms<AccountId> {
	/// Benchmark.
	pub benchmark: BenchmarkId,
	/// Checkpoint to be scored.
	pub checkpoint: CheckpointId,
	/// Size of its canonical form, in bytes.
	pub checkpoint_bytes: u32,
	/// Who requested the round and pays for it: the checkpoint's owner.
	pub requester: AccountId,
	/// Data set.
	pub dataset: DatasetId,
	/// Version of the data set.
	pub version: DatasetVersion,
	/// Who releases the keys.
	pub steward: AccountId,
	/// The steward's price, in planck.
	pub price: Balance,
	/// The compute fee, the treasury's cut included, in planck.
	pub fee: Balance,
	/// Shards to evaluate on.
	pub shards: ShardSet,
	/// Size of their ciphertext, in bytes.
	pub data_bytes: u64,
	/// Samples in them.
	pub samples: u32,
	/// Metrics, in the order in which scores are revealed.
	pub metrics: BoundedVec<Metric, ConstU32<MAX_METRICS>>,
	/// Index of the main metric.
	pub main: u8,
	/// Largest difference on the main metric that counts as agreement, in ppm.
	pub tolerance_ppm: u32,
	/// What the interval's lower bound must reach, in ppm.
	pub threshold_ppm: u32,
	/// Revealed scores are multiples of this, in ppm.
	pub precision_ppm: u32,
	/// Seats of a draw.
	pub seats: u32,
	/// Who may sit on the committee.
	pub admission: Admission,
	/// Whether the benchmark was verified.
	pub verified: bool,
	/// Economic constants.
	pub economics: Economics,
	/// Periods.
	pub windows: Windows,
}

/// Seats counted in the pass under way: from a draw to its reveals. All are seats, not accounts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Tally {
	/// Drawn.
	pub drawn: u32,
	/// Accepted.
	pub accepted: u32,
	/// With keys.
	pub keyed: u32,
	/// Committed.
	pub committed: u32,
	/// Revealed.
	pub revealed: u32,
	/// Declined in the current state, by reason, in the order of [`DeclineReason`].
	pub declined: [u32; 6],
}

impl Tally {
	/// Counts seats that declined, and returns how many did so for that reason.
	pub fn decline(&mut self, reason: DeclineReason, seats: u32) -> u32 {
		self.declined.get_mut(reason as usize).map_or(0, |count| {
			*count = count.saturating_add(seats);
			*count
		})
	}

	/// Seats that declined in the current state.
	pub fn declines(&self) -> u32 {
		self.declined.iter().fold(0, |sum, count| sum.saturating_add(*count))
	}
}

/// A round: one evaluation of one checkpoint on one benchmark.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Round<AccountId> {
	/// What the request pinned.
	pub terms: Terms<AccountId>,
	/// Where the round stands.
	pub state: RoundState,
	/// Block of the request.
	pub requested_at: BlockNumber,
	/// Block since which the current draw is due: the hashes of the blocks after it, up to the deadline, feed it.
	pub armed_at: BlockNumber,
	/// End of the current window. Where somebody has a duty, on the clock of rounds: `StoppedBlocks` later in blocks.
	/// Otherwise a block: the last before the draw, or that in which the round ended.
	pub deadline: BlockNumber,
	/// Whether the committee was widened.
	pub widened: bool,
	/// Whether the steward released keys to anyone.
	pub keys_released: bool,
	/// Seats drawn, in all passes.
	pub drawn: u32,
	/// Seats that accepted and have not declined since, in all passes.
	pub accepted: u32,
	/// Seats counted in the pass under way.
	pub tally: Tally,
}

/// A stage at which a member can be missing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Stage {
	/// It neither accepted nor declined.
	Answer,
	/// It accepted, and neither committed nor declined.
	Commit,
	/// It committed and did not reveal.
	Reveal,
}

/// What a member has done.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum Progress {
	/// It was drawn.
	Drawn,
	/// It accepted.
	Accepted {
		/// One-time X25519 key to which the shard keys are sealed.
		key: [u8; 32],
	},
	/// It has its shard keys.
	Keyed {
		/// One-time X25519 key to which they were sealed.
		key: [u8; 32],
	},
	/// It committed.
	Committed {
		/// `assay_math::commitment::scores` of what it will reveal.
		commitment: [u8; 32],
	},
	/// It revealed.
	Revealed {
		/// The opening.
		reveal: Reveal,
		/// Whether the verdict counts it as agreeing; none while there is no verdict.
		agrees: Option<bool>,
	},
	/// It declined.
	Declined {
		/// Why.
		reason: DeclineReason,
	},
	/// It was missing.
	Missed {
		/// When.
		stage: Stage,
	},
}

impl Progress {
	/// Whether the member still has work to do while the round is open.
	pub fn is_open(&self) -> bool {
		matches!(
			self,
			Self::Drawn | Self::Accepted { .. } | Self::Keyed { .. } | Self::Committed { .. }
		)
	}
}

/// An account's part in a round.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Member {
	/// Seats it holds.
	pub seats: u32,
	/// Whether it was drawn when the committee was widened.
	pub widened: bool,
	/// What it has done.
	pub progress: Progress,
}

/// A checkpoint's result on a benchmark.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Outcome {
	/// The round that scored it.
	pub round: RoundId,
	/// Scores in the order of the benchmark's metrics, in ppm.
	pub scores: BoundedVec<u32, ConstU32<MAX_METRICS>>,
	/// Lower bound of the main metric's 95 % interval, in ppm.
	pub lower_ppm: u32,
	/// Upper bound of the main metric's 95 % interval, in ppm.
	pub upper_ppm: u32,
	/// Held-out samples.
	pub samples: u32,
	/// Seats that agreed.
	pub seats_agreed: u32,
	/// Seats that accepted.
	pub seats_accepted: u32,
	/// Block of the verdict.
	pub settled_at: BlockNumber,
}

/// Subsidies minted in a year.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct SubsidyYear {
	/// The year: the block number divided by a year of blocks.
	pub year: u32,
	/// Minted in it, in planck.
	pub minted: Balance,
}

/// What an account was credited for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Credit {
	/// Seats that agreed with the verdict.
	Reward,
	/// Work done in a round that ended without a verdict.
	Work,
	/// The price of a use of the data.
	Price,
	/// The treasury's cut.
	Cut,
	/// A remainder too small to split.
	Dust,
	/// A validator's slashed bond.
	Slash,
	/// A subsidy.
	Subsidy,
	/// Fee that could not go straight back to an account that no longer exists.
	Refund,
}
