//! Migrations over several blocks. What they are stands in [`crate::migrations`].

use crate::{
	configs::{governance::call_name, system::RuntimeBlockWeights},
	*,
};
use frame_support::{
	migrations::{FailedMigrationHandler, FailedMigrationHandling},
	parameter_types,
	traits::{ConstU32, TransactionPause},
	weights::Weight,
};

parameter_types! {
	/// Under half a block, with what happens in every block: the other half is for slow machines.
	pub MaxServiceWeight: Weight = RuntimeBlockWeights::get().max_block.saturating_div(20).saturating_mul(9);
}

/// Pauses everything that can be paused, and lets transactions in again.
///
/// Keeping the chain stuck would also keep governance from mending it: no vote could be cast. Going on as if nothing had
/// happened would let money move over storage that is half of one form and half of another. This is the switch of the
/// `emergency` track, thrown by the chain itself: referenda go on, calls that move money or work do not, and the clock of
/// rounds stands still until a referendum has mended the storage and unpaused the calls.
pub struct PauseOnFailedMigration;

impl FailedMigrationHandler for PauseOnFailedMigration {
	fn failed(_migration: Option<u32>) -> FailedMigrationHandling {
		for name in PAUSABLE {
			// Fails only where it is paused already.
			let _ = <TxPause as TransactionPause>::pause(call_name(name));
		}
		FailedMigrationHandling::ForceUnstuck
	}
}

impl pallet_migrations::Config for Runtime {
	// What the mocks of the pallet's benchmarks ask for; every network uses it.
	type CursorMaxLen = ConstU32<65_536>;
	type FailedMigrationHandler = PauseOnFailedMigration;
	type IdentifierMaxLen = ConstU32<256>;
	type MaxServiceWeight = MaxServiceWeight;
	type MigrationStatusHandler = ();
	// The pallet's own benchmarks make up their migrations.
	#[cfg(feature = "runtime-benchmarks")]
	type Migrations = pallet_migrations::mock_helpers::MockedMigrations;
	#[cfg(not(feature = "runtime-benchmarks"))]
	type Migrations = migrations::MultiBlock;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = weights::pallet_migrations::Measured<Runtime>;
}
