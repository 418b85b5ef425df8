//! Accounts that act together or for each other: utility, multisig, proxy.

use crate::*;
use assay_primitives::Relations;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
	parameter_types,
	traits::{ConstU32, InstanceFilter},
};
use scale_info::TypeInfo;
use sp_runtime::traits::BlakeTwo256;

parameter_types! {
	pub const MultisigDepositBase: Balance = configs::deposit(1, 88);
	pub const MultisigDepositFactor: Balance = configs::deposit(0, 32);
	pub const ProxyDepositBase: Balance = configs::deposit(1, 8);
	pub const ProxyDepositFactor: Balance = configs::deposit(0, 37);
	pub const AnnouncementDepositBase: Balance = configs::deposit(1, 8);
	pub const AnnouncementDepositFactor: Balance = configs::deposit(0, 68);
}

impl pallet_utility::Config for Runtime {
	type PalletsOrigin = OriginCaller;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = weights::pallet_utility::Measured<Runtime>;
}

impl pallet_multisig::Config for Runtime {
	type BlockNumberProvider = System;
	type Currency = Balances;
	type DepositBase = MultisigDepositBase;
	type DepositFactor = MultisigDepositFactor;
	type MaxSignatories = ConstU32<100>;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = weights::pallet_multisig::Measured<Runtime>;
}

/// What a proxy may do for its account.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	Decode,
	DecodeWithMemTracking,
	Encode,
	Eq,
	MaxEncodedLen,
	Ord,
	PartialEq,
	PartialOrd,
	TypeInfo,
)]
pub enum ProxyType {
	/// Everything.
	#[default]
	Any,
	/// Everything that does not move money to another account.
	NonTransfer,
	/// Referenda, votes, preimages, and collecting what the treasury approved.
	Governance,
	/// The hot key of a validator or a steward's key agent: the work of rounds, and claiming what it earned.
	Validating,
	/// Rejecting what other proxies announced.
	CancelProxy,
}

fn is_batch(call: &RuntimeCall) -> bool {
	use pallet_utility::Call::{batch, batch_all, force_batch};
	matches!(
		call,
		RuntimeCall::Utility(batch { .. } | batch_all { .. } | force_batch { .. })
	)
}

fn moves_money(call: &RuntimeCall) -> bool {
	match call {
		RuntimeCall::Balances(_) | RuntimeCall::Multisig(_) => true,
		RuntimeCall::Models(call) => matches!(call, pallet_models::Call::pay_usage { .. }),
		RuntimeCall::Evaluation(call) => matches!(call, pallet_evaluation::Call::request_evaluation { .. }),
		RuntimeCall::Vesting(call) => !matches!(
			call,
			pallet_vesting::Call::vest {} | pallet_vesting::Call::vest_other { .. }
		),
		RuntimeCall::System(_)
		| RuntimeCall::Timestamp(_)
		| RuntimeCall::Grandpa(_)
		| RuntimeCall::Session(_)
		| RuntimeCall::Utility(_)
		| RuntimeCall::Proxy(_)
		| RuntimeCall::Preimage(_)
		| RuntimeCall::Scheduler(_)
		| RuntimeCall::Referenda(_)
		| RuntimeCall::ConvictionVoting(_)
		| RuntimeCall::Treasury(_)
		| RuntimeCall::Parameters(_)
		| RuntimeCall::TxPause(_)
		| RuntimeCall::MultiBlockMigrations(_)
		| RuntimeCall::CollatorSelection(_)
		| RuntimeCall::Equivocation(_)
		| RuntimeCall::Datasets(_) => false,
	}
}

fn is_governance(call: &RuntimeCall) -> bool {
	matches!(
		call,
		RuntimeCall::Referenda(_)
			| RuntimeCall::ConvictionVoting(_)
			| RuntimeCall::Preimage(_)
			| RuntimeCall::Treasury(pallet_treasury::Call::payout { .. } | pallet_treasury::Call::check_status { .. })
	)
}

fn is_validating(call: &RuntimeCall) -> bool {
	use pallet_evaluation::Call::{accept, advance, claim_rewards, commit, decline, reveal};
	matches!(
		call,
		RuntimeCall::Evaluation(
			accept { .. } | decline { .. } | commit { .. } | reveal { .. } | advance { .. } | claim_rewards { .. }
		) | RuntimeCall::Datasets(pallet_datasets::Call::release_key { .. })
	)
}

impl InstanceFilter<RuntimeCall> for ProxyType {
	/// A batch passes here, and each call in it again: the proxied origin carries this filter into the batch.
	fn filter(&self, call: &RuntimeCall) -> bool {
		match self {
			Self::Any => true,
			Self::NonTransfer => !moves_money(call),
			Self::Governance => is_governance(call) || is_batch(call),
			Self::Validating => is_validating(call) || is_batch(call),
			Self::CancelProxy => {
				matches!(call, RuntimeCall::Proxy(pallet_proxy::Call::reject_announcement { .. })) || is_batch(call)
			}
		}
	}

	fn is_superset(&self, other: &Self) -> bool {
		self == other || *self == Self::Any || (*self == Self::NonTransfer && *other != Self::Any)
	}
}

impl pallet_proxy::Config for Runtime {
	type AnnouncementDepositBase = AnnouncementDepositBase;
	type AnnouncementDepositFactor = AnnouncementDepositFactor;
	type BlockNumberProvider = System;
	type CallHasher = BlakeTwo256;
	type Currency = Balances;
	type MaxPending = ConstU32<32>;
	type MaxProxies = ConstU32<32>;
	type ProxyDepositBase = ProxyDepositBase;
	type ProxyDepositFactor = ProxyDepositFactor;
	type ProxyType = ProxyType;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = weights::pallet_proxy::Measured<Runtime>;
}

/// Relations that show in the proxies on chain, whatever their type and delay.
pub struct ByProxies;

impl Relations<AccountId> for ByProxies {
	fn related(a: &AccountId, b: &AccountId) -> bool {
		if a == b {
			return true;
		}
		let (of_a, _) = pallet_proxy::Proxies::<Runtime>::get(a);
		let (of_b, _) = pallet_proxy::Proxies::<Runtime>::get(b);
		of_a.iter()
			.any(|x| x.delegate == *b || of_b.iter().any(|y| y.delegate == x.delegate))
			|| of_b.iter().any(|y| y.delegate == *a)
	}
}
