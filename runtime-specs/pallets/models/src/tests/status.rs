use crate::{mock::*, *};
use assay_primitives::{
	CheckpointStatus::{self, *},
	CheckpointTerms, Checkpoints as _,
};
use frame_support::{assert_noop, assert_ok};

fn status() -> CheckpointStatus {
	crate::Checkpoints::<Test>::get(id(1)).unwrap().status
}

#[test]
fn note_score_should_move_the_status_up_only_when_scored() {
	run(|| {
		let checkpoint = submitted(1, OWNER);
		for (available, expected) in [(false, Scored), (false, Scored), (true, Available), (false, Available)] {
			Zoo::note_score(checkpoint, available);
			assert_eq!(status(), expected);
		}
		System::assert_last_event(
			Event::StatusChanged {
				checkpoint,
				status: Available,
			}
			.into(),
		);
	});
}

#[test]
fn note_score_should_make_it_available_at_once_when_the_first_verdict_is_past_the_threshold() {
	run(|| {
		Zoo::note_score(submitted(1, OWNER), true);
		assert_eq!(status(), Available);
	});
}

#[test]
fn note_score_should_change_nothing_when_deprecated_or_unknown() {
	run(|| {
		let checkpoint = submitted(1, OWNER);
		assert_ok!(Zoo::deprecate(signed(OWNER), checkpoint));
		let events = System::event_count();
		Zoo::note_score(checkpoint, true);
		Zoo::note_score(id(9), true);
		assert_eq!((status(), System::event_count()), (Deprecated, events));
	});
}

#[test]
fn deprecate_should_be_final_when_the_owner_asks() {
	run(|| {
		let checkpoint = submitted(1, OWNER);
		assert_noop!(Zoo::deprecate(signed(OTHER), checkpoint), Error::<Test>::NotOwner);
		assert_noop!(Zoo::deprecate(signed(OWNER), id(9)), Error::<Test>::UnknownCheckpoint);
		assert_ok!(Zoo::deprecate(signed(OWNER), checkpoint));
		System::assert_last_event(
			Event::StatusChanged {
				checkpoint,
				status: Deprecated,
			}
			.into(),
		);
		assert_noop!(
			Zoo::deprecate(signed(OWNER), checkpoint),
			Error::<Test>::AlreadyDeprecated
		);
	});
}

#[test]
fn lock_should_say_so_once_when_called_again() {
	run(|| {
		let checkpoint = submitted(1, OWNER);
		Zoo::lock(checkpoint);
		System::assert_last_event(Event::Locked { checkpoint }.into());
		let events = System::event_count();
		Zoo::lock(checkpoint);
		Zoo::lock(id(9));
		assert_eq!(System::event_count(), events);
	});
}

#[test]
fn terms_should_name_model_owner_size_and_status_when_submitted() {
	run(|| {
		let checkpoint = submitted(1, OWNER);
		let expected = CheckpointTerms {
			model: 0,
			owner: OWNER,
			size_bytes: 5_000,
			status: Submitted,
		};
		assert_eq!(Zoo::terms(checkpoint), Some(expected));
		assert_eq!(Zoo::terms(id(9)), None);
	});
}

#[test]
fn genesis_should_endow_the_account_when_built() {
	run(|| {
		assert_eq!(Balances::free_balance(Zoo::account()), ED);
		assert_eq!(
			Balances::total_issuance(),
			3 * FUNDS + Balances::free_balance(POOR) + ED
		);
		Zoo::endow();
		assert_eq!(Balances::free_balance(Zoo::account()), ED);
	});
}
