//! Widening the committee, once.

use super::stage::*;
use crate::{mock::*, Event, Members, Progress, Results};
use assay_primitives::RoundState;
use polkadot_sdk::frame_support::assert_ok;

#[test]
fn committee_should_be_widened_among_others_when_too_few_accept() {
	scenario(|| {
		let id = accepting(6);
		let first = members(id);
		assert_ok!(accept(id, &first[0]));
		events();
		pass(id);
		let until = System::block_number() + 2;
		assert!(events().contains(&Event::CommitteeWidened { round: id, until }));
		assert_eq!((state(id), round(id).deadline), (RoundState::Requested, until));
		pass(id);
		let second: Vec<_> = members(id).into_iter().filter(|who| !first.contains(who)).collect();
		assert_eq!((round(id).drawn, second.len()), (6, 3));
		assert!(second.iter().all(|who| Members::<Test>::get(id, who).unwrap().widened));
		// Whoever accepted in the first draw still counts: one more seat is more than half of three.
		assert_ok!(accept(id, &second[0]));
		pass(id);
		assert_eq!(state(id), RoundState::Releasing);
		assert_eq!(waiting(id).len(), 2);
	});
}

#[test]
fn round_should_expire_when_too_few_accept_twice() {
	scenario(|| {
		let id = accepting(6);
		assert_ok!(accept(id, &members(id)[0]));
		pass(id);
		pass(id);
		assert_eq!(state(id), RoundState::Accepting);
		pass(id);
		assert_eq!(state(id), RoundState::Expired);
		// One seat of six accepted: a quarter of its share, and the treasury's part of that.
		let work = (FEE - CUT) / 6 / 4;
		let paid: u128 = (1..=6).map(|n| owed(&validator(n))).sum();
		assert_eq!(paid, work);
		assert_eq!(owed(&TREASURY), work / 10);
		assert_eq!(owed(&STEWARD), 0);
		assert_eq!(free(&REQUESTER), FORTUNE - work - work / 10);
	});
}

#[test]
fn round_should_expire_when_nobody_is_left_to_widen_with() {
	scenario(|| {
		let id = accepting(4);
		pass(id);
		pass(id);
		assert_eq!(state(id), RoundState::Expired);
		assert_eq!(free(&REQUESTER), FORTUNE);
	});
}

#[test]
fn committee_should_be_widened_when_it_disagrees_and_earlier_reveals_stay() {
	scenario(|| {
		// Of six seats four agree, one of them from the first pass; one of the first was missing.
		let id = revealing(6, &[900_000, 900_000, 500_000]);
		let committee = waiting(id);
		assert_ok!(reveal(id, &committee[0], &opening(900_000)));
		assert_ok!(reveal(id, &committee[2], &opening(500_000)));
		pass(id);
		assert_eq!(state(id), RoundState::Requested);
		second_pass(id, &[900_000, 905_000, 900_000]);
		assert_eq!(state(id), RoundState::Settled);
		let result = Results::<Test>::get(0, checkpoint(1)).unwrap();
		assert_eq!((result.seats_agreed, result.seats_accepted), (4, 6));
		let first = Progress::Revealed {
			reveal: opening(900_000),
			agrees: Some(true),
		};
		assert_eq!(progress(id, &committee[0]), first);
		assert_eq!(DATA.with_borrow(|data| data.uses), 1, "one round is one use");
		// Each of the six seats drawn has a sixth of the pool.
		assert_eq!(owed(&committee[0]), (FEE - CUT) / 6);
		assert_eq!(owed(&committee[2]), 0);
	});
}

#[test]
fn round_should_be_inconclusive_when_the_widened_committee_disagrees() {
	scenario(|| {
		let id = revealed(6, &[900_000, 700_000, 500_000]);
		second_pass(id, &[900_000, 700_000, 500_000]);
		assert_eq!(state(id), RoundState::Inconclusive);
		assert_eq!(Results::<Test>::get(0, checkpoint(1)), None);
		let work = (FEE - CUT) / 6 / 4;
		(1..=6).for_each(|n| assert_eq!(owed(&validator(n)), work));
		assert_eq!(owed(&STEWARD), PRICE);
		let cut = 6 * work / 10;
		assert_eq!(owed(&TREASURY), cut);
		assert_eq!(free(&REQUESTER), FORTUNE - PRICE - 6 * work - cut);
	});
}

#[test]
fn round_should_be_inconclusive_when_nobody_is_left_to_widen_with() {
	scenario(|| {
		let id = revealed(4, &[900_000, 700_000, 500_000]);
		pass(id);
		assert_eq!(state(id), RoundState::Inconclusive);
		assert_eq!(owed(&STEWARD), PRICE);
	});
}

#[test]
fn round_should_be_inconclusive_when_too_few_of_the_widening_accept() {
	scenario(|| {
		let id = revealed(6, &[900_000, 700_000, 500_000]);
		let first = members(id);
		pass(id);
		let second: Vec<_> = waiting(id);
		assert_ok!(accept(id, &second[0]));
		pass(id);
		assert_eq!(state(id), RoundState::Inconclusive);
		let work = (FEE - CUT) / 6 / 4;
		first
			.iter()
			.chain([&second[0]])
			.for_each(|who| assert_eq!(owed(who), work));
		assert_eq!(owed(&second[1]), 0);
	});
}

#[test]
fn round_should_be_judged_without_a_second_reveal_when_nobody_of_the_widening_commits() {
	scenario(|| {
		let id = revealed(6, &[900_000, 700_000, 500_000]);
		pass(id);
		for who in waiting(id) {
			assert_ok!(accept(id, &who));
		}
		for who in waiting(id) {
			release(id, &who);
		}
		pass(id);
		assert_eq!(state(id), RoundState::Inconclusive);
	});
}
