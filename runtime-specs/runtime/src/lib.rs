//! Assay's runtime: FRAME's pallets, ours, and how they are wired.
//!
//! One Wasm serves every preset: the [`Pace`](assay_primitives::Pace) written at genesis selects the periods.
#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "256"]
// What the runtime macro generates carries no documentation.
#![allow(missing_docs)]

extern crate alloc;

mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
mod configs;
pub mod migrations;
mod presets;
mod weights;

#[cfg(feature = "std")]
pub use apis::api;
pub use assay_primitives::{AccountId, Balance, BlockNumber, Hash, Nonce, Signature};
pub use configs::{
	accounts::ProxyType,
	authorities::CANDIDACY_BOND,
	evaluation::pace,
	governance::{origins, tracks, DUTIES, PAUSABLE},
	owners::Owners,
	parameters::{dynamic_params, CurrentEconomics, RuntimeParameters, RuntimeParametersKey, RuntimeParametersValue},
	session::{history, session_length, SessionKeys},
};
pub use presets::LIVE_RUNTIME_PRESET;

use alloc::{borrow::Cow, vec::Vec};
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
	spec_version: 2,
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

// At the crate's root: clients know `RuntimeCall` and `RuntimeEvent` by that path. An index never changes: it is part of
// every call's encoding.
#[frame_support::runtime]
mod runtime {
	/// The runtime.
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Runtime;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(2)]
	pub type Aura = pallet_aura;
	#[runtime::pallet_index(3)]
	pub type Grandpa = pallet_grandpa;
	#[runtime::pallet_index(4)]
	pub type Session = pallet_session;
	#[runtime::pallet_index(5)]
	pub type Historical = pallet_session::historical;
	#[runtime::pallet_index(6)]
	pub type Authorship = pallet_authorship;
	#[runtime::pallet_index(7)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(8)]
	pub type TransactionPayment = pallet_transaction_payment;

	#[runtime::pallet_index(10)]
	pub type Utility = pallet_utility;
	#[runtime::pallet_index(11)]
	pub type Multisig = pallet_multisig;
	#[runtime::pallet_index(12)]
	pub type Proxy = pallet_proxy;

	#[runtime::pallet_index(20)]
	pub type Preimage = pallet_preimage;
	#[runtime::pallet_index(21)]
	pub type Scheduler = pallet_scheduler;
	#[runtime::pallet_index(22)]
	pub type Referenda = pallet_referenda;
	#[runtime::pallet_index(23)]
	pub type ConvictionVoting = pallet_conviction_voting;
	#[runtime::pallet_index(24)]
	pub type Origins = crate::configs::governance::origins;
	#[runtime::pallet_index(25)]
	pub type Treasury = pallet_treasury;
	#[runtime::pallet_index(26)]
	pub type Parameters = pallet_parameters;
	#[runtime::pallet_index(27)]
	pub type Vesting = pallet_vesting;
	#[runtime::pallet_index(28)]
	pub type TxPause = pallet_tx_pause;
	#[runtime::pallet_index(29)]
	pub type MultiBlockMigrations = pallet_migrations;
	#[runtime::pallet_index(30)]
	pub type Offences = pallet_offences;
	#[runtime::pallet_index(31)]
	pub type CollatorSelection = pallet_collator_selection;
	#[runtime::pallet_index(32)]
	pub type Equivocation = pallet_equivocation;

	#[runtime::pallet_index(40)]
	pub type Datasets = pallet_datasets;
	#[runtime::pallet_index(41)]
	pub type Models = pallet_models;
	#[runtime::pallet_index(42)]
	pub type Evaluation = pallet_evaluation;
}
