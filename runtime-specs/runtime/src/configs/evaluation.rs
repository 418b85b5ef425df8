//! Evaluation.

use crate::{configs::governance::call_name, *};
use assay_primitives::Pace;
use frame_support::{
	migrations::MultiStepMigrator,
	parameter_types,
	traits::{ConstU32, EitherOfDiverse, Get},
	PalletId,
};
use frame_system::EnsureRoot;

parameter_types! {
	pub const EvaluationPalletId: PalletId = PalletId(*b"as/evalu");
}

/// The pace written at genesis.
pub fn pace() -> Pace {
	pallet_evaluation::CurrentPace::<Runtime>::get()
}

/// Whether members and stewards are kept from their duties in this block: one of the [`DUTIES`] is paused, or a migration
/// over several blocks stops all transactions. Both begin and end before `pallet-evaluation` asks, at the beginning of
/// a block: pauses by the scheduler, which comes first, and migrations with the upgrade or after their last block's
/// transactions would have been applied.
pub struct Halted;

impl Get<bool> for Halted {
	fn get() -> bool {
		MultiBlockMigrations::ongoing() || DUTIES.iter().any(|duty| TxPause::is_paused(&call_name(duty)))
	}
}

impl pallet_evaluation::Config for Runtime {
	type BenchmarkOrigin = EitherOfDiverse<EnsureRoot<AccountId>, origins::EnsureBenchmarks>;
	type Checkpoints = Models;
	type Currency = Balances;
	type Datasets = Datasets;
	type Economics = CurrentEconomics;
	type Halted = Halted;
	type MaxValidators = ConstU32<256>;
	type PalletId = EvaluationPalletId;
	type Relations = configs::accounts::ByProxies;
	type RuntimeHoldReason = RuntimeHoldReason;
	type TreasuryAccount = configs::treasury::TreasuryAccount;
	type WeightInfo = pallet_evaluation::weights::Measured<Runtime>;
}
