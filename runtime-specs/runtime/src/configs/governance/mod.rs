//! OpenGov: referenda on five tracks, their origins, and the switch that pauses calls.

pub mod origins;
pub mod tracks;

use crate::{configs::system::RuntimeBlockWeights, *};
use assay_primitives::{Pace, ASY};
use frame_support::{
	parameter_types,
	traits::{
		fungible::HoldConsideration, tokens::currency::ActiveIssuanceOf, ConstU32, Contains, EitherOfDiverse,
		EqualPrivilegeOnly, Get, LinearStoragePrice,
	},
	weights::Weight,
};
use frame_system::{EnsureRoot, EnsureSigned};

/// What the members and the steward of a round must do by a deadline, and what moves the round on. While one of these
/// is paused the clock of rounds stands still: see [`Halted`](super::evaluation::Halted).
pub const DUTIES: &[(&str, &str)] = &[
	("Datasets", "release_key"),
	("Evaluation", "accept"),
	("Evaluation", "advance"),
	("Evaluation", "commit"),
	("Evaluation", "decline"),
	("Evaluation", "reveal"),
];

/// Calls that can be paused, by root or the `emergency` track: those that bring in new work or money, or take money
/// out, and the [`DUTIES`] of rounds, whose clock then stands still. Governance itself cannot be paused.
pub const PAUSABLE: &[(&str, &str)] = &[
	("Balances", "burn"),
	("Balances", "transfer_all"),
	("Balances", "transfer_allow_death"),
	("Balances", "transfer_keep_alive"),
	("Datasets", "publish_version"),
	("Datasets", "register"),
	("Datasets", "release_key"),
	("Evaluation", "accept"),
	("Evaluation", "activate"),
	("Evaluation", "advance"),
	("Evaluation", "claim_rewards"),
	("Evaluation", "commit"),
	("Evaluation", "create_benchmark"),
	("Evaluation", "decline"),
	("Evaluation", "register_validator"),
	("Evaluation", "request_evaluation"),
	("Evaluation", "reveal"),
	("Evaluation", "withdraw_unbonded"),
	("Models", "claim"),
	("Models", "claim_fees"),
	("Models", "open"),
	("Models", "pay_usage"),
	("Models", "register"),
	("Treasury", "payout"),
	("Vesting", "vested_transfer"),
];

parameter_types! {
	pub const PreimageBaseDeposit: Balance = configs::deposit(2, 64);
	pub const PreimageByteDeposit: Balance = configs::deposit(0, 1);
	pub const PreimageHoldReason: RuntimeHoldReason = RuntimeHoldReason::Preimage(pallet_preimage::HoldReason::Preimage);
	pub const SubmissionDeposit: Balance = 10 * ASY;
	/// Four fifths of a block.
	pub SchedulerWeight: Weight = RuntimeBlockWeights::get().max_block.saturating_div(5).saturating_mul(4);
}

impl pallet_preimage::Config for Runtime {
	type Consideration = HoldConsideration<
		AccountId,
		Balances,
		PreimageHoldReason,
		LinearStoragePrice<PreimageBaseDeposit, PreimageByteDeposit, Balance>,
	>;
	type Currency = Balances;
	type ManagerOrigin = EnsureRoot<AccountId>;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = weights::pallet_preimage::Measured<Runtime>;
}

impl pallet_scheduler::Config for Runtime {
	type BlockNumberProvider = System;
	type MaxScheduledPerBlock = ConstU32<50>;
	type MaximumWeight = SchedulerWeight;
	type OriginPrivilegeCmp = EqualPrivilegeOnly;
	type PalletsOrigin = OriginCaller;
	type Preimages = Preimage;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type RuntimeOrigin = RuntimeOrigin;
	type ScheduleOrigin = EnsureRoot<AccountId>;
	type WeightInfo = weights::pallet_scheduler::Measured<Runtime>;
}

/// Blocks for which the least conviction locks a vote, at each pace; higher ones lock it for multiples.
pub const fn vote_locking(pace: Pace) -> BlockNumber {
	match pace {
		Pace::Dev => 10,
		Pace::Local => 100,
		Pace::Live => 7 * configs::DAYS,
	}
}

/// Blocks after which a referendum without a decision deposit is dropped, at each pace.
pub const fn undeciding_timeout(pace: Pace) -> BlockNumber {
	match pace {
		Pace::Dev => 100,
		Pace::Local => 1_000,
		Pace::Live => 14 * configs::DAYS,
	}
}

/// Blocks for which the least conviction locks a vote.
pub struct VoteLocking;

impl Get<BlockNumber> for VoteLocking {
	fn get() -> BlockNumber {
		vote_locking(pace())
	}
}

/// Blocks after which a referendum without a decision deposit is dropped.
pub struct UndecidingTimeout;

impl Get<BlockNumber> for UndecidingTimeout {
	fn get() -> BlockNumber {
		undeciding_timeout(pace())
	}
}

// Votes are of tokens, wherever they lie: an account votes with up to its whole balance, bonds, deposits and fees on hold
// among it, each token once. The lock of a vote and a hold lie over each other, so a bond can be made of tokens that vote
// and the other way round. What was slashed votes no more; a vote cast before stands as it was cast until its referendum
// ends or it is cast again. Delegations are of one track: `tests/chain/voting.rs` holds all of this.
impl pallet_conviction_voting::Config for Runtime {
	type BlockNumberProvider = System;
	type Currency = Balances;
	type MaxTurnout = ActiveIssuanceOf<Balances, AccountId>;
	type MaxVotes = ConstU32<128>;
	type Polls = Referenda;
	type RuntimeEvent = RuntimeEvent;
	type VoteLockingPeriod = VoteLocking;
	type VotingHooks = ();
	type WeightInfo = weights::pallet_conviction_voting::Measured<Runtime>;
}

impl pallet_referenda::Config for Runtime {
	type AlarmInterval = ConstU32<1>;
	type BlockNumberProvider = System;
	type CancelOrigin = EitherOfDiverse<EnsureRoot<AccountId>, origins::EnsureEmergency>;
	type Currency = Balances;
	type KillOrigin = EnsureRoot<AccountId>;
	type MaxQueued = ConstU32<100>;
	type Preimages = Preimage;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type Scheduler = Scheduler;
	type Slash = Treasury;
	type SubmissionDeposit = SubmissionDeposit;
	type SubmitOrigin = EnsureSigned<AccountId>;
	type Tally = pallet_conviction_voting::TallyOf<Runtime>;
	type Tracks = tracks::Tracks;
	type UndecidingTimeout = UndecidingTimeout;
	type Votes = pallet_conviction_voting::VotesOf<Runtime>;
	type WeightInfo = weights::pallet_referenda::Measured<Runtime>;
}

impl origins::Config for Runtime {}

/// A call's name as `pallet-tx-pause` keeps it.
pub(crate) fn call_name((pallet, call): &(&str, &str)) -> pallet_tx_pause::RuntimeCallNameOf<Runtime> {
	let bounded = |text: &str| frame_support::BoundedVec::truncate_from(text.as_bytes().to_vec());
	(bounded(pallet), bounded(call))
}

/// Everything but [`PAUSABLE`].
pub struct Unpausable;

impl Contains<pallet_tx_pause::RuntimeCallNameOf<Runtime>> for Unpausable {
	fn contains((pallet, call): &pallet_tx_pause::RuntimeCallNameOf<Runtime>) -> bool {
		// The pallet's benchmark pauses a call that is nobody's.
		#[cfg(feature = "runtime-benchmarks")]
		if pallet.first() == Some(&1) {
			return false;
		}
		!PAUSABLE
			.iter()
			.any(|(p, c)| pallet.as_slice() == p.as_bytes() && call.as_slice() == c.as_bytes())
	}
}

impl pallet_tx_pause::Config for Runtime {
	type MaxNameLen = ConstU32<64>;
	type PauseOrigin = EitherOfDiverse<EnsureRoot<AccountId>, origins::EnsureEmergency>;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type UnpauseOrigin = EitherOfDiverse<EnsureRoot<AccountId>, origins::EnsureEmergency>;
	type WeightInfo = weights::pallet_tx_pause::Measured<Runtime>;
	type WhitelistedCalls = Unpausable;
}
