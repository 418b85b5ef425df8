//! Data sets.

use crate::*;
use frame_support::traits::EitherOfDiverse;
use frame_system::EnsureRoot;

impl pallet_datasets::Config for Runtime {
	type AccreditOrigin = EitherOfDiverse<EnsureRoot<AccountId>, origins::EnsureBenchmarks>;
	type Currency = Balances;
	type Economics = CurrentEconomics;
	type KeyReleases = Evaluation;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WeightInfo = pallet_datasets::weights::Measured<Runtime>;
}
