//! Who the authorities are, how they change, and their keys.

use crate::{
	referenda::{aye, submit},
	support::{signed, Chain},
};
use assay_primitives::ASY;
use assay_runtime::*;
use codec::Encode;
use frame_support::assert_ok;
use pallet_collator_selection::{CandidateList, Invulnerables, LastAuthoredBlock};
use pallet_referenda::ReferendumInfo;
use polkadot_sdk::*;
use sp_keyring::{
	Ed25519Keyring,
	Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve, Ferdie},
};
use sp_runtime::DispatchResult;

/// A chain with four authorities, and room for one candidate.
pub fn local() -> Chain {
	Chain::new(sp_genesis_builder::LOCAL_TESTNET_RUNTIME_PRESET)
}

/// Keys of these names, and the owner's proof that it holds them.
pub fn keys(aura: Sr25519Keyring, grandpa: Ed25519Keyring, owner: Sr25519Keyring) -> (SessionKeys, Vec<u8>) {
	let statement = [b"POP_".as_slice(), &owner.to_account_id().encode()].concat();
	let keys = SessionKeys {
		aura: aura.public().into(),
		grandpa: grandpa.public().into(),
	};
	(keys, (aura.sign(&statement), grandpa.sign(&statement)).encode())
}

pub fn set_keys(chain: &mut Chain, owner: Sr25519Keyring, aura: Sr25519Keyring, grandpa: Ed25519Keyring) {
	let (keys, proof) = keys(aura, grandpa, owner);
	assert_ok!(chain.call(signed(owner), pallet_session::Call::set_keys { keys, proof }));
}

/// Opens blocks until this many sessions have begun.
pub fn sessions(chain: &mut Chain, sessions: u32) {
	let until = chain.with(Session::current_index) + sessions;
	while chain.with(Session::current_index) < until {
		chain.next();
	}
}

/// Ends this many sessions at once, a block each.
pub fn rotate(chain: &mut Chain, sessions: u32) {
	for _ in 0..sessions {
		chain.with(Session::rotate_session);
		chain.next();
	}
}

pub fn accounts(names: &[Sr25519Keyring]) -> Vec<AccountId> {
	names.iter().map(|name| name.to_account_id()).collect()
}

pub fn sorted(mut accounts: Vec<AccountId>) -> Vec<AccountId> {
	accounts.sort();
	accounts
}

pub fn authorities(chain: &mut Chain) -> Vec<AccountId> {
	sorted(chain.with(Session::validators))
}

/// Makes the account a candidate with keys of its name.
pub fn stand(chain: &mut Chain, who: Sr25519Keyring, grandpa: Ed25519Keyring) {
	set_keys(chain, who, who, grandpa);
	assert_ok!(chain.call(signed(who), pallet_collator_selection::Call::register_as_candidate {}));
}

fn root(chain: &mut Chain, call: impl Into<RuntimeCall>) -> DispatchResult {
	let outcome = chain.call(RuntimeOrigin::root(), call);
	outcome.map(|_| ()).map_err(|refused| refused.error)
}

#[test]
fn presets_should_begin_with_their_authorities_as_invulnerables() {
	for preset in [
		sp_genesis_builder::DEV_RUNTIME_PRESET,
		sp_genesis_builder::LOCAL_TESTNET_RUNTIME_PRESET,
	] {
		let mut chain = Chain::new(preset);
		let genesis = authorities(&mut chain);
		assert_eq!(chain.with(Invulnerables::<Runtime>::get).to_vec(), genesis);
		assert_eq!(
			chain.with(pallet_collator_selection::CandidacyBond::<Runtime>::get),
			CANDIDACY_BOND
		);
		sessions(&mut chain, 3);
		assert_eq!(authorities(&mut chain), genesis);
		chain.check();
	}
}

#[test]
fn referendum_should_replace_a_dead_authority() {
	let mut chain = local();
	set_keys(&mut chain, Eve, Eve, Ed25519Keyring::Eve);
	let (dead, new) = (Dave.to_account_id(), Eve.to_account_id());
	let calls = vec![
		pallet_collator_selection::Call::remove_invulnerable { who: dead.clone() }.into(),
		pallet_collator_selection::Call::add_invulnerable { who: new.clone() }.into(),
	];
	let index = submit(
		&mut chain,
		OriginCaller::system(frame_system::RawOrigin::Root),
		pallet_utility::Call::batch_all { calls },
	);
	for who in [Alice, Bob, Charlie] {
		aye(&mut chain, who, index, 9_000_000);
	}
	let ended = |chain: &mut Chain| {
		let info = chain.with(|| pallet_referenda::ReferendumInfoFor::<Runtime>::get(index).unwrap());
		match info {
			ReferendumInfo::Ongoing(_) => false,
			ReferendumInfo::Approved(..) => true,
			_ => panic!("the referendum was not approved"),
		}
	};
	while !ended(&mut chain) {
		chain.next();
	}
	while chain.with(|| Invulnerables::<Runtime>::get().contains(&dead)) {
		chain.next();
	}
	sessions(&mut chain, 1);
	assert!(
		authorities(&mut chain).contains(&dead),
		"it is chosen for one more session"
	);
	sessions(&mut chain, 1);
	assert_eq!(authorities(&mut chain), sorted(accounts(&[Alice, Bob, Charlie, Eve])));
	assert_eq!(chain.with(|| Grandpa::grandpa_authorities().len()), 4);
	let aura = chain.with(pallet_aura::Authorities::<Runtime>::get);
	assert!(aura.contains(&Eve.public().into()) && !aura.contains(&Dave.public().into()));
	chain.check();
}

#[test]
fn authority_should_show_when_it_authored_last() {
	let mut chain = local();
	chain.skip(8);
	let now = chain.number();
	for who in [Alice, Bob, Charlie, Dave] {
		let last = chain.with(|| LastAuthoredBlock::<Runtime>::get(who.to_account_id()));
		assert!(last + 4 > now, "each of four authors one of four blocks");
	}
}

#[test]
fn last_block_of_a_session_should_be_its_authors_when_the_next_has_fewer_authorities() {
	let mut chain = local();
	sessions(&mut chain, 1);
	let who = Dave.to_account_id();
	assert_ok!(root(
		&mut chain,
		pallet_collator_selection::Call::remove_invulnerable { who }
	));
	sessions(&mut chain, 1);
	let ending = chain.with(Session::validators);
	sessions(&mut chain, 1);
	let next = chain.with(Session::validators);
	assert_eq!((ending.len(), next.len()), (4, 3));
	let slot = u64::from(chain.slot()) as usize;
	let author = ending[slot % 4].clone();
	assert_ne!(author, next[slot % 3], "the test's slot tells them apart");
	let now = chain.number();
	assert_eq!(chain.with(|| LastAuthoredBlock::<Runtime>::get(&author)), now);
	assert_eq!(
		chain.with(Authorship::author),
		Some(author),
		"who has its share of the fees"
	);
	chain.next();
	let slot = u64::from(chain.slot()) as usize;
	assert_eq!(chain.with(Authorship::author), Some(next[slot % 3].clone()));
	chain.check();
}

#[test]
fn candidate_should_author_when_it_bonded_and_there_is_room() {
	let mut chain = local();
	stand(&mut chain, Eve, Ed25519Keyring::Eve);
	stand(&mut chain, Ferdie, Ed25519Keyring::Ferdie);
	assert_ok!(chain.call(
		signed(Eve),
		pallet_collator_selection::Call::update_bond {
			new_deposit: CANDIDACY_BOND * 2
		}
	));
	sessions(&mut chain, 2);
	assert_eq!(
		authorities(&mut chain),
		sorted(accounts(&[Alice, Bob, Charlie, Dave, Eve])),
		"the higher bond has the place"
	);
	sessions(&mut chain, 3);
	let last = chain.with(|| LastAuthoredBlock::<Runtime>::get(Eve.to_account_id()));
	assert!(last > chain.number() - 6);
	let candidates = chain.with(CandidateList::<Runtime>::get);
	let names: Vec<_> = candidates.iter().map(|info| info.who.clone()).collect();
	assert_eq!(
		names,
		accounts(&[Eve]),
		"who authors nothing for two sessions is dropped"
	);
	chain.check();
}

#[test]
fn bond_should_be_on_hold_until_nothing_can_be_reported() {
	let mut chain = local();
	let who = Eve.to_account_id();
	set_keys(&mut chain, Eve, Eve, Ed25519Keyring::Eve);
	let before = chain.with(|| Balances::free_balance(&who));
	assert_ok!(chain.call(signed(Eve), pallet_collator_selection::Call::register_as_candidate {}));
	assert_eq!(chain.with(|| Equivocation::held(&who)), CANDIDACY_BOND);
	assert_ok!(chain.call(signed(Eve), pallet_collator_selection::Call::leave_intent {}));
	assert_eq!(chain.with(|| Equivocation::held(&who)), CANDIDACY_BOND);
	assert_eq!(chain.with(|| Balances::free_balance(&who)), before - CANDIDACY_BOND);
	let withdraw = pallet_equivocation::Call::withdraw_unbonded::<Runtime> {};
	let reach = history(chain.with(pace));
	rotate(&mut chain, reach + 1);
	assert!(chain.call(signed(Eve), withdraw.clone()).is_err());
	rotate(&mut chain, 1);
	assert_ok!(chain.call(signed(Eve), withdraw));
	assert_eq!(chain.with(|| Balances::free_balance(&who)), before);
	chain.check();
}

#[test]
fn candidate_should_be_refused_without_keys_or_funds() {
	let mut chain = local();
	let stand = pallet_collator_selection::Call::register_as_candidate::<Runtime> {};
	let refused = chain.call(signed(Eve), stand.clone()).unwrap_err().error;
	assert_eq!(
		refused,
		pallet_collator_selection::Error::<Runtime>::ValidatorNotRegistered.into()
	);
	set_keys(&mut chain, Eve, Eve, Ed25519Keyring::Eve);
	chain.with(|| pallet_collator_selection::CandidacyBond::<Runtime>::put(20_000_000 * ASY));
	assert!(chain.call(signed(Eve), stand).is_err());
}

#[test]
fn selection_should_be_roots_alone() {
	let mut chain = local();
	let who = Eve.to_account_id();
	let calls: [RuntimeCall; 3] = [
		pallet_collator_selection::Call::set_invulnerables { new: vec![] }.into(),
		pallet_collator_selection::Call::add_invulnerable { who: who.clone() }.into(),
		pallet_collator_selection::Call::remove_invulnerable {
			who: Dave.to_account_id(),
		}
		.into(),
	];
	for origin in [
		signed(Alice),
		origins::Origin::Emergency.into(),
		origins::Origin::Parameters.into(),
	] {
		for call in &calls {
			assert!(chain.call(origin.clone(), call.clone()).is_err());
		}
	}
}

#[test]
fn authorities_should_stay_when_governance_leaves_nobody() {
	let mut chain = local();
	let genesis = authorities(&mut chain);
	stand(&mut chain, Eve, Ed25519Keyring::Eve);
	assert_ok!(root(
		&mut chain,
		pallet_collator_selection::Call::set_desired_candidates { max: 0 }
	));
	let nobody = pallet_collator_selection::Call::set_invulnerables { new: vec![] };
	// Not refused: a candidate is left, for whom there is no place.
	assert_ok!(root(&mut chain, nobody));
	rotate(&mut chain, 3);
	assert_eq!(authorities(&mut chain), genesis);
	chain.check();
}

#[test]
fn keys_should_stay_in_use_when_every_authority_takes_them_back() {
	let mut chain = local();
	let used = |chain: &mut Chain| {
		let aura = chain.with(pallet_aura::Authorities::<Runtime>::get);
		(aura, chain.with(Grandpa::grandpa_authorities))
	};
	let before = used(&mut chain);
	for who in [Alice, Bob, Charlie, Dave] {
		assert_ok!(chain.call(signed(who), pallet_session::Call::purge_keys {}));
	}
	rotate(&mut chain, 4);
	assert_eq!(used(&mut chain), before);
	chain.skip(5);
	chain.check();
	set_keys(&mut chain, Bob, Ferdie, Ed25519Keyring::Ferdie);
	rotate(&mut chain, 2);
	assert_eq!(authorities(&mut chain), accounts(&[Bob]));
	let (aura, grandpa) = used(&mut chain);
	assert_eq!((aura[0].clone(), aura.len()), (Ferdie.public().into(), 1));
	assert_eq!(grandpa, [(Ed25519Keyring::Ferdie.public().into(), 1)]);
	chain.skip(5);
	chain.check();
}

#[test]
fn authority_should_author_with_new_keys_when_it_rotated_them() {
	let mut chain = local();
	set_keys(&mut chain, Dave, Ferdie, Ed25519Keyring::Ferdie);
	let aura = |chain: &mut Chain| chain.with(pallet_aura::Authorities::<Runtime>::get);
	sessions(&mut chain, 1);
	assert!(
		aura(&mut chain).contains(&Dave.public().into()),
		"the next session was planned before"
	);
	sessions(&mut chain, 1);
	let rotated = aura(&mut chain);
	assert!(rotated.contains(&Ferdie.public().into()) && !rotated.contains(&Dave.public().into()));
	assert!(authorities(&mut chain).contains(&Dave.to_account_id()));
	chain.check();
}

#[test]
fn keys_should_be_refused_without_proof_or_when_they_are_anothers() {
	let mut chain = local();
	let (good, proof) = keys(Eve, Ed25519Keyring::Eve, Eve);
	let set = |keys, proof| pallet_session::Call::set_keys::<Runtime> { keys, proof };
	let refused = |chain: &mut Chain, who, call| chain.call(signed(who), call).unwrap_err().error;
	let unproven = pallet_session::Error::<Runtime>::InvalidProof.into();
	assert_eq!(refused(&mut chain, Eve, set(good.clone(), vec![])), unproven);
	assert_eq!(refused(&mut chain, Ferdie, set(good.clone(), proof.clone())), unproven);
	let (theirs, proof_of_theirs) = keys(Alice, Ed25519Keyring::Eve, Eve);
	assert_eq!(
		refused(&mut chain, Eve, set(theirs, proof_of_theirs)),
		pallet_session::Error::<Runtime>::DuplicatedKey.into()
	);
	let before = chain.with(|| Balances::free_balance(Eve.to_account_id()));
	assert_ok!(chain.call(signed(Eve), set(good, proof)));
	let held = before - chain.with(|| Balances::free_balance(Eve.to_account_id()));
	assert!(held > 0, "keys carry a deposit");
	assert_ok!(chain.call(signed(Eve), pallet_session::Call::purge_keys {}));
	assert_eq!(chain.with(|| Balances::free_balance(Eve.to_account_id())), before);
}

#[test]
fn pot_should_stay_empty_and_give_away_what_it_is_sent() {
	let mut chain = local();
	let pot = chain.with(CollatorSelection::account_id);
	assert_eq!(chain.with(|| Balances::free_balance(&pot)), 0);
	let sent = pallet_balances::Call::transfer_keep_alive {
		dest: pot.clone().into(),
		value: 8 * ASY,
	};
	assert_ok!(chain.call(signed(Eve), sent));
	chain.skip(2);
	assert!(chain.with(|| Balances::free_balance(&pot)) < 3 * ASY);
	chain.check();
}
