//! Economic constants: set by governance within bounds, on three levels. The base call filter refuses a value out of
//! bounds; root, which no filter stops, may not set parameters; and whoever reads them has them clamped, which holds
//! even where root writes storage, or acts as another origin.

use crate::*;
use assay_primitives::{EconomicBounds, Economics, ECONOMIC_BOUNDS};
use frame_support::{
	dynamic_params::{dynamic_pallet_params, dynamic_params},
	traits::{AsEnsureOriginWithArg, Contains, Get},
};

const DEFAULTS: Economics = ECONOMIC_BOUNDS.defaults();

/// The economic constants as `pallet-parameters` keeps them.
#[allow(missing_docs)]
#[dynamic_params(RuntimeParameters, pallet_parameters::Parameters::<Runtime>)]
pub mod dynamic_params {
	use super::*;

	/// See [`assay_primitives::Economics`] for what each is and its unit.
	#[dynamic_pallet_params]
	#[codec(index = 0)]
	pub mod economics {
		#[codec(index = 0)]
		pub static BaseFee: Balance = DEFAULTS.base_fee;
		#[codec(index = 1)]
		pub static FeePerMb: Balance = DEFAULTS.fee_per_mb;
		#[codec(index = 2)]
		pub static FeePer1000Samples: Balance = DEFAULTS.fee_per_1000_samples;
		#[codec(index = 3)]
		pub static TreasuryCutPpm: u32 = DEFAULTS.treasury_cut_ppm;
		#[codec(index = 4)]
		pub static SubsidyPerRound: Balance = DEFAULTS.subsidy_per_round;
		#[codec(index = 5)]
		pub static SubsidyYearlyCap: Balance = DEFAULTS.subsidy_yearly_cap;
		#[codec(index = 6)]
		pub static MinBond: Balance = DEFAULTS.min_bond;
		#[codec(index = 7)]
		pub static MissSlashPpm: u32 = DEFAULTS.miss_slash_ppm;
		#[codec(index = 8)]
		pub static MissSlashCapPpm: u32 = DEFAULTS.miss_slash_cap_ppm;
		#[codec(index = 9)]
		pub static WorkDonePpm: u32 = DEFAULTS.work_done_ppm;
		#[codec(index = 10)]
		pub static ItemDeposit: Balance = DEFAULTS.item_deposit;
		#[codec(index = 11)]
		pub static ByteDeposit: Balance = DEFAULTS.byte_deposit;
		#[codec(index = 12)]
		pub static ClaimDeposit: Balance = DEFAULTS.claim_deposit;
		#[codec(index = 13)]
		pub static StewardBond: Balance = DEFAULTS.steward_bond;
	}
}

use dynamic_params::economics::{self, Parameters as P};

/// The economic constants in force, each within its bounds.
pub struct CurrentEconomics;

impl Get<Economics> for CurrentEconomics {
	fn get() -> Economics {
		ECONOMIC_BOUNDS.clamp(Economics {
			base_fee: economics::BaseFee::get(),
			fee_per_mb: economics::FeePerMb::get(),
			fee_per_1000_samples: economics::FeePer1000Samples::get(),
			treasury_cut_ppm: economics::TreasuryCutPpm::get(),
			subsidy_per_round: economics::SubsidyPerRound::get(),
			subsidy_yearly_cap: economics::SubsidyYearlyCap::get(),
			min_bond: economics::MinBond::get(),
			miss_slash_ppm: economics::MissSlashPpm::get(),
			miss_slash_cap_ppm: economics::MissSlashCapPpm::get(),
			work_done_ppm: economics::WorkDonePpm::get(),
			item_deposit: economics::ItemDeposit::get(),
			byte_deposit: economics::ByteDeposit::get(),
			claim_deposit: economics::ClaimDeposit::get(),
			steward_bond: economics::StewardBond::get(),
		})
	}
}

/// Whether a parameter is reset to its default (`None`) or set within its bounds.
pub fn within_bounds(value: &RuntimeParameters) -> bool {
	const B: EconomicBounds = ECONOMIC_BOUNDS;
	let RuntimeParameters::Economics(value) = value;
	match value {
		P::BaseFee(_, new) => new.is_none_or(|v| B.base_fee.contains(&v)),
		P::FeePerMb(_, new) => new.is_none_or(|v| B.fee_per_mb.contains(&v)),
		P::FeePer1000Samples(_, new) => new.is_none_or(|v| B.fee_per_1000_samples.contains(&v)),
		P::TreasuryCutPpm(_, new) => new.is_none_or(|v| B.treasury_cut_ppm.contains(&v)),
		P::SubsidyPerRound(_, new) => new.is_none_or(|v| B.subsidy_per_round.contains(&v)),
		P::SubsidyYearlyCap(_, new) => new.is_none_or(|v| B.subsidy_yearly_cap.contains(&v)),
		P::MinBond(_, new) => new.is_none_or(|v| B.min_bond.contains(&v)),
		P::MissSlashPpm(_, new) => new.is_none_or(|v| B.miss_slash_ppm.contains(&v)),
		P::MissSlashCapPpm(_, new) => new.is_none_or(|v| B.miss_slash_cap_ppm.contains(&v)),
		P::WorkDonePpm(_, new) => new.is_none_or(|v| B.work_done_ppm.contains(&v)),
		P::ItemDeposit(_, new) => new.is_none_or(|v| B.item_deposit.contains(&v)),
		P::ByteDeposit(_, new) => new.is_none_or(|v| B.byte_deposit.contains(&v)),
		P::ClaimDeposit(_, new) => new.is_none_or(|v| B.claim_deposit.contains(&v)),
		P::StewardBond(_, new) => new.is_none_or(|v| B.steward_bond.contains(&v)),
	}
}

/// Refuses to set a parameter out of its bounds.
pub struct WithinBounds;

impl Contains<RuntimeCall> for WithinBounds {
	fn contains(call: &RuntimeCall) -> bool {
		match call {
			RuntimeCall::Parameters(pallet_parameters::Call::set_parameter { key_value }) => within_bounds(key_value),
			_ => true,
		}
	}
}

#[cfg(feature = "runtime-benchmarks")]
impl Default for RuntimeParameters {
	fn default() -> Self {
		Self::Economics(P::BaseFee(economics::BaseFee, Some(DEFAULTS.base_fee)))
	}
}

impl pallet_parameters::Config for Runtime {
	// Not root: its calls pass by the base call filter.
	type AdminOrigin = AsEnsureOriginWithArg<origins::EnsureParameters>;
	type RuntimeEvent = RuntimeEvent;
	type RuntimeParameters = RuntimeParameters;
	type WeightInfo = weights::pallet_parameters::Measured<Runtime>;
}
