//! What a node answers about rounds without a transaction.

use crate::{
	Balance, BenchmarkId, BlockNumber, CheckpointId, DatasetId, DatasetVersion, ModelId, RoundId, RoundState,
	MAX_METRICS,
};
use codec::{Codec, Decode, Encode};
use polkadot_sdk::{
	sp_api::decl_runtime_apis,
	sp_runtime::{traits::ConstU32, BoundedVec},
};
use scale_info::{prelude::vec::Vec, TypeInfo};

/// Whom a round waits for.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub enum WaitsFor<AccountId> {
	/// Nobody: the round has ended.
	Nobody,
	/// Blocks to pass.
	Blocks,
	/// Anyone to call `advance`.
	Anyone,
	/// These members of the committee.
	Members(Vec<AccountId>),
	/// The steward, to release keys to these members.
	Steward {
		/// Who releases.
		steward: AccountId,
		/// Who has accepted and has no keys yet.
		members: Vec<AccountId>,
	},
}

/// The answer to "what is this round waiting for, from whom, until when?".
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct Why<AccountId> {
	/// Where the round stands.
	pub state: RoundState,
	/// Whom it waits for.
	pub waits_for: WaitsFor<AccountId>,
	/// Last block of the current window; of a round that has ended, the block in which it did.
	pub until: BlockNumber,
	/// Whether the committee was widened.
	pub widened: bool,
	/// Always true until a later release: block authors can bias the committee's draw.
	pub draw_is_biasable_by_authors: bool,
}

/// A line of a leaderboard.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct LeaderboardEntry<AccountId> {
	/// The checkpoint.
	pub checkpoint: CheckpointId,
	/// Its model.
	pub model: ModelId,
	/// Who submitted it.
	pub owner: AccountId,
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

/// What an evaluation would cost now.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, TypeInfo)]
pub struct FeeQuote {
	/// Fee for compute, the treasury's cut included.
	pub compute: Balance,
	/// The treasury's cut of it.
	pub treasury_cut: Balance,
	/// The steward's price.
	pub steward: Balance,
	/// What the submitter pays.
	pub total: Balance,
	/// What one seat earns when it agrees.
	pub per_seat: Balance,
	/// Subsidy the round would add.
	pub subsidy: Balance,
}

decl_runtime_apis! {
	/// Rounds, leaderboards, prices and exposure.
	pub trait EvaluationApi<AccountId: Codec> {
		/// What the round waits for, from whom, until when.
		fn why(round: RoundId) -> Option<Why<AccountId>>;
		/// A page of the benchmark's results, best first, ties in order of settlement. `limit` is cut to 100.
		fn leaderboard(benchmark: BenchmarkId, offset: u32, limit: u32) -> Vec<LeaderboardEntry<AccountId>>;
		/// What evaluating a checkpoint of this size on the benchmark costs now.
		fn quote(benchmark: BenchmarkId, size_bytes: u32) -> Option<FeeQuote>;
		/// How many accounts ever held the key of each shard.
		fn exposure(dataset: DatasetId, version: DatasetVersion) -> Vec<u32>;
	}
}
