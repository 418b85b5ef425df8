//! Misses: what they cost, when they chill.

use super::stage::*;
use crate::{mock::*, Event, Stage, Validators};
use assay_primitives::{RoundState, ASY};
use polkadot_sdk::frame_support::assert_ok;

const BOND: u128 = 100 * ASY;

fn entry(n: u8) -> crate::Validator {
	Validators::<Test>::get(validator(n)).unwrap()
}

/// Requests the evaluation of another checkpoint, drawn from the same validators.
fn another(n: u8) -> u32 {
	submit(checkpoint(n), &REQUESTER, 16 * MIB);
	assert_ok!(Evaluation::request_evaluation(
		signed(&REQUESTER),
		0,
		checkpoint(n),
		u128::MAX
	));
	let id = crate::NextRound::<Test>::get() - 1;
	pass(id);
	assert_eq!(state(id), RoundState::Accepting);
	id
}

/// Has all three validators accept and get keys, and those named commit and reveal.
fn play(id: u32, reveals: &[u8]) {
	for n in 1..=3 {
		assert_ok!(accept(id, &validator(n)));
	}
	for n in 1..=3 {
		release(id, &validator(n));
	}
	for n in reveals {
		assert_ok!(commit(id, &validator(*n), &opening(900_000)));
	}
	if reveals.len() < 3 {
		pass(id);
	}
	for n in reveals {
		assert_ok!(reveal(id, &validator(*n), &opening(900_000)));
	}
	assert_eq!(state(id), RoundState::Settled);
}

#[test]
fn absence_from_a_draw_should_cost_nothing() {
	scenario(|| {
		let id = accepting(3);
		assert_ok!(accept(id, &validator(1)));
		assert_ok!(accept(id, &validator(2)));
		pass(id);
		assert_eq!((entry(3).absences, entry(3).misses, entry(3).bond), (1, 0, BOND));
		assert_eq!(entry(3).open_rounds, 0);
		let missed = Event::Missed {
			round: id,
			validator: validator(3),
			stage: Stage::Answer,
			slashed: 0,
		};
		assert!(events().contains(&missed));
		assert_eq!(owed(&TREASURY), 0);
	});
}

#[test]
fn two_absences_in_a_row_should_chill() {
	scenario(|| {
		let id = accepting(3);
		assert_ok!(accept(id, &validator(1)));
		assert_ok!(accept(id, &validator(2)));
		pass(id);
		assert!(entry(3).active);
		let id = another(2);
		assert_ok!(accept(id, &validator(1)));
		assert_ok!(accept(id, &validator(2)));
		pass(id);
		assert!(!entry(3).active);
		assert!(events().contains(&Event::Chilled {
			validator: validator(3),
			by_misses: true
		}));
		assert_eq!(entry(3).bond, BOND);
	});
}

#[test]
fn miss_should_cost_more_each_time_in_a_row_and_chill_at_the_second() {
	scenario(|| {
		let id = accepting(3);
		play(id, &[1, 2]);
		let first = BOND / 1_000;
		assert_eq!(
			(entry(3).misses, entry(3).bond, entry(3).active),
			(1, BOND - first, true)
		);
		assert_eq!(owed(&TREASURY), CUT + first);
		let missed = Event::Missed {
			round: id,
			validator: validator(3),
			stage: Stage::Commit,
			slashed: first,
		};
		assert!(events().contains(&missed));

		assert_ok!(Evaluation::bond_more(signed(&validator(3)), first));
		play(another(2), &[1, 2]);
		let second = 2 * BOND / 1_000;
		assert_eq!(
			(entry(3).misses, entry(3).bond, entry(3).active),
			(2, BOND - second, false)
		);
		assert_eq!(owed(&TREASURY), 2 * CUT + first + second);

		// Whoever comes back without a round well done in between is chilled by the next miss.
		assert_ok!(Evaluation::bond_more(signed(&validator(3)), second));
		assert_ok!(Evaluation::activate(signed(&validator(3)), LIMITS));
		play(another(3), &[1, 2]);
		assert_eq!(
			(entry(3).misses, entry(3).bond, entry(3).active),
			(3, BOND - 3 * BOND / 1_000, false)
		);
	});
}

#[test]
fn miss_should_cost_no_more_than_its_cap() {
	scenario(|| {
		Constants::mutate(|constants| constants.miss_slash_cap_ppm = 500);
		let id = accepting(3);
		play(id, &[1, 2]);
		assert_eq!(entry(3).bond, BOND - BOND / 2_000);
	});
}

#[test]
fn reveal_should_make_up_for_earlier_misses() {
	scenario(|| {
		let id = accepting(3);
		play(id, &[1, 2]);
		assert_ok!(Evaluation::bond_more(signed(&validator(3)), ASY));
		play(another(2), &[1, 2, 3]);
		assert_eq!((entry(3).misses, entry(3).absences), (0, 0));
		play(another(3), &[1, 2]);
		assert_eq!((entry(3).misses, entry(3).active), (1, true));
	});
}

#[test]
fn missed_reveal_should_cost_like_a_missed_commit() {
	scenario(|| {
		let id = revealing(3, &[900_000; 3]);
		assert_ok!(reveal(id, &validator(1), &opening(900_000)));
		assert_ok!(reveal(id, &validator(2), &opening(900_000)));
		pass(id);
		assert_eq!(entry(3).bond, BOND - BOND / 1_000);
		assert_eq!(entry(3).open_rounds, 0);
	});
}

#[test]
fn validator_slashed_below_the_least_bond_should_not_be_drawn() {
	scenario(|| {
		let id = accepting(3);
		play(id, &[1, 2]);
		submit(checkpoint(2), &REQUESTER, MIB);
		assert_ok!(Evaluation::request_evaluation(
			signed(&REQUESTER),
			0,
			checkpoint(2),
			u128::MAX
		));
		pass(id + 1);
		assert_eq!(
			state(id + 1),
			RoundState::Failed(assay_primitives::FailReason::NoCommittee)
		);
	});
}
