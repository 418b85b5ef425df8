//! Which session an offence lies in, and for how long it can be reported.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use polkadot_sdk::sp_session::MembershipProof;

fn report_with(slot: u64, proof: MembershipProof) -> frame_support::dispatch::DispatchResultWithPostInfo {
	let (first, second) = (Box::new(sealed(OFFENDER, slot, 1)), Box::new(sealed(OFFENDER, slot, 2)));
	Equivocation::report_aura(signed(REPORTER), key(OFFENDER), first, second, proof)
}

fn of_session(session: u32) -> MembershipProof {
	MembershipProof {
		session,
		..proof(OFFENDER)
	}
}

#[test]
fn report_should_hold_when_its_session_is_past_and_within_reach() {
	for age in 0..=HISTORY {
		run(|| {
			pass(1);
			slots(5);
			let (slot, proof) = (SLOTS + 5, proof(OFFENDER));
			pass(age);
			assert_ok!(report_with(slot, proof));
			assert!(Slashes::<Test>::contains_key(1, OFFENDER.to_account_id()));
		});
	}
}

#[test]
fn report_should_be_refused_when_its_session_is_too_old() {
	run(|| {
		pass(1);
		slots(5);
		let proof = proof(OFFENDER);
		pass(HISTORY + 1);
		assert_noop!(report_with(SLOTS + 5, proof), Error::<Test>::SessionOutOfReach);
	});
}

#[test]
fn report_should_be_refused_when_its_session_has_not_begun() {
	run(|| {
		slots(5);
		assert_noop!(report_with(5, of_session(1)), Error::<Test>::SessionOutOfReach);
		assert_noop!(report_with(5, of_session(u32::MAX)), Error::<Test>::SessionOutOfReach);
	});
}

#[test]
fn report_should_be_refused_when_nobody_noted_when_the_session_began() {
	run(|| {
		slots(5);
		FirstSlots::<Test>::remove(0);
		assert_noop!(report_with(5, of_session(0)), Error::<Test>::SessionOutOfReach);
	});
}

#[test]
fn report_should_be_refused_when_the_slot_is_of_another_session() {
	run(|| {
		pass(2);
		slots(5);
		for (slot, session) in [(5, 1), (SLOTS + 5, 0), (SLOTS + 5, 2), (3 * SLOTS, 2), (u64::MAX, 2)] {
			let refused = report_with(slot, of_session(session));
			assert_noop!(refused, Error::<Test>::SlotNotInSession);
		}
	});
}

#[test]
fn report_should_hold_for_either_session_when_its_slot_is_the_change() {
	for session in [0, 1] {
		run(|| {
			pass(1);
			slots(5);
			assert_ok!(report_with(SLOTS, of_session(session)));
		});
	}
}

#[test]
fn report_should_be_refused_when_the_proof_is_wrong() {
	run(|| {
		slots(5);
		for wrong in [
			proof(OTHER),
			MembershipProof {
				trie_nodes: vec![],
				..proof(OFFENDER)
			},
			MembershipProof {
				validator_count: 1,
				..proof(OFFENDER)
			},
		] {
			assert_noop!(report_with(5, wrong), Error::<Test>::NotAnAuthority);
		}
	});
}

#[test]
fn report_should_be_refused_when_the_key_was_no_authoritys() {
	run(|| {
		slots(5);
		assert_noop!(report(OUTSIDER, 5), Error::<Test>::NotAnAuthority);
	});
}

#[test]
fn offence_should_be_punished_once_when_it_could_be_laid_in_two_sessions() {
	run(|| {
		bond(OFFENDER, BOND);
		pass(1);
		slots(5);
		assert_ok!(report_with(SLOTS, of_session(0)));
		let left = held(OFFENDER);
		assert_noop!(report_with(SLOTS, of_session(1)), Error::<Test>::AlreadyReported);
		assert_eq!(held(OFFENDER), left);
	});
}

#[test]
fn sessions_should_be_forgotten_when_out_of_reach() {
	run(|| {
		slots(5);
		assert_ok!(report(OFFENDER, 5));
		pass(HISTORY);
		assert!(FirstSlots::<Test>::contains_key(0));
		assert_eq!(Slashes::<Test>::iter().count(), 1);
		pass(1);
		assert!(!FirstSlots::<Test>::contains_key(0));
		assert_eq!(Slashes::<Test>::iter().count(), 0);
		assert_eq!(FirstSlots::<Test>::iter().count(), 1 + HISTORY as usize);
	});
}
