//! Models.

use crate::*;
use frame_support::{parameter_types, PalletId};

parameter_types! {
	pub const ModelsPalletId: PalletId = PalletId(*b"as/model");
}

impl pallet_models::Config for Runtime {
	type Currency = Balances;
	type Economics = CurrentEconomics;
	type PalletId = ModelsPalletId;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WeightInfo = pallet_models::weights::Measured<Runtime>;
}
