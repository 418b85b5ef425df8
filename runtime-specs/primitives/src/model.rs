//! Models: what a developer registers and submits.

use crate::{CheckpointId, Cid, Hash};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::sp_runtime::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// Most contributors of a model.
pub const MAX_CONTRIBUTORS: u32 = 16;

/// Identifier of an allowlisted architecture, such as `densenet121`.
pub type Architecture = BoundedVec<u8, ConstU32<32>>;

/// Where a checkpoint stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum CheckpointStatus {
	/// Opened, not yet scored.
	Submitted,
	/// Scored on at least one benchmark.
	Scored,
	/// The interval's lower bound is past the threshold of at least one benchmark.
	Available,
	/// Withdrawn by its owner.
	Deprecated,
}

/// What a developer publishes about a checkpoint when opening its claim.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct CheckpointSpec {
	/// blake2b-256 of the canonical safetensors form.
	pub id: CheckpointId,
	/// Manifest of the checkpoint in the store.
	pub cid: Cid,
	/// Size of the canonical form in bytes.
	pub size_bytes: u32,
	/// Architecture that loads it.
	pub architecture: Architecture,
	/// Manifest of the model card in the store.
	pub card_cid: Cid,
	/// blake2b-256 of the model card's canonical JSON.
	pub card_hash: Hash,
	/// Score of the positive class from which a sample counts as positive, in ppm.
	pub operating_point_ppm: u32,
	/// Checkpoint this one was derived from.
	pub parent: Option<CheckpointId>,
}
