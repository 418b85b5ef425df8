//! Types and traits shared by Assay's pallets and runtime.
//!
//! No pallet of ours depends on another: the traits in [`traits`] are implemented by one pallet, consumed by
//! another, and wired in the runtime.
#![cfg_attr(not(feature = "std"), no_std)]

mod api;
mod authority;
mod dataset;
mod economics;
mod model;
mod pace;
mod round;
mod traits;

pub use api::*;
pub use authority::*;
pub use dataset::*;
pub use economics::*;
pub use model::*;
pub use pace::*;
pub use round::*;
pub use traits::*;

use polkadot_sdk::{
	sp_core::H256,
	sp_runtime::{
		traits::{IdentifyAccount, Verify},
		MultiSignature,
	},
};

/// Index of a block in the chain.
pub type BlockNumber = u32;
/// An amount of ASY in planck; 1 ASY is 10^12 planck.
pub type Balance = u128;
/// Signature of a transaction.
pub type Signature = MultiSignature;
/// An account, as its 32 public bytes.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// Number of transactions an account has sent.
pub type Nonce = u32;
/// A blake2b-256 digest.
pub type Hash = H256;

/// One ASY, in planck.
pub const ASY: Balance = 1_000_000_000_000;
/// A thousandth of an ASY, in planck.
pub const MILLI_ASY: Balance = ASY / 1_000;
/// Parts per million in a whole.
pub const PPM: u32 = 1_000_000;
/// Length of a block slot, in milliseconds.
pub const SLOT_MS: u64 = 3_000;
/// SS58 address prefix.
pub const SS58_PREFIX: u16 = 42;
/// Decimals of the token.
pub const TOKEN_DECIMALS: u8 = 12;
/// Symbol of the token.
pub const TOKEN_SYMBOL: &str = "ASY";

/// A CIDv1 with raw codec and sha2-256: `0x01 0x55 0x12 0x20` and the digest.
pub type Cid = [u8; 36];
/// The four leading bytes of every [`Cid`].
pub const CID_PREFIX: [u8; 4] = [0x01, 0x55, 0x12, 0x20];

/// Whether the bytes are a CIDv1 with raw codec and sha2-256.
pub fn is_cid(cid: &Cid) -> bool {
	cid.starts_with(&CID_PREFIX)
}

/// Index of a data set.
pub type DatasetId = u32;
/// Index of a version within its data set.
pub type DatasetVersion = u32;
/// Index of a model.
pub type ModelId = u32;
/// Index of a benchmark.
pub type BenchmarkId = u32;
/// Index of an evaluation round.
pub type RoundId = u32;
/// blake2b-256 of a checkpoint's canonical safetensors form.
pub type CheckpointId = H256;
