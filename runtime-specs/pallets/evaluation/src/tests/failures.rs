//! Rounds that fail: for each reason, the right party pays.

use super::stage::*;
use crate::mock::*;
use assay_primitives::{DeclineReason, FailReason, RoundState};
use polkadot_sdk::frame_support::assert_ok;

const WORK: u128 = (FEE - CUT) / 3 / 4;

/// Two of three members decline for the reason; the third accepted, and has keys where the reason is about data.
fn failed(reason: DeclineReason, with_keys: bool) -> u32 {
	let id = if with_keys { committing(3) } else { accepting(3) };
	if !with_keys {
		assert_ok!(accept(id, &validator(3)));
	}
	for n in [1, 2] {
		assert_ok!(Evaluation::decline(signed(&validator(n)), id, reason));
	}
	assert_eq!(state(id), RoundState::Failed(FailReason::Declined(reason)));
	id
}

fn bonds_untouched() {
	for n in 1..=3 {
		let entry = crate::Validators::<Test>::get(validator(n)).unwrap();
		assert_eq!(
			(entry.bond, entry.misses, entry.open_rounds),
			(Constants::get().min_bond, 0, 0)
		);
	}
}

#[test]
fn submitter_should_pay_the_work_when_its_checkpoint_is_at_fault() {
	for reason in [
		DeclineReason::CheckpointUnavailable,
		DeclineReason::HashMismatch,
		DeclineReason::Unloadable,
	] {
		scenario(|| {
			failed(reason, false);
			(1..=3).for_each(|n| assert_eq!(owed(&validator(n)), WORK));
			let cut = 3 * WORK / 10;
			assert_eq!(owed(&TREASURY), cut);
			assert_eq!(owed(&STEWARD), 0, "no keys were released");
			assert_eq!(free(&REQUESTER), FORTUNE - 3 * WORK - cut);
			bonds_untouched();
		});
	}
}

#[test]
fn steward_should_pay_the_work_when_its_keys_or_data_are_at_fault() {
	for reason in [DeclineReason::KeyInvalid, DeclineReason::DataCorrupt] {
		scenario(|| {
			failed(reason, true);
			(1..=3).for_each(|n| assert_eq!(owed(&validator(n)), WORK));
			assert_eq!(free(&STEWARD), FORTUNE - 3 * WORK);
			assert_eq!(owed(&STEWARD), 0);
			assert_eq!(owed(&TREASURY), 0);
			assert_eq!(free(&REQUESTER), FORTUNE);
			assert_eq!(DATA.with_borrow(|data| data.faults), 1);
			bonds_untouched();
		});
	}
}

#[test]
fn nobody_should_pay_the_work_when_members_lack_resources() {
	scenario(|| {
		failed(DeclineReason::Resources, false);
		(1..=3).for_each(|n| assert_eq!(owed(&validator(n)), 0));
		assert_eq!(free(&REQUESTER), FORTUNE);
		bonds_untouched();
	});
	scenario(|| {
		failed(DeclineReason::Resources, true);
		(1..=3).for_each(|n| assert_eq!(owed(&validator(n)), 0));
		assert_eq!(owed(&STEWARD), PRICE, "the data was used");
		assert_eq!(free(&REQUESTER), FORTUNE - PRICE);
		assert_eq!(DATA.with_borrow(|data| data.faults), 0);
	});
}

#[test]
fn whoever_declined_for_another_reason_should_not_be_paid() {
	scenario(|| {
		let id = accepting(3);
		assert_ok!(Evaluation::decline(signed(&validator(1)), id, DeclineReason::Resources));
		for n in [2, 3] {
			assert_ok!(Evaluation::decline(
				signed(&validator(n)),
				id,
				DeclineReason::HashMismatch
			));
		}
		assert_eq!(owed(&validator(1)), 0);
		assert_eq!(owed(&validator(2)), WORK);
	});
}

#[test]
fn steward_should_pay_for_both_committees_when_it_fails_the_widened_round() {
	scenario(|| {
		let id = revealed(6, &[900_000, 700_000, 500_000]);
		pass(id);
		for who in waiting(id) {
			assert_ok!(accept(id, &who));
		}
		pass(id);
		assert_eq!(state(id), RoundState::Failed(FailReason::KeysWithheld));
		(1..=6).for_each(|n| assert_eq!(owed(&validator(n)), (FEE - CUT) / 6 / 4));
		assert_eq!(free(&REQUESTER), FORTUNE);
		assert_eq!(owed(&STEWARD), 0);
	});
}
