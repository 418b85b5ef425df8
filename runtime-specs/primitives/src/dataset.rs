//! Data sets: what a steward registers and publishes.

use crate::{Balance, Cid, Hash};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::sp_runtime::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// Most classes a task may have.
pub const MAX_CLASSES: u32 = 16;
/// Most shards of a held-out split; one bit each in a [`ShardSet`].
pub const MAX_SHARDS: u32 = 64;

/// Text of up to 64 bytes of UTF-8: names and tasks.
pub type Name = BoundedVec<u8, ConstU32<64>>;
/// Label of a class, up to 32 bytes of UTF-8.
pub type ClassName = BoundedVec<u8, ConstU32<32>>;
/// Class names in label order.
pub type ClassNames = BoundedVec<ClassName, ConstU32<MAX_CLASSES>>;
/// A set of shards: bit `i` stands for shard `i`.
pub type ShardSet = u64;
/// A shard key in a libsodium sealed box: 32 bytes and 48 of overhead.
pub type SealedKey = [u8; 80];
/// The sealed keys of a round, one for each of its shards in ascending shard order.
pub type SealedKeys = BoundedVec<SealedKey, ConstU32<MAX_SHARDS>>;

/// How the images were made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Modality {
	/// Projection radiography.
	Xray,
	/// Computed tomography.
	Ct,
	/// Magnetic resonance imaging.
	Mri,
	/// Ultrasound.
	Ultrasound,
	/// Digital pathology.
	Pathology,
	/// Photographs of skin.
	Dermatology,
	/// Images of the retina.
	Ophthalmology,
	/// Another medical modality.
	OtherMedical,
	/// Industrial inspection.
	Industrial,
	/// Anything else.
	Other,
}

impl Modality {
	/// Whether accredited committees are the default.
	pub fn is_medical(self) -> bool {
		!matches!(self, Self::Industrial | Self::Other)
	}
}

/// Terms under which a data set or a model may be used.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Licence {
	/// An SPDX licence identifier.
	Spdx(BoundedVec<u8, ConstU32<32>>),
	/// blake2b-256 of the licence text.
	TextHash(Hash),
}

/// Who may sit on committees that evaluate on a data set.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Admission {
	/// Any bonded validator.
	Bonded,
	/// Validators accredited by the steward or by governance.
	Accredited,
}

/// Price of one use, in planck.
#[derive(
	Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Prices {
	/// One evaluation round.
	pub evaluate: Balance,
	/// One training run.
	pub train: Balance,
	/// One inference job.
	pub infer: Balance,
}

/// A kind of use of a data set.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Use {
	/// One evaluation round.
	Evaluate,
	/// One training run.
	Train,
	/// One inference job.
	Infer,
}

/// Samples and groups (patients, blocks) of one class.
#[derive(
	Clone, Copy, PartialEq, Eq, Debug, Default, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct ClassCount {
	/// Number of samples.
	pub samples: u32,
	/// Number of groups with at least one such sample.
	pub groups: u32,
}

/// Counts per class, in label order.
pub type ClassCounts = BoundedVec<ClassCount, ConstU32<MAX_CLASSES>>;

/// One shard of a held-out split.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Shard {
	/// Merkle root over the shard's encrypted frames.
	pub ciphertext_root: Hash,
	/// `assay_math::commitment::shard_key` of the shard's key.
	pub key_commitment: Hash,
	/// Number of encrypted frames.
	pub frames: u32,
	/// Number of samples.
	pub samples: u32,
}

/// What a steward publishes as a version of a data set.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct VersionSpec {
	/// Manifest of the encrypted held-out split.
	pub manifest: Cid,
	/// Manifest of the public split.
	pub public_split: Cid,
	/// Merkle root over the salted labels of the held-out split.
	pub label_root: Hash,
	/// Size of each encrypted frame in bytes: a power of two from 4 KiB to 1 MiB.
	pub frame_bytes: u32,
	/// Counts of the public split, per class.
	pub public_counts: ClassCounts,
	/// Counts of the held-out split, per class.
	pub held_out_counts: ClassCounts,
	/// Groups in the held-out split, each counted once whatever its classes.
	pub held_out_groups: u32,
	/// The held-out split.
	pub shards: BoundedVec<Shard, ConstU32<MAX_SHARDS>>,
}
