//! Authorities that lie: reported, slashed, disabled and out.

use crate::{
	authorities::{accounts, authorities, local, rotate, sessions, set_keys, sorted, stand},
	support::{signed, Chain},
};
use assay_primitives::{runtime_decl_for_aura_equivocation_api::AuraEquivocationApi, Pace};
use assay_runtime::*;
use codec::{Decode, Encode};
use frame_support::{
	assert_ok,
	dispatch::{DispatchResultWithPostInfo, Pays},
	traits::KeyOwnerProofSystem,
};
use pallet_collator_selection::{CandidateList, Invulnerables};
use pallet_equivocation::Error;
use polkadot_sdk::*;
use sp_consensus_aura::{
	sr25519::{AuthorityId as AuraId, AuthoritySignature as AuraSignature},
	Slot, AURA_ENGINE_ID,
};
use sp_consensus_grandpa::{AuthorityId as GrandpaId, EquivocationProof};
use sp_core::{Pair, H256};
use sp_keyring::{
	Ed25519Keyring,
	Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve, Ferdie},
};
use sp_runtime::{
	traits::Header as _,
	transaction_validity::{InvalidTransaction, TransactionSource},
	DigestItem, DispatchError, RuntimeAppPublic,
};
use sp_session::MembershipProof;

/// Two blocks of the open block's slot, both sealed by the key.
fn headers(chain: &Chain, by: Sr25519Keyring) -> [Box<Header>; 2] {
	[1_u8, 2].map(|n| {
		let mut header = chain.claim(chain.slot());
		header.extrinsics_root = H256::repeat_byte(n);
		let seal = by.sign(header.hash().as_bytes());
		header
			.digest_mut()
			.push(DigestItem::Seal(AURA_ENGINE_ID, seal.encode()));
		Box::new(header)
	})
}

fn proof(chain: &mut Chain, of: Sr25519Keyring) -> MembershipProof {
	let slot = chain.slot();
	let proof = chain.with(|| Runtime::generate_key_ownership_proof(slot, of.public().into()));
	MembershipProof::decode(&mut &proof.expect("the key is an authority's")[..]).unwrap()
}

fn send(
	chain: &mut Chain,
	by: Sr25519Keyring,
	[first, second]: [Box<Header>; 2],
	key_owner_proof: MembershipProof,
) -> DispatchResultWithPostInfo {
	chain.call(
		signed(Ferdie),
		pallet_equivocation::Call::report_aura {
			offender: by.public().into(),
			first,
			second,
			key_owner_proof,
		},
	)
}

/// Reports that the key sealed two blocks in the open block's slot.
fn report(chain: &mut Chain, by: Sr25519Keyring) -> DispatchResultWithPostInfo {
	let (headers, proof) = (headers(chain, by), proof(chain, by));
	send(chain, by, headers, proof)
}

fn refusal(outcome: DispatchResultWithPostInfo) -> DispatchError {
	outcome.unwrap_err().error
}

/// Two prevotes of one round by the key, as a report carries them.
fn prevotes(set_id: u64, by: Ed25519Keyring) -> EquivocationProof<Hash, BlockNumber> {
	let round = 1_u64;
	let vote = |n: u8| {
		let target = (H256::repeat_byte(n), 1_u32).encode();
		let message = [vec![0], target.clone(), round.encode(), set_id.encode()].concat();
		[target, by.sign(&message).encode()].concat()
	};
	let bytes = [
		set_id.encode(),
		vec![0],
		round.encode(),
		by.public().encode(),
		vote(1),
		vote(2),
	];
	EquivocationProof::decode(&mut &bytes.concat()[..]).unwrap()
}

fn grandpa_proof(chain: &mut Chain, of: Ed25519Keyring) -> MembershipProof {
	chain
		.with(|| Owners::prove((<GrandpaId as RuntimeAppPublic>::ID, GrandpaId::from(of.public()))))
		.unwrap()
}

#[test]
fn invulnerable_should_be_out_of_the_authorities_when_it_sealed_twice() {
	let mut chain = local();
	let bob = Bob.to_account_id();
	chain.skip(2);
	assert_eq!(report(&mut chain, Bob).unwrap().pays_fee, Pays::No);
	assert!(!chain.with(Invulnerables::<Runtime>::get).contains(&bob));
	let index = chain.with(|| Session::validators().iter().position(|who| *who == bob).unwrap()) as u32;
	assert_eq!(chain.with(Session::disabled_validators), [index]);
	sessions(&mut chain, 1);
	assert!(
		authorities(&mut chain).contains(&bob),
		"it was chosen for this one before"
	);
	assert_eq!(
		chain.with(Session::disabled_validators).len(),
		1,
		"and authors nothing in it"
	);
	sessions(&mut chain, 1);
	assert_eq!(authorities(&mut chain), sorted(accounts(&[Alice, Charlie, Dave])));
	assert!(chain.with(Session::disabled_validators).is_empty());
	chain.skip(5);
	chain.check();
}

#[test]
fn candidate_should_lose_its_bond_to_the_treasury_when_it_sealed_twice() {
	let mut chain = local();
	let eve = Eve.to_account_id();
	stand(&mut chain, Eve, Ed25519Keyring::Eve);
	rotate(&mut chain, 2);
	assert!(authorities(&mut chain).contains(&eve));
	let treasury = |chain: &mut Chain| chain.with(|| Balances::free_balance(Treasury::account_id()));
	let before = treasury(&mut chain);
	assert_ok!(report(&mut chain, Eve));
	// (3 / 5)^2 of the bond.
	let slashed = CANDIDACY_BOND * 9 / 25;
	assert_eq!(treasury(&mut chain), before + slashed);
	assert_eq!(chain.with(|| Equivocation::held(&eve)), CANDIDACY_BOND - slashed);
	assert!(chain.with(CandidateList::<Runtime>::get).is_empty());
	rotate(&mut chain, 2);
	assert!(!authorities(&mut chain).contains(&eve));
	chain.check();
}

#[test]
fn bond_should_be_slashed_when_its_owner_left_before_the_report() {
	let mut chain = local();
	let eve = Eve.to_account_id();
	stand(&mut chain, Eve, Ed25519Keyring::Eve);
	rotate(&mut chain, 2);
	let (headers, proof) = (headers(&chain, Eve), proof(&mut chain, Eve));
	assert_ok!(chain.call(signed(Eve), pallet_collator_selection::Call::leave_intent {}));
	rotate(&mut chain, 3);
	assert!(!authorities(&mut chain).contains(&eve));
	assert_ok!(send(&mut chain, Eve, headers, proof));
	assert_eq!(chain.with(|| Equivocation::held(&eve)), CANDIDACY_BOND * 16 / 25);
	assert!(chain.with(Session::disabled_validators).is_empty());
	chain.check();
}

#[test]
fn report_should_hold_in_every_session_in_reach_when_the_offender_changed_its_keys() {
	for later in [0, 1, 2, 5] {
		let mut chain = local();
		chain.skip(2);
		let (headers, proof) = (headers(&chain, Bob), proof(&mut chain, Bob));
		set_keys(&mut chain, Bob, Eve, Ed25519Keyring::Eve);
		rotate(&mut chain, later);
		assert_ok!(send(&mut chain, Bob, headers, proof));
		assert!(!chain.with(Invulnerables::<Runtime>::get).contains(&Bob.to_account_id()));
		chain.next();
		chain.check();
	}
}

#[test]
fn proof_should_be_of_the_keys_that_the_session_runs_with_when_they_were_changed_in_the_one_before() {
	let mut chain = local();
	set_keys(&mut chain, Bob, Eve, Ed25519Keyring::Eve);
	let unproven = |chain: &mut Chain, key: Sr25519Keyring| {
		let slot = chain.slot();
		chain.with(|| Runtime::generate_key_ownership_proof(slot, key.public().into()).is_none())
	};
	for (aura, grandpa, new) in [
		(Bob, Ed25519Keyring::Bob, Eve),
		(Bob, Ed25519Keyring::Bob, Eve),
		(Eve, Ed25519Keyring::Eve, Bob),
	] {
		assert!(unproven(&mut chain, new), "no authority runs with it");
		assert_proven_now_and_later(&mut chain, aura, grandpa);
		rotate(&mut chain, 1);
	}
}

/// That reports of Aura's and GRANDPA's keys hold while the session runs, and after it.
fn assert_proven_now_and_later(chain: &mut Chain, aura: Sr25519Keyring, grandpa: Ed25519Keyring) {
	let (headers, of_aura) = (headers(chain, aura), proof(chain, aura));
	let set_id = chain.with(pallet_grandpa::CurrentSetId::<Runtime>::get);
	let call = pallet_grandpa::Call::report_equivocation {
		equivocation_proof: Box::new(prevotes(set_id, grandpa)),
		key_owner_proof: grandpa_proof(chain, grandpa),
	};
	for later in [0, 1, 3] {
		let mut fork = chain.fork();
		rotate(&mut fork, later);
		let mut other = fork.fork();
		assert_ok!(send(&mut fork, aura, headers.clone(), of_aura.clone()));
		assert_ok!(other.call(signed(Ferdie), call.clone()));
	}
}

#[test]
fn proof_should_be_refused_when_its_session_has_not_begun() {
	let mut chain = local();
	let planned = MembershipProof {
		session: 1,
		..proof(&mut chain, Bob)
	};
	assert!(chain.with(|| pallet_session::historical::HistoricalSessions::<Runtime>::contains_key(1)));
	let key = (AuraId::ID, AuraId::from(Bob.public()));
	assert_eq!(chain.with(|| Owners::check_proof(key, planned)), None);
}

#[test]
fn offender_should_be_out_of_both_lists_when_it_is_invulnerable_and_a_candidate() {
	let mut chain = local();
	let eve = Eve.to_account_id();
	stand(&mut chain, Eve, Ed25519Keyring::Eve);
	rotate(&mut chain, 2);
	let new = [Alice, Bob, Eve].map(|who| who.to_account_id()).to_vec();
	let named = pallet_collator_selection::Call::set_invulnerables { new };
	assert_ok!(chain.call(RuntimeOrigin::root(), named));
	assert_eq!(
		chain.with(CandidateList::<Runtime>::get).len(),
		1,
		"until the next session"
	);
	assert_ok!(report(&mut chain, Eve));
	assert!(!chain.with(Invulnerables::<Runtime>::get).contains(&eve));
	assert!(chain.with(CandidateList::<Runtime>::get).is_empty());
	rotate(&mut chain, 2);
	assert_eq!(authorities(&mut chain), sorted(accounts(&[Alice, Bob])));
	chain.check();
}

#[test]
fn last_authority_should_stay_when_it_sealed_twice() {
	let mut chain = Chain::dev();
	assert_ok!(report(&mut chain, Alice));
	rotate(&mut chain, 3);
	assert_eq!(authorities(&mut chain), accounts(&[Alice]));
	assert!(chain.with(Session::disabled_validators).is_empty());
	chain.check();
}

#[test]
fn chain_should_go_on_when_every_authority_sealed_twice() {
	let mut chain = local();
	for who in [Alice, Bob, Charlie, Dave] {
		assert_ok!(report(&mut chain, who));
	}
	assert_eq!(chain.with(Invulnerables::<Runtime>::get).len(), 1);
	assert_eq!(
		chain.with(Session::disabled_validators).len(),
		1,
		"less than half of the authorities"
	);
	rotate(&mut chain, 3);
	assert_eq!(authorities(&mut chain).len(), 1);
	chain.skip(5);
	chain.check();
}

#[test]
fn report_should_be_refused_when_it_proves_nothing() {
	let mut chain = local();
	chain.skip(2);
	let good = headers(&chain, Bob);
	let membership = proof(&mut chain, Bob);
	let [first, second] = good.clone();
	let refused = |chain: &mut Chain, headers, proof| refusal(send(chain, Bob, headers, proof));
	assert_eq!(
		refused(&mut chain, [first.clone(), first.clone()], membership.clone()),
		Error::<Runtime>::SameBlock.into()
	);
	let forged = headers_of_bob_sealed_by_eve(&chain);
	assert_eq!(
		refused(&mut chain, [first, forged], membership.clone()),
		Error::<Runtime>::SealForged.into()
	);
	let of_another = proof(&mut chain, Charlie);
	assert_eq!(
		refused(&mut chain, good.clone(), of_another),
		Error::<Runtime>::NotAnAuthority.into()
	);
	let mut padded = membership.clone();
	padded.trie_nodes.push(vec![1, 2, 3]);
	assert_eq!(
		refused(&mut chain, good.clone(), padded),
		Error::<Runtime>::NotAnAuthority.into()
	);
	let mut of_nobody = membership.clone();
	of_nobody.trie_nodes.clear();
	assert_eq!(
		refused(&mut chain, good.clone(), of_nobody),
		Error::<Runtime>::NotAnAuthority.into()
	);
	assert_ok!(send(&mut chain, Bob, [second, good[0].clone()], membership.clone()));
	assert_eq!(
		refused(&mut chain, good, membership),
		Error::<Runtime>::AlreadyReported.into()
	);
	chain.next();
	chain.check();
}

fn headers_of_bob_sealed_by_eve(chain: &Chain) -> Box<Header> {
	let [_, second] = headers(chain, Eve);
	second
}

#[test]
fn report_should_be_refused_when_its_session_is_forgotten() {
	let mut chain = local();
	chain.skip(2);
	let (headers, proof) = (headers(&chain, Bob), proof(&mut chain, Bob));
	let reach = history(chain.with(pace));
	rotate(&mut chain, reach);
	let kept = chain.with(|| pallet_session::historical::HistoricalSessions::<Runtime>::contains_key(0));
	assert!(kept, "as long as it can be reported");
	rotate(&mut chain, 1);
	assert_eq!(
		refusal(send(&mut chain, Bob, headers, proof)),
		Error::<Runtime>::SessionOutOfReach.into()
	);
	assert!(!chain.with(|| pallet_session::historical::HistoricalSessions::<Runtime>::contains_key(0)));
	chain.check();
}

fn keys_of(n: u64) -> (AccountId, SessionKeys) {
	let seed = H256::from_low_u64_be(n).0;
	let keys = SessionKeys {
		aura: sp_core::sr25519::Pair::from_seed(&seed).public().into(),
		grandpa: sp_core::ed25519::Pair::from_seed(&seed).public().into(),
	};
	(seed.into(), keys)
}

fn largest_before_the_block_runs() -> usize {
	<Runtime as frame_system::Config>::BlockLength::get().max_header_size() as usize
}

#[test]
fn header_should_fit_a_report_when_it_changes_and_disables_as_many_authorities_as_there_can_be() {
	let mut chain = local();
	let all: Vec<_> = (0..100).map(keys_of).collect();
	chain.with(|| {
		pallet_session::QueuedKeys::<Runtime>::put(&all);
		pallet_session::QueuedChanged::<Runtime>::put(true);
		Session::rotate_session();
		for (who, _) in &all {
			Session::report_offence(who.clone(), sp_staking::offence::OffenceSeverity::max_severity());
		}
		System::deposit_log(DigestItem::RuntimeEnvironmentUpdated);
		assert_eq!(Session::disabled_validators().len(), 49);
	});
	let prepared = chain.claim(chain.slot()).encoded_size();
	assert!(prepared <= 120, "{prepared}");
	chain.next();
	let seal = DigestItem::Seal(AURA_ENGINE_ID, vec![0; 64]).encoded_size();
	let added = chain.parent().encoded_size() - prepared + seal;
	assert!(added > 72 * 100, "both keys of every authority are in it: {added}");
	assert!(
		largest_before_the_block_runs() + added <= pallet_equivocation::MAX_HEADER_BYTES,
		"{added}"
	);
}

#[test]
fn block_should_be_refused_when_its_header_could_outgrow_a_report() {
	for (room, refused) in [(0_usize, false), (1, true)] {
		let mut chain = local();
		chain.next();
		let mut header = chain.claim(chain.slot());
		header.number = chain.number() + 1;
		let fixed = header.encoded_size() + DigestItem::Other(vec![0; 4_000]).encoded_size() - 4_000;
		// An empty digest is counted beside the real one: a byte.
		let filler = largest_before_the_block_runs() - fixed - 1 + room;
		header.digest_mut().push(DigestItem::Other(vec![0; filler]));
		let open = || chain.with(|| System::initialize(&header.number, &header.parent_hash, &header.digest));
		let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(open));
		assert_eq!(outcome.is_err(), refused, "{room}");
	}
}

#[test]
fn proof_should_be_made_only_for_keys_and_slots_of_the_running_session() {
	let mut chain = local();
	let ask = |chain: &mut Chain, slot, key: AuraId| chain.with(|| Runtime::generate_key_ownership_proof(slot, key));
	let early = chain.slot();
	assert!(ask(&mut chain, early, Bob.public().into()).is_some());
	assert_eq!(ask(&mut chain, early, Eve.public().into()), None);
	sessions(&mut chain, 1);
	assert_eq!(ask(&mut chain, early, Bob.public().into()), None);
	let now = chain.slot();
	assert!(ask(&mut chain, now, Bob.public().into()).is_some());
	assert!(ask(&mut chain, Slot::from(u64::MAX), Bob.public().into()).is_some());
}

#[test]
fn grandpa_report_should_slash_when_an_authority_voted_twice() {
	let mut chain = local();
	let eve = Eve.to_account_id();
	stand(&mut chain, Eve, Ed25519Keyring::Eve);
	rotate(&mut chain, 2);
	let set_id = chain.with(pallet_grandpa::CurrentSetId::<Runtime>::get);
	let key_owner_proof = grandpa_proof(&mut chain, Ed25519Keyring::Eve);
	let call = pallet_grandpa::Call::report_equivocation {
		equivocation_proof: Box::new(prevotes(set_id, Ed25519Keyring::Eve)),
		key_owner_proof,
	};
	assert_eq!(chain.call(signed(Ferdie), call.clone()).unwrap().pays_fee, Pays::No);
	assert_eq!(chain.with(|| Equivocation::held(&eve)), CANDIDACY_BOND * 16 / 25);
	assert_eq!(
		refusal(chain.call(signed(Ferdie), call)),
		pallet_grandpa::Error::<Runtime>::DuplicateOffenceReport.into()
	);
	assert_eq!(
		refusal(report(&mut chain, Eve)),
		Error::<Runtime>::AlreadyReported.into(),
		"one punishment for a session, whatever the kind"
	);
	rotate(&mut chain, 2);
	assert!(!authorities(&mut chain).contains(&eve));
	chain.check();
}

#[test]
fn earlier_offender_should_lose_more_when_another_is_reported_for_another_kind() {
	let mut chain = local();
	let eve = Eve.to_account_id();
	stand(&mut chain, Eve, Ed25519Keyring::Eve);
	rotate(&mut chain, 2);
	assert_ok!(report(&mut chain, Eve));
	assert_eq!(chain.with(|| Equivocation::held(&eve)), CANDIDACY_BOND * 16 / 25);
	let set_id = chain.with(pallet_grandpa::CurrentSetId::<Runtime>::get);
	let key_owner_proof = grandpa_proof(&mut chain, Ed25519Keyring::Bob);
	let call = pallet_grandpa::Call::report_equivocation {
		equivocation_proof: Box::new(prevotes(set_id, Ed25519Keyring::Bob)),
		key_owner_proof,
	};
	assert_ok!(chain.call(signed(Ferdie), call));
	assert_eq!(
		chain.with(|| Equivocation::held(&eve)),
		0,
		"two of five are more than a third"
	);
	chain.check();
}

#[test]
fn grandpa_report_should_hold_as_long_as_its_session_is_in_reach_at_every_pace() {
	for pace in [Pace::Local, Pace::Live] {
		let mut chain = local();
		chain.with(|| pallet_evaluation::CurrentPace::<Runtime>::put(pace));
		let reach = history(pace);
		// Sets are forgotten once there were as many as there is room for.
		rotate(&mut chain, reach + 3);
		let set_id = chain.with(pallet_grandpa::CurrentSetId::<Runtime>::get);
		let key_owner_proof = grandpa_proof(&mut chain, Ed25519Keyring::Bob);
		rotate(&mut chain, reach);
		let call = pallet_grandpa::Call::report_equivocation {
			equivocation_proof: Box::new(prevotes(set_id, Ed25519Keyring::Bob)),
			key_owner_proof,
		};
		let mut late = chain.fork();
		assert_ok!(chain.call(signed(Ferdie), call.clone()));
		rotate(&mut late, 1);
		assert!(late.call(signed(Ferdie), call).is_err());
	}
}

#[test]
fn grandpa_report_should_be_valid_unsigned_only_from_the_node_itself() {
	let mut chain = local();
	let set_id = chain.with(pallet_grandpa::CurrentSetId::<Runtime>::get);
	let key_owner_proof = grandpa_proof(&mut chain, Ed25519Keyring::Bob);
	let call = pallet_grandpa::Call::report_equivocation_unsigned {
		equivocation_proof: Box::new(prevotes(set_id, Ed25519Keyring::Bob)),
		key_owner_proof,
	};
	let transaction = UncheckedExtrinsic::new_bare(call.into());
	let validate = |chain: &mut Chain, source| {
		let (transaction, parent) = (transaction.clone(), Default::default());
		chain.with(|| Executive::validate_transaction(source, transaction, parent))
	};
	assert_eq!(
		validate(&mut chain, TransactionSource::External),
		Err(InvalidTransaction::Call.into())
	);
	let valid = validate(&mut chain, TransactionSource::Local).unwrap();
	assert!(!valid.propagate);
	assert_ok!(chain.with(|| Executive::apply_extrinsic(transaction.clone())).unwrap());
	assert!(!chain.with(Invulnerables::<Runtime>::get).contains(&Bob.to_account_id()));
	assert_eq!(
		validate(&mut chain, TransactionSource::Local),
		Err(InvalidTransaction::Stale.into())
	);
}

#[test]
fn grandpa_report_should_be_stale_unsigned_when_its_offender_was_punished_for_the_session() {
	let mut chain = local();
	let key_owner_proof = grandpa_proof(&mut chain, Ed25519Keyring::Bob);
	let set_id = chain.with(pallet_grandpa::CurrentSetId::<Runtime>::get);
	let call = pallet_grandpa::Call::report_equivocation_unsigned {
		equivocation_proof: Box::new(prevotes(set_id, Ed25519Keyring::Bob)),
		key_owner_proof,
	};
	let transaction = UncheckedExtrinsic::new_bare(call.into());
	assert_ok!(report(&mut chain, Bob));
	let parent = Default::default();
	let (local, late) = (TransactionSource::Local, transaction.clone());
	let validity = chain.with(|| Executive::validate_transaction(local, late, parent));
	assert_eq!(validity, Err(InvalidTransaction::Stale.into()));
	let applied = chain.with(|| Executive::apply_extrinsic(transaction));
	assert_eq!(applied, Err(InvalidTransaction::Stale.into()), "nor in a block");
}

#[test]
fn grandpa_report_should_be_refused_when_forged() {
	let mut chain = local();
	let set_id = chain.with(pallet_grandpa::CurrentSetId::<Runtime>::get);
	let key_owner_proof = grandpa_proof(&mut chain, Ed25519Keyring::Bob);
	let mut bytes = prevotes(set_id, Ed25519Keyring::Bob).encode();
	let last = bytes.len() - 1;
	bytes[last] ^= 1;
	let call = pallet_grandpa::Call::report_equivocation {
		equivocation_proof: Box::new(Decode::decode(&mut &bytes[..]).unwrap()),
		key_owner_proof,
	};
	assert_eq!(
		refusal(chain.call(signed(Ferdie), call)),
		pallet_grandpa::Error::<Runtime>::InvalidEquivocationProof.into()
	);
}

#[test]
fn grandpa_report_should_weigh_what_follows_from_it_too() {
	use pallet_equivocation::WeightInfo as _;
	use pallet_grandpa::WeightInfo as _;

	type Aura = <Runtime as pallet_equivocation::Config>::WeightInfo;
	type Grandpa = <Runtime as pallet_grandpa::Config>::WeightInfo;
	assert!(Aura::report_aura().all_lte(Grandpa::report_equivocation(1, 0)));
	assert!(<()>::report_equivocation(100, 0).all_lte(Grandpa::report_equivocation(100, 0)));
	assert_eq!(Grandpa::note_stalled(), <()>::note_stalled());
}

#[cfg(feature = "runtime-benchmarks")]
#[test]
fn benchmarks_should_have_a_session_of_a_hundred_authorities_whose_key_is_proven() {
	use pallet_equivocation::{Authorities as _, BenchmarkHelper as _};

	type Scene = <Runtime as pallet_equivocation::Config>::BenchmarkHelper;
	type Selection = <Runtime as pallet_equivocation::Config>::Authorities;
	let mut chain = local().with_keystore();
	chain.with(|| {
		let (key, proof) = Scene::offender(100);
		assert_eq!(Selection::count(Selection::session()), Some(100));
		assert!(Owners::check_proof((AuraId::ID, key.clone()), proof).is_some());
		assert!(key.verify(
			&b"block",
			&AuraSignature::decode(&mut &Scene::seal(&key, b"block")[..]).unwrap()
		));
	});
}
