//! Accepting, and declining before keys.

use super::stage::*;
use crate::{mock::*, Error, Event, Progress, Validators};
use assay_primitives::{DeclineReason, FailReason, RoundState};
use polkadot_sdk::frame_support::{assert_noop, assert_ok, dispatch::Pays};

fn decline(id: u32, who: &assay_primitives::AccountId, reason: DeclineReason) -> Pays {
	Evaluation::decline(signed(who), id, reason).unwrap().pays_fee
}

#[test]
fn accept_should_be_free_and_keep_the_key() {
	scenario(|| {
		let id = accepting(3);
		events();
		assert_eq!(accept(id, &validator(1)).unwrap().pays_fee, Pays::No);
		assert_eq!(
			events(),
			vec![Event::Accepted {
				round: id,
				member: validator(1),
				key: KEY
			}]
		);
		assert_eq!(progress(id, &validator(1)), Progress::Accepted { key: KEY });
		assert_eq!((round(id).accepted, round(id).tally.accepted), (1, 1));
	});
}

#[test]
fn accept_should_fail_when_it_is_not_the_callers_to_do() {
	scenario(|| {
		let id = accepting(3);
		assert_noop!(accept(id + 1, &validator(1)), Error::<Test>::UnknownRound);
		assert_noop!(accept(id, &ANYONE), Error::<Test>::NotDrawn);
		assert_noop!(
			Evaluation::accept(signed(&validator(1)), id, [0; 32]),
			Error::<Test>::KeyZero
		);
		assert_ok!(accept(id, &validator(1)));
		assert_noop!(accept(id, &validator(1)), Error::<Test>::NotDrawn);
	});
}

#[test]
fn accept_should_fail_when_it_is_not_the_time() {
	scenario(|| {
		let id = requested(3);
		assert_noop!(accept(id, &validator(1)), Error::<Test>::WrongState);
		pass(id);
		run_to(round(id).deadline);
		assert_ok!(accept(id, &validator(1)));
		run_to(round(id).deadline + 1);
		assert_noop!(accept(id, &validator(2)), Error::<Test>::WindowClosed);
	});
}

#[test]
fn round_should_go_on_at_once_when_every_seat_answered() {
	scenario(|| {
		let id = accepting(3);
		assert_ok!(accept(id, &validator(1)));
		decline(id, &validator(2), DeclineReason::Resources);
		assert_eq!(state(id), RoundState::Accepting);
		assert_ok!(accept(id, &validator(3)));
		assert_eq!(state(id), RoundState::Releasing);
		assert_eq!(round(id).deadline, System::block_number() + 60);
	});
}

#[test]
fn round_should_go_on_at_the_deadline_when_more_than_half_of_the_seats_accepted() {
	scenario(|| {
		let id = accepting(3);
		assert_ok!(accept(id, &validator(1)));
		assert_ok!(accept(id, &validator(2)));
		pass(id);
		assert_eq!(state(id), RoundState::Releasing);
	});
	scenario(|| {
		benchmark(assay_primitives::BenchmarkSpec { seats: 4, ..spec() });
		validators(4);
		let id = request();
		pass(id);
		assert_ok!(accept(id, &validator(1)));
		assert_ok!(accept(id, &validator(2)));
		pass(id);
		assert_eq!(state(id), RoundState::Requested);
		assert!(round(id).widened);
	});
}

#[test]
fn decline_should_be_free_and_end_the_members_part() {
	scenario(|| {
		let id = accepting(3);
		events();
		assert_eq!(decline(id, &validator(1), DeclineReason::HashMismatch), Pays::No);
		let declined = Event::Declined {
			round: id,
			member: validator(1),
			reason: DeclineReason::HashMismatch,
		};
		assert_eq!(events(), vec![declined]);
		assert_eq!(
			progress(id, &validator(1)),
			Progress::Declined {
				reason: DeclineReason::HashMismatch
			}
		);
		assert_eq!(Validators::<Test>::get(validator(1)).unwrap().open_rounds, 0);
		assert_noop!(accept(id, &validator(1)), Error::<Test>::NotDrawn);
	});
}

#[test]
fn decline_should_fail_when_it_is_not_the_callers_to_do() {
	scenario(|| {
		let id = accepting(3);
		let decline = |id, who, reason| Evaluation::decline(signed(&who), id, reason);
		let reason = DeclineReason::Resources;
		assert_noop!(decline(id + 1, validator(1), reason), Error::<Test>::UnknownRound);
		assert_noop!(decline(id, ANYONE, reason), Error::<Test>::NotDrawn);
		assert_noop!(
			decline(id, validator(1), DeclineReason::KeyInvalid),
			Error::<Test>::ReasonOutOfPlace
		);
		assert_noop!(
			decline(id, validator(1), DeclineReason::DataCorrupt),
			Error::<Test>::ReasonOutOfPlace
		);
		assert_ok!(accept(id, &validator(1)));
		assert_noop!(decline(id, validator(1), reason), Error::<Test>::NotDrawn);
		run_to(round(id).deadline + 1);
		assert_noop!(decline(id, validator(2), reason), Error::<Test>::WindowClosed);
	});
	scenario(|| {
		let id = releasing(3);
		let declined = Evaluation::decline(signed(&validator(1)), id, DeclineReason::Resources);
		assert_eq!(declined.unwrap_err().error, Error::<Test>::WrongState.into());
	});
}

#[test]
fn round_should_fail_when_two_thirds_of_the_seats_give_one_reason() {
	scenario(|| {
		let id = accepting(3);
		decline(id, &validator(1), DeclineReason::Unloadable);
		assert_eq!(state(id), RoundState::Accepting);
		decline(id, &validator(2), DeclineReason::Unloadable);
		assert_eq!(
			state(id),
			RoundState::Failed(FailReason::Declined(DeclineReason::Unloadable))
		);
		assert_noop!(accept(id, &validator(3)), Error::<Test>::WrongState);
		assert_eq!(Validators::<Test>::get(validator(3)).unwrap().open_rounds, 0);
	});
}

#[test]
fn round_should_not_fail_when_reasons_differ() {
	scenario(|| {
		let id = accepting(6);
		let [a, b, c] = members(id).try_into().unwrap();
		decline(id, &a, DeclineReason::Unloadable);
		decline(id, &b, DeclineReason::HashMismatch);
		decline(id, &c, DeclineReason::CheckpointUnavailable);
		assert_eq!(state(id), RoundState::Requested);
		assert!(round(id).widened);
	});
}
