//! Evaluation.

use crate::*;
use assay_primitives::Pace;
use frame_support::{
	parameter_types,
	traits::{ConstU32, EitherOfDiverse},
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

impl pallet_evaluation::Config for Runtime {
	type BenchmarkOrigin = EitherOfDiverse<EnsureRoot<AccountId>, origins::EnsureBenchmarks>;
	type Checkpoints = Models;
	type Currency = Balances;
	type Datasets = Datasets;
	type Economics = CurrentEconomics;
	type MaxValidators = ConstU32<256>;
	type PalletId = EvaluationPalletId;
	type Relations = configs::accounts::ByProxies;
	type RuntimeHoldReason = RuntimeHoldReason;
	type TreasuryAccount = configs::treasury::TreasuryAccount;
	type WeightInfo = pallet_evaluation::weights::ConservativeWeights<Runtime>;
}
