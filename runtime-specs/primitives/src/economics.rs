//! Economic constants: what governance may set, and within which bounds.

use crate::{Balance, ASY, MILLI_ASY, PPM};

/// Economic constants as the pallets read them: already within [`EconomicBounds`].
#[derive(
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
	codec::Encode,
	codec::Decode,
	codec::DecodeWithMemTracking,
	codec::MaxEncodedLen,
	scale_info::TypeInfo,
)]
pub struct Economics {
	/// Part of the fee that every round pays, in planck.
	pub base_fee: Balance,
	/// Fee per MiB of checkpoint, begun ones counted whole, in planck.
	pub fee_per_mb: Balance,
	/// Fee per 1,000 held-out samples, begun ones counted whole, in planck.
	pub fee_per_1000_samples: Balance,
	/// Share of the compute fee that goes to the treasury, in ppm.
	pub treasury_cut_ppm: u32,
	/// Subsidy of a round, in planck; never more than the same round's cut.
	pub subsidy_per_round: Balance,
	/// Most subsidy minted in a year of blocks, in planck.
	pub subsidy_yearly_cap: Balance,
	/// Least bond of a validator, in planck.
	pub min_bond: Balance,
	/// Slash of the bond for a first miss in ppm; the nth miss in a row costs n times as much.
	pub miss_slash_ppm: u32,
	/// Most that one miss costs, in ppm of the bond.
	pub miss_slash_cap_ppm: u32,
	/// Share of a seat's reward paid for work done in a round that ends without a verdict, in ppm.
	pub work_done_ppm: u32,
	/// Deposit for a data set, a model or a benchmark, in planck.
	pub item_deposit: Balance,
	/// Deposit per stored byte, in planck.
	pub byte_deposit: Balance,
	/// Deposit for a sealed claim, in planck.
	pub claim_deposit: Balance,
	/// Bond of a steward per data set, from which work lost by its fault is paid, in planck.
	pub steward_bond: Balance,
}

/// Inclusive bounds of one constant and its value at genesis.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bound<T> {
	/// Least value.
	pub min: T,
	/// Value at genesis.
	pub default: T,
	/// Greatest value.
	pub max: T,
}

impl<T: Ord + Copy> Bound<T> {
	/// Whether the value is within the bounds.
	pub fn contains(&self, value: &T) -> bool {
		(self.min..=self.max).contains(value)
	}
	/// The nearest value within the bounds.
	pub fn clamp(&self, value: T) -> T {
		value.clamp(self.min, self.max)
	}
}

const fn bound<T>(min: T, default: T, max: T) -> Bound<T> {
	Bound { min, default, max }
}

/// The bounds of every economic constant, by the field names of [`Economics`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub struct EconomicBounds {
	pub base_fee: Bound<Balance>,
	pub fee_per_mb: Bound<Balance>,
	pub fee_per_1000_samples: Bound<Balance>,
	pub treasury_cut_ppm: Bound<u32>,
	pub subsidy_per_round: Bound<Balance>,
	pub subsidy_yearly_cap: Bound<Balance>,
	pub min_bond: Bound<Balance>,
	pub miss_slash_ppm: Bound<u32>,
	pub miss_slash_cap_ppm: Bound<u32>,
	pub work_done_ppm: Bound<u32>,
	pub item_deposit: Bound<Balance>,
	pub byte_deposit: Bound<Balance>,
	pub claim_deposit: Bound<Balance>,
	pub steward_bond: Bound<Balance>,
}

/// The one table of bounds: the call filter, every reader and `integrity_test` use it.
pub const ECONOMIC_BOUNDS: EconomicBounds = EconomicBounds {
	base_fee: bound(MILLI_ASY, 10 * ASY, 10_000 * ASY),
	fee_per_mb: bound(0, 10 * MILLI_ASY, 10 * ASY),
	fee_per_1000_samples: bound(0, ASY, 1_000 * ASY),
	treasury_cut_ppm: bound(0, PPM / 10, PPM / 2),
	subsidy_per_round: bound(0, 0, 1_000 * ASY),
	subsidy_yearly_cap: bound(0, 0, 1_000_000 * ASY),
	min_bond: bound(ASY, 100 * ASY, 1_000_000 * ASY),
	miss_slash_ppm: bound(0, 1_000, 50_000),
	miss_slash_cap_ppm: bound(0, 10_000, 100_000),
	work_done_ppm: bound(0, 250_000, 500_000),
	item_deposit: bound(MILLI_ASY, 10 * ASY, 10_000 * ASY),
	byte_deposit: bound(0, MILLI_ASY, ASY),
	claim_deposit: bound(MILLI_ASY, ASY, 1_000 * ASY),
	steward_bond: bound(0, 50 * ASY, 100_000 * ASY),
};

impl EconomicBounds {
	/// Each constant moved to the nearest value within its bounds.
	pub fn clamp(&self, raw: Economics) -> Economics {
		Economics {
			base_fee: self.base_fee.clamp(raw.base_fee),
			fee_per_mb: self.fee_per_mb.clamp(raw.fee_per_mb),
			fee_per_1000_samples: self.fee_per_1000_samples.clamp(raw.fee_per_1000_samples),
			treasury_cut_ppm: self.treasury_cut_ppm.clamp(raw.treasury_cut_ppm),
			subsidy_per_round: self.subsidy_per_round.clamp(raw.subsidy_per_round),
			subsidy_yearly_cap: self.subsidy_yearly_cap.clamp(raw.subsidy_yearly_cap),
			min_bond: self.min_bond.clamp(raw.min_bond),
			miss_slash_ppm: self.miss_slash_ppm.clamp(raw.miss_slash_ppm),
			miss_slash_cap_ppm: self.miss_slash_cap_ppm.clamp(raw.miss_slash_cap_ppm),
			work_done_ppm: self.work_done_ppm.clamp(raw.work_done_ppm),
			item_deposit: self.item_deposit.clamp(raw.item_deposit),
			byte_deposit: self.byte_deposit.clamp(raw.byte_deposit),
			claim_deposit: self.claim_deposit.clamp(raw.claim_deposit),
			steward_bond: self.steward_bond.clamp(raw.steward_bond),
		}
	}

	/// The constants at genesis.
	pub const fn defaults(&self) -> Economics {
		Economics {
			base_fee: self.base_fee.default,
			fee_per_mb: self.fee_per_mb.default,
			fee_per_1000_samples: self.fee_per_1000_samples.default,
			treasury_cut_ppm: self.treasury_cut_ppm.default,
			subsidy_per_round: self.subsidy_per_round.default,
			subsidy_yearly_cap: self.subsidy_yearly_cap.default,
			min_bond: self.min_bond.default,
			miss_slash_ppm: self.miss_slash_ppm.default,
			miss_slash_cap_ppm: self.miss_slash_cap_ppm.default,
			work_done_ppm: self.work_done_ppm.default,
			item_deposit: self.item_deposit.default,
			byte_deposit: self.byte_deposit.default,
			claim_deposit: self.claim_deposit.default,
			steward_bond: self.steward_bond.default,
		}
	}
}
