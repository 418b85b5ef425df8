//! What each type of proxy may do, call by call.

use crate::{
	calls::{every_call, names},
	support::{signed, Chain},
};
use assay_runtime::*;
use frame_support::{assert_ok, traits::InstanceFilter};
use polkadot_sdk::*;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie};

const ALL: [ProxyType; 5] = [
	ProxyType::Any,
	ProxyType::NonTransfer,
	ProxyType::Governance,
	ProxyType::Validating,
	ProxyType::CancelProxy,
];

fn allowed(by: ProxyType) -> Vec<String> {
	names(|call| by.filter(call))
}

fn pallets(names: &[String]) -> Vec<&str> {
	let mut pallets: Vec<_> = names.iter().map(|name| name.split("::").next().unwrap()).collect();
	pallets.dedup();
	pallets
}

#[test]
fn any_should_allow_every_call() {
	assert_eq!(allowed(ProxyType::Any).len(), every_call().len());
}

#[test]
fn non_transfer_should_refuse_exactly_what_moves_money() {
	let refused: Vec<_> = names(|call| !ProxyType::NonTransfer.filter(call));
	let (balances, others): (Vec<_>, Vec<_>) = refused
		.into_iter()
		.partition(|name| name.starts_with("Balances::") || name.starts_with("Multisig::"));
	assert_eq!(pallets(&balances), ["Balances", "Multisig"]);
	assert_eq!(
		others,
		[
			"Vesting::vested_transfer",
			"Vesting::force_vested_transfer",
			"Vesting::merge_schedules",
			"Vesting::force_remove_vesting_schedule",
			"Models::pay_usage",
			"Evaluation::request_evaluation",
		]
	);
}

#[test]
fn governance_should_allow_exactly_votes_and_what_they_need() {
	let allowed = allowed(ProxyType::Governance);
	let whole = ["Preimage::", "Referenda::", "ConvictionVoting::"];
	let others: Vec<_> = allowed
		.iter()
		.filter(|name| !whole.iter().any(|pallet| name.starts_with(pallet)))
		.collect();
	assert_eq!(
		others,
		[
			"Utility::batch",
			"Utility::batch_all",
			"Utility::force_batch",
			"Treasury::payout",
			"Treasury::check_status"
		]
	);
	for pallet in whole {
		let of = |names: Vec<String>| names.iter().filter(|name| name.starts_with(pallet)).count();
		assert_eq!(of(allowed.clone()), of(names(|_| true)), "{pallet}");
	}
}

#[test]
fn validating_should_allow_exactly_the_work_of_rounds() {
	assert_eq!(
		allowed(ProxyType::Validating),
		[
			"Utility::batch",
			"Utility::batch_all",
			"Utility::force_batch",
			"Datasets::release_key",
			"Evaluation::accept",
			"Evaluation::decline",
			"Evaluation::commit",
			"Evaluation::reveal",
			"Evaluation::advance",
			"Evaluation::claim_rewards",
		]
	);
}

#[test]
fn cancel_proxy_should_allow_only_to_reject() {
	assert_eq!(
		allowed(ProxyType::CancelProxy),
		[
			"Utility::batch",
			"Utility::batch_all",
			"Utility::force_batch",
			"Proxy::reject_announcement"
		]
	);
}

#[test]
fn superset_should_allow_all_that_its_subset_allows() {
	for (big, small) in ALL.iter().flat_map(|big| ALL.iter().map(move |small| (big, small))) {
		let covers = every_call()
			.iter()
			.all(|(_, call)| !small.filter(call) || big.filter(call));
		assert!(covers || !big.is_superset(small), "{big:?} claims to cover {small:?}");
	}
	assert!(!ProxyType::Validating.is_superset(&ProxyType::CancelProxy));
}

fn proxied_transfer(chain: &mut Chain, delegate: Sr25519Keyring, batched: bool) -> bool {
	let transfer: RuntimeCall = pallet_balances::Call::transfer_allow_death {
		dest: Charlie.to_account_id().into(),
		value: 1_000,
	}
	.into();
	let call = if batched {
		pallet_utility::Call::batch { calls: vec![transfer] }.into()
	} else {
		transfer
	};
	let before = chain.with(|| Balances::free_balance(Charlie.to_account_id()));
	assert_ok!(chain.call(
		signed(delegate),
		pallet_proxy::Call::proxy {
			real: Alice.to_account_id().into(),
			force_proxy_type: None,
			call: Box::new(call)
		}
	));
	chain.with(|| Balances::free_balance(Charlie.to_account_id())) > before
}

#[test]
fn batch_should_carry_no_call_that_its_proxy_may_not_make() {
	for (proxy_type, moves) in ALL.into_iter().map(|kind| (kind, kind == ProxyType::Any)) {
		let mut chain = Chain::dev();
		let delegate = Bob.to_account_id().into();
		assert_ok!(chain.call(
			signed(Alice),
			pallet_proxy::Call::add_proxy {
				delegate,
				proxy_type,
				delay: 0
			}
		));
		assert_eq!(proxied_transfer(&mut chain, Bob, false), moves, "{proxy_type:?}");
		assert_eq!(
			proxied_transfer(&mut chain, Bob, true),
			moves,
			"{proxy_type:?} in a batch"
		);
	}
}
