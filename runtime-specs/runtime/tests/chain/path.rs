//! The whole path on the real runtime: from a request to rewards and the leaderboard.

use crate::{
	actors::*,
	support::{signed, Chain},
};
use assay_primitives::*;
use assay_runtime::{Datasets, *};
use codec::Encode;
use frame_support::assert_ok;
use polkadot_sdk::*;
use sp_keyring::Sr25519Keyring;

fn why(chain: &mut Chain) -> Why<AccountId> {
	chain.with(|| Evaluation::why(0)).expect("the round exists")
}

fn keyring(who: &AccountId) -> Sr25519Keyring {
	Sr25519Keyring::from_account_id(who).expect("members are well known")
}

/// Sends a signed transaction, and returns what its sender paid.
fn paid(chain: &mut Chain, who: Sr25519Keyring, call: RuntimeCall) -> Balance {
	let account = who.to_account_id();
	let before = chain.with(|| Balances::free_balance(&account));
	assert_ok!(chain.send(who, call));
	before - chain.with(|| Balances::free_balance(&account))
}

#[test]
fn round_should_settle_and_pay_when_members_agree() {
	let mut chain = stage();
	let fee = chain.with(|| Evaluation::quote(0, 3 << 20)).unwrap();
	assert_ok!(chain.call(signed(DEVELOPER), request(1)));
	assert!(matches!(why(&mut chain).waits_for, WaitsFor::Blocks));
	chain.skip(Pace::Dev.windows().draw_delay + 1);
	assert_ok!(chain.call(signed(DEVELOPER), pallet_evaluation::Call::advance { round: 0 }));

	let committee: Vec<_> = members(&mut chain, 0).into_iter().map(|(who, _)| who).collect();
	assert_eq!(committee.len(), 3);
	assert!(matches!(why(&mut chain).waits_for, WaitsFor::Members(waiting) if waiting.len() == 3));
	for who in &committee {
		let accept = pallet_evaluation::Call::accept { round: 0, key: [1; 32] };
		assert_eq!(paid(&mut chain, keyring(who), accept.into()), 0, "accepting is free");
	}
	assert!(matches!(why(&mut chain).waits_for, WaitsFor::Steward { members, .. } if members.len() == 3));
	for who in &committee {
		assert_eq!(
			paid(&mut chain, STEWARD, release(0, who.clone())),
			0,
			"releasing keys is free"
		);
	}
	assert_eq!(chain.with(|| Datasets::exposure(0, 0)), [3, 3]);
	for who in &committee {
		let commit = commit(&mut chain, 0, who, 900_000);
		assert_eq!(paid(&mut chain, keyring(who), commit), 0, "committing is free");
	}
	assert_eq!(why(&mut chain).state, RoundState::Revealing);
	for who in &committee {
		assert_eq!(
			paid(&mut chain, keyring(who), reveal(0, 900_000)),
			0,
			"revealing is free"
		);
	}
	assert_eq!(why(&mut chain).state, RoundState::Settled);

	for who in &committee {
		let before = chain.with(|| Balances::free_balance(who));
		assert_ok!(chain.call(
			signed(DEVELOPER),
			pallet_evaluation::Call::claim_rewards {
				beneficiary: who.clone()
			}
		));
		assert_eq!(chain.with(|| Balances::free_balance(who)), before + fee.per_seat);
	}
	let board = chain.with(|| Evaluation::leaderboard(0, 0, 10));
	assert_eq!(board.len(), 1);
	assert_eq!(board[0].scores.to_vec(), [900_000, 850_000]);
	assert_eq!((board[0].owner.clone(), board[0].round), (DEVELOPER.to_account_id(), 0));
	chain.check();
}

#[test]
fn apis_should_answer_as_the_pallets_do() {
	let mut chain = stage();
	assert_ok!(chain.call(signed(DEVELOPER), request(1)));
	let calls: [(&str, Vec<u8>, Vec<u8>); 4] = [
		(
			"EvaluationApi_why",
			0_u32.encode(),
			chain.with(|| Evaluation::why(0)).encode(),
		),
		(
			"EvaluationApi_leaderboard",
			(0_u32, 0_u32, 10_u32).encode(),
			chain.with(|| Evaluation::leaderboard(0, 0, 10)).encode(),
		),
		(
			"EvaluationApi_quote",
			(0_u32, 1_u32 << 20).encode(),
			chain.with(|| Evaluation::quote(0, 1 << 20)).encode(),
		),
		(
			"EvaluationApi_exposure",
			(0_u32, 0_u32).encode(),
			chain.with(|| Datasets::exposure(0, 0)).encode(),
		),
	];
	for (method, arguments, expected) in calls {
		let answer = chain.with(|| assay_runtime::api::dispatch(method, &arguments));
		assert_eq!(answer, Some(expected), "{method}");
	}
}

#[test]
fn submitters_proxies_should_not_sit_in_its_committee() {
	let mut chain = stage();
	let delegate = VALIDATORS[0].to_account_id();
	let add = pallet_proxy::Call::add_proxy {
		delegate: delegate.clone().into(),
		proxy_type: ProxyType::CancelProxy,
		delay: 0,
	};
	assert_ok!(chain.call(signed(DEVELOPER), add));
	assert_ok!(chain.call(signed(DEVELOPER), request(1)));
	chain.skip(Pace::Dev.windows().draw_delay + 1);
	assert_ok!(chain.call(signed(DEVELOPER), pallet_evaluation::Call::advance { round: 0 }));
	let committee = members(&mut chain, 0);
	assert_eq!(committee.len(), 3);
	assert!(committee.iter().all(|(who, _)| *who != delegate));
}

#[test]
fn shared_proxy_should_relate_two_accounts() {
	let mut chain = Chain::dev();
	let [a, b, shared, stranger] = VALIDATORS;
	let add = |delegate: Sr25519Keyring| pallet_proxy::Call::add_proxy {
		delegate: delegate.to_account_id().into(),
		proxy_type: ProxyType::Any,
		delay: 0,
	};
	assert_ok!(chain.call(signed(a), add(shared)));
	assert_ok!(chain.call(signed(b), add(shared)));
	let mut related = |x: Sr25519Keyring, y: Sr25519Keyring| {
		chain
			.with(|| <Runtime as pallet_evaluation::Config>::Relations::related(&x.to_account_id(), &y.to_account_id()))
	};
	for (x, y, expected) in [
		(a, a, true),
		(a, b, true),
		(a, shared, true),
		(shared, b, true),
		(a, stranger, false),
		(stranger, shared, false),
	] {
		assert_eq!(related(x, y), expected, "{x:?} and {y:?}");
		assert_eq!(related(y, x), expected, "{y:?} and {x:?}");
	}
}

#[test]
fn validating_proxy_should_do_a_members_work_alone_and_in_batches() {
	let mut chain = stage();
	let hot = Sr25519Keyring::One;
	for validator in VALIDATORS {
		let delegate = hot.to_account_id().into();
		let add = pallet_proxy::Call::add_proxy {
			delegate,
			proxy_type: ProxyType::Validating,
			delay: 0,
		};
		assert_ok!(chain.call(signed(validator), add));
	}
	assert_ok!(chain.call(signed(DEVELOPER), request(1)));
	chain.skip(Pace::Dev.windows().draw_delay + 1);
	assert_ok!(chain.call(signed(DEVELOPER), pallet_evaluation::Call::advance { round: 0 }));
	let real = members(&mut chain, 0)[0].0.clone();
	let accept: RuntimeCall = pallet_evaluation::Call::accept { round: 0, key: [1; 32] }.into();
	let batch = pallet_utility::Call::batch_all { calls: vec![accept] };
	let proxied = pallet_proxy::Call::proxy {
		real: real.clone().into(),
		force_proxy_type: None,
		call: Box::new(batch.into()),
	};
	assert_ok!(chain.call(signed(hot), proxied));
	let (_, progress) = members(&mut chain, 0)
		.into_iter()
		.find(|(who, _)| *who == real)
		.unwrap();
	assert!(matches!(progress, pallet_evaluation::Progress::Accepted { .. }));
}
