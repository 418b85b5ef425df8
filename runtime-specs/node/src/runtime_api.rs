//! What the node asks of a runtime, and the types it asks with.
//!
//! The implementations are never run: `impl_runtime_apis` makes of them the client side, which calls the chain's Wasm.

use polkadot_sdk::*;
use sp_runtime::{
	generic,
	traits::{BlakeTwo256, IdentifyAccount, Verify},
	MultiSignature, OpaqueExtrinsic,
};

/// Number of a block.
pub type BlockNumber = u32;
/// Hash of a block.
pub type Hash = sp_core::H256;
/// Header of a block.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block whose transactions are bytes: only the runtime knows what they mean.
pub type Block = generic::Block<Header, OpaqueExtrinsic>;
/// Whose transaction it is.
pub type AccountId = <<MultiSignature as Verify>::Signer as IdentifyAccount>::AccountId;
/// How many transactions an account has sent.
pub type Nonce = u32;
/// Planck.
pub type Balance = u128;

#[allow(missing_docs)]
mod imp {
	use super::*;
	use pallet_transaction_payment::FeeDetails;
	use pallet_transaction_payment_rpc_runtime_api::RuntimeDispatchInfo;
	use sp_consensus_aura::{sr25519::AuthorityId as AuraId, SlotDuration};
	use sp_consensus_grandpa::{
		AuthorityId as GrandpaId, AuthorityList, EquivocationProof, OpaqueKeyOwnershipProof, SetId,
	};
	use sp_core::{crypto::KeyTypeId, OpaqueMetadata};
	use sp_inherents::{CheckInherentsResult, InherentData};
	use sp_runtime::{
		traits::{Block as BlockT, NumberFor},
		transaction_validity::{TransactionSource, TransactionValidity},
		ApplyExtrinsicResult, ExtrinsicInclusionMode,
	};
	use sp_session::OpaqueGeneratedSessionKeys;
	use sp_version::RuntimeVersion;
	use sp_weights::Weight;

	#[allow(dead_code)]
	struct Runtime;

	sp_api::impl_runtime_apis! {
		impl sp_api::Core<Block> for Runtime {
			fn version() -> RuntimeVersion {
				unimplemented!()
			}

			fn execute_block(_: <Block as BlockT>::LazyBlock) {
				unimplemented!()
			}

			fn initialize_block(_: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
				unimplemented!()
			}
		}

		impl sp_api::Metadata<Block> for Runtime {
			fn metadata() -> OpaqueMetadata {
				unimplemented!()
			}

			fn metadata_at_version(_: u32) -> Option<OpaqueMetadata> {
				unimplemented!()
			}

			fn metadata_versions() -> Vec<u32> {
				unimplemented!()
			}
		}

		impl sp_block_builder::BlockBuilder<Block> for Runtime {
			fn apply_extrinsic(_: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
				unimplemented!()
			}

			fn finalize_block() -> <Block as BlockT>::Header {
				unimplemented!()
			}

			fn inherent_extrinsics(_: InherentData) -> Vec<<Block as BlockT>::Extrinsic> {
				unimplemented!()
			}

			fn check_inherents(_: <Block as BlockT>::LazyBlock, _: InherentData) -> CheckInherentsResult {
				unimplemented!()
			}
		}

		impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
			fn validate_transaction(
				_: TransactionSource,
				_: <Block as BlockT>::Extrinsic,
				_: <Block as BlockT>::Hash,
			) -> TransactionValidity {
				unimplemented!()
			}
		}

		impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
			fn offchain_worker(_: &<Block as BlockT>::Header) {
				unimplemented!()
			}
		}

		impl sp_consensus_aura::AuraApi<Block, AuraId> for Runtime {
			fn slot_duration() -> SlotDuration {
				unimplemented!()
			}

			fn authorities() -> Vec<AuraId> {
				unimplemented!()
			}
		}

		impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
			fn grandpa_authorities() -> AuthorityList {
				unimplemented!()
			}

			fn current_set_id() -> SetId {
				unimplemented!()
			}

			fn submit_report_equivocation_unsigned_extrinsic(
				_: EquivocationProof<<Block as BlockT>::Hash, NumberFor<Block>>,
				_: OpaqueKeyOwnershipProof,
			) -> Option<()> {
				unimplemented!()
			}

			fn generate_key_ownership_proof(_: SetId, _: GrandpaId) -> Option<OpaqueKeyOwnershipProof> {
				unimplemented!()
			}
		}

		impl sp_session::SessionKeys<Block> for Runtime {
			fn generate_session_keys(_: Vec<u8>, _: Option<Vec<u8>>) -> OpaqueGeneratedSessionKeys {
				unimplemented!()
			}

			fn decode_session_keys(_: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
				unimplemented!()
			}
		}

		impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
			fn account_nonce(_: AccountId) -> Nonce {
				unimplemented!()
			}
		}

		impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance> for Runtime {
			fn query_info(_: <Block as BlockT>::Extrinsic, _: u32) -> RuntimeDispatchInfo<Balance> {
				unimplemented!()
			}

			fn query_fee_details(_: <Block as BlockT>::Extrinsic, _: u32) -> FeeDetails<Balance> {
				unimplemented!()
			}

			fn query_weight_to_fee(_: Weight) -> Balance {
				unimplemented!()
			}

			fn query_length_to_fee(_: u32) -> Balance {
				unimplemented!()
			}
		}
	}
}

pub use imp::RuntimeApi;
