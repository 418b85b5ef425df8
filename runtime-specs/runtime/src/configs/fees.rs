//! What transactions cost and who gets it.

use crate::*;
use assay_primitives::ASY;
use frame_support::{
	parameter_types,
	traits::{
		fungible::{Balanced, Credit},
		ConstU8, Imbalance, OnUnbalanced,
	},
	weights::{ConstantMultiplier, IdentityFee},
};
use pallet_transaction_payment::{FungibleAdapter, Multiplier, TargetedFeeAdjustment};
use sp_runtime::{traits::Bounded, FixedPointNumber, Perquintill};

/// Share of fees, in percent, that goes to the treasury. The author has the rest, and all tips.
const TREASURY_PERCENT: u32 = 80;

parameter_types! {
	/// A mebibyte of transactions costs about an ASY.
	pub const ByteFee: Balance = ASY / 1_000_000;
	pub const TargetFullness: Perquintill = Perquintill::from_percent(25);
	pub AdjustmentVariable: Multiplier = Multiplier::saturating_from_rational(75, 1_000_000);
	pub MinimumMultiplier: Multiplier = Multiplier::saturating_from_rational(1, 10);
	pub MaximumMultiplier: Multiplier = Bounded::max_value();
}

/// Shares fees between treasury and author.
pub struct ShareFees;

impl OnUnbalanced<Credit<AccountId, Balances>> for ShareFees {
	fn on_unbalanceds(mut fees_then_tips: impl Iterator<Item = Credit<AccountId, Balances>>) {
		let Some(fees) = fees_then_tips.next() else { return };
		let (treasury, mut author) = fees.ration(TREASURY_PERCENT, 100 - TREASURY_PERCENT);
		if let Some(tips) = fees_then_tips.next() {
			tips.merge_into(&mut author);
		}
		let mut treasury = treasury;
		match Authorship::author() {
			// A share too small to open the author's account goes the same way as a block without an author.
			Some(who) => {
				if let Err(rest) = Balances::resolve(&who, author) {
					rest.merge_into(&mut treasury)
				}
			}
			None => author.merge_into(&mut treasury),
		}
		// The treasury's account exists from genesis on; were it ever reaped, a fee under the existential deposit
		// would be burnt, and issuance with it.
		let _ = Balances::resolve(&Treasury::account_id(), treasury);
	}
}

impl pallet_transaction_payment::Config for Runtime {
	type FeeMultiplierUpdate =
		TargetedFeeAdjustment<Self, TargetFullness, AdjustmentVariable, MinimumMultiplier, MaximumMultiplier>;
	type LengthToFee = ConstantMultiplier<Balance, ByteFee>;
	type OnChargeTransaction = FungibleAdapter<Balances, ShareFees>;
	type OperationalFeeMultiplier = ConstU8<5>;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = weights::pallet_transaction_payment::Measured<Runtime>;
	// A picosecond of computation costs a planck: a full block of ordinary transactions costs 1.1 ASY.
	type WeightToFee = IdentityFee<Balance>;
}
