//! Committing, and declining with keys.

use super::stage::*;
use crate::{mock::*, Error, Event, Progress, Stage};
use assay_primitives::{DeclineReason, FailReason, RoundState};
use polkadot_sdk::frame_support::{assert_noop, assert_ok, dispatch::Pays};

fn decline(id: u32, n: u8, reason: DeclineReason) -> polkadot_sdk::frame_support::dispatch::DispatchResultWithPostInfo {
	Evaluation::decline(signed(&validator(n)), id, reason)
}

#[test]
fn commit_should_be_free_and_drop_the_keys() {
	scenario(|| {
		let id = committing(3);
		events();
		let done = Evaluation::commit(signed(&validator(1)), id, [7; 32]).unwrap();
		assert_eq!(done.pays_fee, Pays::No);
		assert_eq!(
			events(),
			vec![Event::Committed {
				round: id,
				member: validator(1),
				commitment: [7; 32]
			}]
		);
		assert_eq!(progress(id, &validator(1)), Progress::Committed { commitment: [7; 32] });
		let keys = DATA.with_borrow(|data| data.keys.clone());
		assert_eq!(keys, [(id, validator(2)), (id, validator(3))].into());
	});
}

#[test]
fn commit_should_fail_when_it_is_not_the_callers_to_do() {
	scenario(|| {
		let id = committing(3);
		let commit = |id, who| Evaluation::commit(signed(&who), id, [7; 32]);
		assert_noop!(commit(id + 1, validator(1)), Error::<Test>::UnknownRound);
		assert_noop!(commit(id, ANYONE), Error::<Test>::NotDrawn);
		assert_ok!(commit(id, validator(1)));
		assert_noop!(commit(id, validator(1)), Error::<Test>::NotDrawn);
		run_to(round(id).deadline + 1);
		assert_noop!(commit(id, validator(2)), Error::<Test>::WindowClosed);
	});
	scenario(|| {
		let id = releasing(3);
		release(id, &validator(1));
		assert_noop!(
			Evaluation::commit(signed(&validator(1)), id, [7; 32]),
			Error::<Test>::WrongState
		);
	});
}

#[test]
fn reveals_should_open_when_every_member_committed_or_declined() {
	scenario(|| {
		let id = committing(3);
		assert_ok!(commit(id, &validator(1), &opening(900_000)));
		assert_ok!(decline(id, 2, DeclineReason::Resources));
		assert_eq!(state(id), RoundState::Committing);
		assert_ok!(commit(id, &validator(3), &opening(900_000)));
		assert_eq!(state(id), RoundState::Revealing);
		assert_eq!(round(id).deadline, System::block_number() + 60);
		assert_eq!(
			round(id).accepted,
			2,
			"a seat that declined agrees with nobody and hinders nobody"
		);
		reveal_all(id, &[900_000, 900_000]);
		assert_eq!(state(id), RoundState::Settled);
	});
}

#[test]
fn reveals_should_open_at_the_deadline_without_those_who_are_missing() {
	scenario(|| {
		let id = committing(3);
		assert_ok!(commit(id, &validator(1), &opening(900_000)));
		assert_ok!(commit(id, &validator(3), &opening(900_000)));
		pass(id);
		assert_eq!(state(id), RoundState::Revealing);
		assert_eq!(progress(id, &validator(2)), Progress::Missed { stage: Stage::Commit });
		assert_eq!(round(id).accepted, 3, "whoever accepted and is missing still counts");
		assert!(DATA.with_borrow(|data| data.keys.is_empty()));
	});
}

#[test]
fn decline_should_fail_when_the_reason_is_about_the_checkpoint() {
	scenario(|| {
		let id = committing(3);
		for reason in [
			DeclineReason::CheckpointUnavailable,
			DeclineReason::HashMismatch,
			DeclineReason::Unloadable,
		] {
			assert_noop!(decline(id, 1, reason), Error::<Test>::ReasonOutOfPlace);
		}
		assert_ok!(commit(id, &validator(1), &opening(900_000)));
		assert_noop!(decline(id, 1, DeclineReason::Resources), Error::<Test>::NotDrawn);
		run_to(round(id).deadline + 1);
		assert_noop!(decline(id, 2, DeclineReason::Resources), Error::<Test>::WindowClosed);
	});
}

#[test]
fn decline_should_drop_the_keys_and_end_the_round_at_two_thirds() {
	scenario(|| {
		let id = committing(3);
		assert_ok!(decline(id, 1, DeclineReason::DataCorrupt));
		assert!(!DATA.with_borrow(|data| data.keys.contains(&(id, validator(1)))));
		assert_eq!(state(id), RoundState::Committing);
		assert_ok!(decline(id, 2, DeclineReason::DataCorrupt));
		assert_eq!(
			state(id),
			RoundState::Failed(FailReason::Declined(DeclineReason::DataCorrupt))
		);
	});
}

#[test]
fn declines_before_keys_should_not_count_towards_two_thirds_with_keys() {
	scenario(|| {
		let id = accepting(3);
		assert_ok!(decline(id, 1, DeclineReason::Resources));
		for n in [2, 3] {
			assert_ok!(accept(id, &validator(n)));
		}
		for n in [2, 3] {
			release(id, &validator(n));
		}
		assert_ok!(decline(id, 2, DeclineReason::Resources));
		assert_eq!(state(id), RoundState::Committing);
		assert_ok!(commit(id, &validator(3), &opening(900_000)));
		assert_eq!(state(id), RoundState::Revealing);
	});
}

#[test]
fn round_should_be_widened_when_nobody_commits() {
	scenario(|| {
		let id = committing(6);
		pass(id);
		assert_eq!(state(id), RoundState::Requested);
		assert!(round(id).widened);
		second_pass(id, &[900_000; 3]);
		// The three that accepted and are missing hold a half: no two thirds can agree.
		assert_eq!(state(id), RoundState::Inconclusive);
	});
}
