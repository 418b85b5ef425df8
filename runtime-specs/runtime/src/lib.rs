//! Assay's runtime: FRAME's pallets, ours, and how they are wired.
//!
//! One Wasm serves every preset: the [`Pace`](assay_primitives::Pace) written at genesis selects the periods.
#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "256"]

extern crate alloc;

mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
mod configs;
mod pallets;
mod presets;

#[cfg(feature = "std")]
pub use apis::api;
pub use assay_primitives::{AccountId, Balance, BlockNumber, Hash, Nonce, Signature};
pub use configs::{
	accounts::ProxyType,
	evaluation::pace,
	governance::{origins, tracks, PAUSABLE},
	parameters::{dynamic_params, CurrentEconomics, RuntimeParameters, RuntimeParametersKey, RuntimeParametersValue},
	session::SessionKeys,
};
pub use pallets::*;
pub use presets::LIVE_RUNTIME_PRESET;

use alloc::borrow::Cow;
use polkadot_sdk::*;
use sp_runtime::{generic, traits::BlakeTwo256, MultiAddress};
use sp_version::RuntimeVersion;

/// What this runtime is. `spec_version` grows with every release, `transaction_version` with every change of a
/// call's encoding or of the transaction extensions.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
	spec_name: Cow::Borrowed("assay"),
	impl_name: Cow::Borrowed("assay"),
	authoring_version: 1,
	spec_version: 1,
	impl_version: 1,
	apis: apis::RUNTIME_API_VERSIONS,
	transaction_version: 1,
	system_version: 1,
};

/// Address in transactions.
pub type Address = MultiAddress<AccountId, ()>;
/// Block header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// Block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// What a signature covers besides the call, in the order in which it is encoded.
pub type TxExtension = (
	frame_system::AuthorizeCall<Runtime>,
	frame_system::CheckNonZeroSender<Runtime>,
	frame_system::CheckSpecVersion<Runtime>,
	frame_system::CheckTxVersion<Runtime>,
	frame_system::CheckGenesis<Runtime>,
	frame_system::CheckEra<Runtime>,
	frame_system::CheckNonce<Runtime>,
	frame_system::CheckWeight<Runtime>,
	pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
	frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
);
/// Transaction as it arrives.
pub type UncheckedExtrinsic = generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// What is signed.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;
/// Runs blocks.
pub type Executive =
	frame_executive::Executive<Runtime, Block, frame_system::ChainContext<Runtime>, Runtime, AllPalletsWithSystem>;
