//! Treasury and vesting.

use crate::*;
use assay_primitives::{Pace, ASY};
use frame_support::{
	parameter_types,
	traits::{
		tokens::{PayFromAccount, UnityAssetBalanceConversion},
		ConstU32, EitherOf, EitherOfDiverse, Get, WithdrawReasons,
	},
	PalletId,
};
use frame_system::{EnsureRoot, EnsureRootWithSuccess, EnsureWithSuccess};
use sp_runtime::{
	traits::{ConvertInto, IdentityLookup},
	Permill,
};

parameter_types! {
	pub const TreasuryPalletId: PalletId = PalletId(*b"py/trsry");
	pub const NoBurn: Permill = Permill::zero();
	pub const NoLimit: Balance = Balance::MAX;
	/// Most that the `treasury` track spends at once; more needs root.
	pub const TrackLimit: Balance = 100_000 * ASY;
	pub const MinVestedTransfer: Balance = ASY;
	pub UnvestedMayPay: WithdrawReasons = WithdrawReasons::except(WithdrawReasons::TRANSFER | WithdrawReasons::RESERVE);
	/// Account of the treasury.
	pub TreasuryAccount: AccountId = Treasury::account_id();
}

/// Blocks within which an approved spend must be collected, at each pace.
pub const fn payout_period(pace: Pace) -> BlockNumber {
	match pace {
		Pace::Dev => 200,
		Pace::Local => 2_000,
		Pace::Live => 30 * configs::DAYS,
	}
}

/// Blocks between the treasury's rounds of direct payment, at each pace.
pub const fn spend_period(pace: Pace) -> BlockNumber {
	match pace {
		Pace::Dev => 20,
		Pace::Local => 200,
		Pace::Live => 6 * configs::DAYS,
	}
}

/// Blocks within which an approved spend must be collected.
pub struct PayoutPeriod;

impl Get<BlockNumber> for PayoutPeriod {
	fn get() -> BlockNumber {
		payout_period(pace())
	}
}

/// Blocks between the treasury's rounds of direct payment.
pub struct SpendPeriod;

impl Get<BlockNumber> for SpendPeriod {
	fn get() -> BlockNumber {
		spend_period(pace())
	}
}

impl pallet_treasury::Config for Runtime {
	type AssetKind = ();
	type BalanceConverter = UnityAssetBalanceConversion;
	type Beneficiary = AccountId;
	type BeneficiaryLookup = IdentityLookup<AccountId>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = crate::benchmarks::Payees;
	type BlockNumberProvider = System;
	type Burn = NoBurn;
	type BurnDestination = ();
	type Currency = Balances;
	type MaxApprovals = ConstU32<100>;
	type PalletId = TreasuryPalletId;
	type Paymaster = PayFromAccount<Balances, TreasuryAccount>;
	type PayoutPeriod = PayoutPeriod;
	type RejectOrigin = EitherOfDiverse<EnsureRoot<AccountId>, origins::EnsureTreasurer>;
	type RuntimeEvent = RuntimeEvent;
	type SpendFunds = ();
	type SpendOrigin = EitherOf<
		EnsureRootWithSuccess<AccountId, NoLimit>,
		EnsureWithSuccess<origins::EnsureTreasurer, AccountId, TrackLimit>,
	>;
	type SpendPeriod = SpendPeriod;
	type WeightInfo = weights::pallet_treasury::Measured<Runtime>;
}

impl pallet_vesting::Config for Runtime {
	type BlockNumberProvider = System;
	type BlockNumberToBalance = ConvertInto;
	type Currency = Balances;
	type MinVestedTransfer = MinVestedTransfer;
	type RuntimeEvent = RuntimeEvent;
	type UnvestedFundsAllowedWithdrawReasons = UnvestedMayPay;
	type WeightInfo = weights::pallet_vesting::Measured<Runtime>;
	const MAX_VESTING_SCHEDULES: u32 = 28;
}
