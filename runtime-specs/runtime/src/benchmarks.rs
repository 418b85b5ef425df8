//! The pallets whose weights are measured in this runtime.

use crate::Runtime;
use polkadot_sdk::*;

impl frame_system_benchmarking::Config for Runtime {}

frame_benchmarking::define_benchmarks!(
	[frame_system, frame_system_benchmarking::Pallet::<Runtime>]
	[pallet_balances, Balances]
	[pallet_collator_selection, CollatorSelection]
	[pallet_conviction_voting, ConvictionVoting]
	[pallet_datasets, Datasets]
	[pallet_equivocation, Equivocation]
	[pallet_evaluation, Evaluation]
	[pallet_grandpa, Grandpa]
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
	[pallet_treasury, Treasury]
	[pallet_tx_pause, TxPause]
	[pallet_utility, Utility]
	[pallet_vesting, Vesting]
);
