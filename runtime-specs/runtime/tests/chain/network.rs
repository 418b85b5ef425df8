//! Presets, sessions, authors and fees.

use crate::support::Chain;
use assay_primitives::{Pace, ASY, MILLI_ASY};
use assay_runtime::*;
use frame_support::{assert_ok, traits::KeyOwnerProofSystem};
use polkadot_sdk::*;
use sp_consensus_grandpa::KEY_TYPE;
use sp_keyring::{
	Ed25519Keyring,
	Sr25519Keyring::{self, Alice, Bob, Charlie},
};

#[test]
fn presets_should_set_their_pace_and_authorities() {
	for (preset, expected, authorities) in [
		(sp_genesis_builder::DEV_RUNTIME_PRESET, Pace::Dev, 1),
		(sp_genesis_builder::LOCAL_TESTNET_RUNTIME_PRESET, Pace::Local, 4),
	] {
		let mut chain = Chain::new(preset);
		assert_eq!(chain.with(pace), expected);
		assert_eq!(chain.with(|| Session::validators().len()), authorities);
		assert_eq!(
			chain.with(|| pallet_aura::Authorities::<Runtime>::get().len()),
			authorities
		);
		assert_eq!(chain.with(|| Grandpa::grandpa_authorities().len()), authorities);
		let treasury = chain.with(|| Balances::free_balance(Treasury::account_id()));
		assert_eq!(treasury, MILLI_ASY);
		chain.check();
	}
}

#[test]
fn sessions_should_follow_each_other_and_prove_their_keys() {
	let mut chain = Chain::new(sp_genesis_builder::LOCAL_TESTNET_RUNTIME_PRESET);
	let before = chain.with(Session::validators);
	chain.run_to(201);
	assert_eq!(chain.with(Session::current_index), 2);
	assert_eq!(chain.with(Session::validators), before);
	let key = (
		KEY_TYPE,
		sp_consensus_grandpa::AuthorityId::from(Ed25519Keyring::Bob.public()),
	);
	let proof = chain
		.with(|| Historical::prove(key.clone()))
		.expect("the session's keys are kept");
	assert_eq!(
		chain.with(|| Historical::check_proof(key, proof)).map(|(who, ())| who),
		Some(Bob.to_account_id())
	);
}

#[test]
fn fees_should_be_shared_between_treasury_and_author() {
	let mut chain = Chain::dev();
	let balance = |chain: &mut Chain, who: &AccountId| chain.with(|| Balances::free_balance(who));
	let treasury = chain.with(Treasury::account_id);
	let (payer, author) = (Bob.to_account_id(), Alice.to_account_id());
	let before = [&payer, &author, &treasury].map(|who| balance(&mut chain, who));
	assert_ok!(chain.send(
		Bob,
		pallet_balances::Call::transfer_keep_alive {
			dest: Charlie.to_account_id().into(),
			value: ASY
		}
		.into()
	));
	let after = [&payer, &author, &treasury].map(|who| balance(&mut chain, who));
	let fee = before[0] - after[0] - ASY;
	assert!(fee > 0 && fee < 100 * MILLI_ASY, "a transfer costs {fee} planck");
	assert_eq!(after[1] - before[1] + after[2] - before[2], fee);
	assert_eq!(after[2] - before[2], fee * 80 / 100);
	chain.check();
}

#[test]
fn every_well_known_account_should_be_endowed() {
	let mut chain = Chain::dev();
	for who in Sr25519Keyring::iter() {
		assert!(
			chain.with(|| Balances::free_balance(who.to_account_id())) >= 1_000_000 * ASY,
			"{who:?}"
		);
	}
}
