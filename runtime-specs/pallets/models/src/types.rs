//! What the pallet stores.

use assay_primitives::{
	Balance, BlockNumber, CheckpointSpec, CheckpointStatus, Licence, ModelId, Name, MAX_CONTRIBUTORS,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::sp_runtime::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// Age in blocks from which a claim can be opened.
pub const CLAIM_MATURES: BlockNumber = 5;
/// Age in blocks from which a claim can be opened no more, only dropped.
pub const CLAIM_EXPIRES: BlockNumber = 1_000;

/// Who shares in a model's usage fees, each with a share in ppm.
pub type Contributors<AccountId> = BoundedVec<(AccountId, u32), ConstU32<MAX_CONTRIBUTORS>>;

/// A registered model.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Model<AccountId> {
	/// Who submits versions and sets the price.
	pub owner: AccountId,
	/// Human name.
	pub name: Name,
	/// Terms of use.
	pub licence: Licence,
	/// Who shares in the fees.
	pub contributors: Contributors<AccountId>,
	/// Price of one use, in planck.
	pub usage_price: Balance,
	/// Number of checkpoints that are versions of it now.
	pub checkpoints: u32,
	/// Held from the owner for this entry, in planck.
	pub deposit: Balance,
}

/// A sealed claim.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Claim {
	/// Block of the claim.
	pub claimed_at: BlockNumber,
	/// Held from the claimant, in planck.
	pub deposit: Balance,
}

/// A submitted checkpoint.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Checkpoint<AccountId> {
	/// Model it is a version of.
	pub model: ModelId,
	/// Who opened the claim.
	pub owner: AccountId,
	/// Block of the claim.
	pub claimed_at: BlockNumber,
	/// Block of its opening.
	pub opened_at: BlockNumber,
	/// Whether a committee was drawn for it, so that its owner stays.
	pub locked: bool,
	/// Where it stands.
	pub status: CheckpointStatus,
	/// What the owner published.
	pub spec: CheckpointSpec,
	/// Uses paid for.
	pub uses: u64,
	/// Held from the owner for this entry, in planck.
	pub deposit: Balance,
}
