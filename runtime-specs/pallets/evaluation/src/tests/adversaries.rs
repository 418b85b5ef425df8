//! What people try, and what it gets them.

use super::stage::*;
use crate::{mock::*, Error};
use assay_primitives::{RoundState, ASY};
use polkadot_sdk::frame_support::{assert_noop, assert_ok};

#[test]
fn copied_commitment_should_open_for_nobody_but_its_author() {
	scenario(|| {
		let id = committing(3);
		let honest = opening(900_000);
		let copied = Evaluation::commitment(id, &round(id), &validator(1), &honest);
		assert_ok!(Evaluation::commit(signed(&validator(1)), id, copied));
		assert_ok!(Evaluation::commit(signed(&validator(2)), id, copied));
		assert_ok!(commit(id, &validator(3), &honest));
		assert_ok!(reveal(id, &validator(1), &honest));
		// The copier now knows every byte of the opening, salt included.
		assert_noop!(reveal(id, &validator(2), &honest), Error::<Test>::CommitmentMismatch);
		assert_ok!(reveal(id, &validator(3), &honest));
		pass(id);
		assert_eq!(state(id), RoundState::Settled);
		assert_eq!(owed(&validator(2)), 0);
		let entry = crate::Validators::<Test>::get(validator(2)).unwrap();
		assert_eq!((entry.bond, entry.misses), (100 * ASY - ASY / 10, 1));
	});
}

#[test]
fn commitment_of_another_round_should_not_open() {
	scenario(|| {
		let first = committing(3);
		submit(checkpoint(2), &REQUESTER, 16 * MIB);
		assert_ok!(Evaluation::request_evaluation(
			signed(&REQUESTER),
			0,
			checkpoint(2),
			u128::MAX
		));
		let replayed = Evaluation::commitment(first + 1, &round(first + 1), &validator(1), &opening(900_000));
		assert_ok!(Evaluation::commit(signed(&validator(1)), first, replayed));
		for n in 2..=3 {
			assert_ok!(commit(first, &validator(n), &opening(900_000)));
		}
		assert_noop!(
			reveal(first, &validator(1), &opening(900_000)),
			Error::<Test>::CommitmentMismatch
		);
	});
}

#[test]
fn account_outside_the_committee_should_neither_accept_nor_commit_nor_reveal() {
	scenario(|| {
		let id = committing(4);
		let outsider = (1..=4).map(validator).find(|who| !members(id).contains(who)).unwrap();
		assert_noop!(
			Evaluation::commit(signed(&outsider), id, [1; 32]),
			Error::<Test>::NotDrawn
		);
		commit_all(id, &[900_000; 3]);
		assert_noop!(reveal(id, &outsider, &opening(900_000)), Error::<Test>::NotDrawn);
	});
}

#[test]
fn reveal_of_anothers_salt_should_not_open() {
	scenario(|| {
		let id = committing(3);
		let theirs = assay_primitives::Reveal {
			salt: [8; 32],
			..opening(900_000)
		};
		assert_ok!(commit(id, &validator(1), &opening(900_000)));
		assert_ok!(commit(id, &validator(2), &theirs));
		assert_ok!(commit(id, &validator(3), &theirs));
		assert_noop!(reveal(id, &validator(1), &theirs), Error::<Test>::CommitmentMismatch);
		assert_ok!(reveal(id, &validator(1), &opening(900_000)));
	});
}

#[test]
fn nobody_should_see_a_score_before_every_commitment_is_in() {
	scenario(|| {
		let id = committing(3);
		assert_ok!(commit(id, &validator(1), &opening(900_000)));
		assert_ok!(commit(id, &validator(2), &opening(900_000)));
		for n in [1, 2] {
			assert_noop!(reveal(id, &validator(n), &opening(900_000)), Error::<Test>::WrongState);
		}
		run_to(round(id).deadline + 1);
		assert_noop!(reveal(id, &validator(1), &opening(900_000)), Error::<Test>::WrongState);
		assert_noop!(
			commit(id, &validator(3), &opening(900_000)),
			Error::<Test>::WindowClosed
		);
		assert_ok!(Evaluation::advance(signed(&ANYONE), id));
		assert_noop!(commit(id, &validator(3), &opening(900_000)), Error::<Test>::WrongState);
		assert_ok!(reveal(id, &validator(1), &opening(900_000)));
	});
}

#[test]
fn liar_should_only_lose_its_reward_and_a_lying_third_change_nothing() {
	scenario(|| {
		let id = revealed(3, &[990_000, 900_000, 900_000]);
		assert_eq!(state(id), RoundState::Settled);
		assert_eq!(
			crate::Results::<Test>::get(0, checkpoint(1)).unwrap().scores.first(),
			Some(&900_000)
		);
		assert_eq!(owed(&validator(1)), 0);
		assert_eq!(crate::Validators::<Test>::get(validator(1)).unwrap().bond, 100 * ASY);
	});
}

#[test]
fn submitter_should_not_shop_for_a_committee_by_letting_rounds_fail() {
	scenario(|| {
		// Once the draw can be known the request can neither be withdrawn nor made to fail by another claim.
		let id = requested(6);
		run_to(round(id).deadline + 1);
		let again = Evaluation::request_evaluation(signed(&REQUESTER), 0, checkpoint(1), u128::MAX);
		assert_eq!(again, Err(Error::<Test>::AlreadyRequested.into()));
		MODELS.with_borrow_mut(|models| models.terms.get_mut(&checkpoint(1)).unwrap().owner = ANYONE);
		run_to(System::block_number() + 1);
		assert_eq!(state(id), RoundState::Accepting);
	});
}

#[test]
fn member_should_not_put_the_steward_at_fault_by_a_key_to_which_nothing_can_be_sealed() {
	scenario(|| {
		let id = accepting(3);
		// Eight times this point, and the last of the list with its unused bit set, are the neutral element.
		let of_order_eight = *b"\xe0\xeb\x7a\x7c\x3b\x41\xb8\xae\x16\x56\xe3\xfa\xf1\x9f\xc4\x6a\
			\xda\x09\x8d\xeb\x9c\x32\xb1\xfd\x86\x62\x05\x16\x5f\x49\xb8\x00";
		let mut beyond = [0xff; 32];
		beyond[0] = 0xee;
		for key in [of_order_eight, beyond] {
			assert_noop!(
				Evaluation::accept(signed(&validator(1)), id, key),
				Error::<Test>::KeyWeak
			);
		}
		assert_ok!(Evaluation::accept(signed(&validator(1)), id, [0xff; 32]));
	});
}

#[test]
fn nobody_should_change_the_draw_once_it_can_be_known() {
	let committee = |change: &dyn Fn()| {
		let mut members = Vec::new();
		scenario(|| {
			let id = requested(20);
			run_to(round(id).deadline + 1);
			change();
			assert_ok!(Evaluation::advance(signed(&ANYONE), id));
			members = super::stage::members(id);
		});
		members
	};
	let untouched = committee(&|| ());
	assert_eq!(untouched.len(), 3);
	let grind = || {
		register(21, 50_000 * ASY);
		assert_ok!(Evaluation::bond_more(signed(&validator(1)), 50_000 * ASY));
		for n in 2..=20 {
			assert_ok!(Evaluation::chill(signed(&validator(n))));
		}
	};
	assert_eq!(committee(&grind), untouched);
}

#[test]
fn advance_should_be_idempotent_and_never_hurry_a_round() {
	scenario(|| {
		let id = releasing(3);
		let before = round(id);
		for _ in 0..3 {
			let done = Evaluation::advance(signed(&ANYONE), id).unwrap();
			assert_eq!(done.pays_fee, polkadot_sdk::frame_support::dispatch::Pays::Yes);
		}
		assert_eq!(round(id), before);
		run_to(round(id).deadline);
		assert_ok!(Evaluation::advance(signed(&ANYONE), id));
		assert_eq!(round(id), before);
		pass(id);
		let ended = round(id);
		run_to(System::block_number() + 100);
		assert_ok!(Evaluation::advance(signed(&ANYONE), id));
		assert_eq!(round(id), ended);
	});
}
