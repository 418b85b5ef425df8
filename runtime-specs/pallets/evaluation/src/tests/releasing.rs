//! Keys: to whom the steward may release them, and what happens when it does not.

use super::stage::*;
use crate::{mock::*, Error, Progress};
use assay_primitives::{FailReason, KeyReleases, ReleaseTerms, RoundState};
use polkadot_sdk::frame_support::{assert_noop, assert_ok};

#[test]
fn due_should_name_the_pinned_shards_for_members_that_accepted() {
	scenario(|| {
		let id = releasing(3);
		let terms = ReleaseTerms {
			dataset: 0,
			version: 0,
			shards: 0b1111,
		};
		assert_eq!(Evaluation::due(id, &validator(1)), Ok(terms));
		release(id, &validator(1));
		assert_eq!(progress(id, &validator(1)), Progress::Keyed { key: KEY });
		assert_noop!(Evaluation::due(id, &validator(1)), Error::<Test>::NotDrawn);
		assert_noop!(Evaluation::released(id, &validator(1)), Error::<Test>::NotDrawn);
	});
}

#[test]
fn due_should_fail_for_everybody_else_and_at_every_other_time() {
	scenario(|| {
		let id = accepting(4);
		let [a, b, c] = members(id).try_into().unwrap();
		assert_ok!(accept(id, &a));
		assert_noop!(Evaluation::due(id, &a), Error::<Test>::WrongState);
		assert_noop!(Evaluation::due(id + 1, &a), Error::<Test>::UnknownRound);
		assert_ok!(accept(id, &b));
		pass(id);
		assert_noop!(Evaluation::due(id, &ANYONE), Error::<Test>::NotDrawn);
		assert_noop!(Evaluation::due(id, &c), Error::<Test>::NotDrawn);
		run_to(round(id).deadline + 1);
		assert_noop!(Evaluation::due(id, &a), Error::<Test>::WindowClosed);
		assert_noop!(Evaluation::released(id, &a), Error::<Test>::WindowClosed);
	});
}

#[test]
fn round_should_go_on_when_every_member_has_keys_and_count_one_use() {
	scenario(|| {
		let id = releasing(3);
		release(id, &validator(1));
		release(id, &validator(2));
		assert_eq!(state(id), RoundState::Releasing);
		release(id, &validator(3));
		assert_eq!(state(id), RoundState::Committing);
		assert_eq!(round(id).deadline, System::block_number() + 212);
		assert_eq!(DATA.with_borrow(|data| data.uses), 1);
	});
}

#[test]
fn round_should_fail_at_the_stewards_cost_when_it_releases_to_nobody() {
	scenario(|| {
		let id = releasing(3);
		let before = free(&STEWARD);
		pass(id);
		assert_eq!(state(id), RoundState::Failed(FailReason::KeysWithheld));
		assert_eq!(DATA.with_borrow(|data| (data.faults, data.uses)), (1, 0));
		// A quarter of each seat's 3.348 ASY for the work done, from the steward's bond; the fee goes back whole.
		let work = (FEE - CUT) / 3 / 4;
		(1..=3).for_each(|n| assert_eq!(owed(&validator(n)), work));
		assert_eq!(free(&STEWARD), before - 3 * work);
		assert_eq!(owed(&STEWARD), 0);
		assert_eq!(free(&REQUESTER), FORTUNE);
		assert_eq!(owed(&TREASURY), 0);
	});
}

#[test]
fn round_should_fail_at_the_stewards_cost_when_it_releases_to_some() {
	scenario(|| {
		let id = releasing(3);
		release(id, &validator(1));
		release(id, &validator(2));
		pass(id);
		assert_eq!(state(id), RoundState::Failed(FailReason::KeysWithheld));
		let work = (FEE - CUT) / 3 / 4;
		(1..=3).for_each(|n| assert_eq!(owed(&validator(n)), work));
		assert_eq!(owed(&STEWARD), 0);
		assert_eq!(free(&REQUESTER), FORTUNE);
		assert!(
			DATA.with_borrow(|data| data.keys.is_empty()),
			"keys of a round that ended are forgotten"
		);
	});
}

#[test]
fn work_should_be_split_by_seats_when_the_stewards_bond_does_not_reach() {
	scenario(|| {
		let id = releasing(3);
		DATA.with_borrow_mut(|data| data.bond = 100);
		pass(id);
		assert_eq!(
			(1..=3).map(|n| owed(&validator(n))).collect::<Vec<_>>(),
			vec![34, 33, 33]
		);
	});
}
