//! The pallets whose weights are measured in this runtime. Those of GRANDPA are put together by FRAME itself, from
//! benchmarks that are no calls.

use crate::{AccountId, Balances, Runtime};
use polkadot_sdk::*;

/// The baseline against which times are told.
impl frame_benchmarking::baseline::Config for Runtime {}
impl frame_system_benchmarking::Config for Runtime {}

impl pallet_transaction_payment::BenchmarkConfig for Runtime {
	/// A block with an author, who has a share of the fee.
	#[allow(clippy::disallowed_methods, reason = "the pallet keeps the author to itself")]
	fn setup_benchmark_environment() {
		let author: AccountId = frame_benchmarking::account("author", 0, 0);
		let key = frame_support::storage::storage_prefix(b"Authorship", b"Author");
		sp_io::storage::set(&key, &codec::Encode::encode(&author));
	}
}

/// Makes who is paid by the treasury: an account that exists, since the benchmark pays less than opens one.
pub struct Payees;

impl pallet_treasury::ArgumentsFactory<(), AccountId> for Payees {
	fn create_asset_kind(_: u32) {}

	fn create_beneficiary(seed: [u8; 32]) -> AccountId {
		use frame_support::traits::fungible::{Inspect, Mutate};
		let payee = AccountId::from(seed);
		Balances::set_balance(&payee, <Balances as Inspect<AccountId>>::minimum_balance());
		payee
	}
}

frame_benchmarking::define_benchmarks!(
	[frame_benchmarking, frame_benchmarking::baseline::Pallet::<Runtime>]
	[frame_system, frame_system_benchmarking::Pallet::<Runtime>]
	[frame_system_extensions, frame_system_benchmarking::extensions::Pallet::<Runtime>]
	[pallet_balances, Balances]
	[pallet_collator_selection, CollatorSelection]
	[pallet_conviction_voting, ConvictionVoting]
	[pallet_datasets, Datasets]
	[pallet_equivocation, Equivocation]
	[pallet_evaluation, Evaluation]
	[pallet_migrations, MultiBlockMigrations]
	[pallet_models, Models]
	[pallet_multisig, Multisig]
	[pallet_parameters, Parameters]
	[pallet_preimage, Preimage]
	[pallet_proxy, Proxy]
	[pallet_referenda, Referenda]
	[pallet_scheduler, Scheduler]
	[pallet_session, cumulus_pallet_session_benchmarking::Pallet::<Runtime>]
	[pallet_timestamp, Timestamp]
	[pallet_transaction_payment, TransactionPayment]
	[pallet_treasury, Treasury]
	[pallet_tx_pause, TxPause]
	[pallet_utility, Utility]
	[pallet_vesting, Vesting]
);
