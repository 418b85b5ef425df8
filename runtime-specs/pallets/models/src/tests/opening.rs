use crate::{mock::*, *};
use assay_primitives::{CheckpointSpec, CheckpointStatus, Checkpoints as _, MILLI_ASY, PPM};
use codec::Encode;
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use polkadot_sdk::sp_runtime::TokenError;

/// A claim to checkpoint 1, old enough, opened with a changed description.
fn opened_with(change: impl FnOnce(&mut CheckpointSpec)) -> DispatchResult {
	let mut changed = spec(1);
	change(&mut changed);
	Zoo::open(signed(OWNER), 0, SALT, changed)
}

fn run_claimed(test: impl FnOnce()) {
	run(|| {
		register(OWNER);
		claim(1, OWNER);
		pass(5);
		test();
	});
}

#[test]
fn open_should_submit_the_checkpoint_and_swap_the_deposits_when_in_time() {
	run_claimed(|| {
		let before = held(HoldReason::Deposit, &OWNER);
		assert_ok!(opened_with(|_| ()));
		let entry = crate::Checkpoints::<Test>::get(id(1)).unwrap();
		let expected = (0, OWNER, 1, 6, false, CheckpointStatus::Submitted, spec(1), 0);
		let Checkpoint {
			model,
			owner,
			claimed_at,
			opened_at,
			locked,
			status,
			spec,
			uses,
			deposit,
		} = entry.clone();
		assert_eq!(
			(model, owner, claimed_at, opened_at, locked, status, spec, uses),
			expected
		);
		assert_eq!(deposit, entry.encoded_size() as u128 * MILLI_ASY);
		assert_eq!(held(HoldReason::Deposit, &OWNER) - before, deposit);
		assert_eq!(held(HoldReason::Claim, &OWNER), 0);
		assert_eq!(Models::<Test>::get(0).unwrap().checkpoints, 1);
		System::assert_last_event(
			Event::Opened {
				checkpoint: id(1),
				model: 0,
				owner: OWNER,
			}
			.into(),
		);
	});
}

#[test]
fn open_should_refuse_when_too_early_or_too_late() {
	run(|| {
		let model = register(OWNER);
		claim(1, OWNER);
		pass(4);
		assert_noop!(open(1, OWNER, model), Error::<Test>::ClaimTooFresh);
		pass(996);
		assert_noop!(open(1, OWNER, model), Error::<Test>::ClaimExpired);
	});
	run(|| {
		let model = register(OWNER);
		claim(1, OWNER);
		pass(999);
		assert_ok!(open(1, OWNER, model));
	});
}

#[test]
fn open_should_refuse_when_nothing_matching_was_claimed() {
	run_claimed(|| {
		let model = register(OTHER);
		assert_noop!(open(1, OTHER, model), Error::<Test>::UnknownClaim);
		assert_noop!(opened_with(|it| it.id = id(2)), Error::<Test>::UnknownClaim);
		assert_noop!(
			Zoo::open(signed(OWNER), 0, [0; 32], spec(1)),
			Error::<Test>::UnknownClaim
		);
	});
}

#[test]
fn open_should_refuse_when_the_model_is_not_the_callers() {
	run_claimed(|| {
		let theirs = register(OTHER);
		assert_noop!(open(1, OWNER, theirs), Error::<Test>::NotOwner);
		assert_noop!(open(1, OWNER, 9), Error::<Test>::UnknownModel);
	});
}

#[test]
fn open_should_refuse_when_the_description_is_unfit() {
	run_claimed(|| {
		assert_noop!(opened_with(|it| it.cid[1] = 0x70), Error::<Test>::NotACid);
		assert_noop!(opened_with(|it| it.card_cid[0] = 0), Error::<Test>::NotACid);
		assert_noop!(opened_with(|it| it.size_bytes = 0), Error::<Test>::EmptyCheckpoint);
		assert_noop!(
			opened_with(|it| it.architecture = Default::default()),
			Error::<Test>::ArchitectureUnfit
		);
		let shout = || b"ResNet".to_vec().try_into().unwrap();
		assert_noop!(
			opened_with(|it| it.architecture = shout()),
			Error::<Test>::ArchitectureUnfit
		);
		assert_noop!(
			opened_with(|it| it.operating_point_ppm = PPM + 1),
			Error::<Test>::OperatingPointUnfit
		);
		assert_noop!(opened_with(|it| it.parent = Some(id(2))), Error::<Test>::UnknownParent);
		assert_noop!(opened_with(|it| it.parent = Some(id(1))), Error::<Test>::UnknownParent);
	});
}

#[test]
fn open_should_take_a_parent_when_it_is_on_the_chain() {
	run_claimed(|| {
		let parent = submitted(2, OTHER);
		assert_ok!(opened_with(|it| it.parent = Some(parent)));
	});
}

#[test]
fn open_should_refuse_when_the_deposit_cannot_be_held() {
	run_claimed(|| {
		Constants::mutate(|economics| economics.byte_deposit = FUNDS);
		assert_noop!(opened_with(|_| ()), TokenError::FundsUnavailable);
	});
}

#[test]
fn open_should_take_the_id_over_when_claimed_earlier_and_no_committee_was_drawn() {
	run(|| {
		let (mine, theirs) = (register(OWNER), register(OTHER));
		claim(1, OWNER);
		pass(1);
		claim(1, OTHER);
		pass(5);
		assert_ok!(open(1, OTHER, theirs));
		assert_ok!(open(1, OWNER, mine));
		System::assert_has_event(
			Event::CheckpointTakenOver {
				checkpoint: id(1),
				from: OTHER,
				to: OWNER,
			}
			.into(),
		);
		let entry = crate::Checkpoints::<Test>::get(id(1)).unwrap();
		assert_eq!((entry.owner, entry.model, entry.claimed_at), (OWNER, mine, 1));
		let checkpoints = |model| Models::<Test>::get(model).unwrap().checkpoints;
		assert_eq!((checkpoints(mine), checkpoints(theirs)), (1, 0));
		assert_eq!(
			held(HoldReason::Deposit, &OTHER),
			Models::<Test>::get(theirs).unwrap().deposit
		);
	});
}

#[test]
fn open_should_refuse_a_taken_id_when_not_claimed_earlier() {
	for later in [0, 1] {
		run(|| {
			let (mine, theirs) = (register(OWNER), register(OTHER));
			claim(1, OWNER);
			pass(later);
			claim(1, OTHER);
			pass(5);
			assert_ok!(open(1, OWNER, mine));
			assert_noop!(open(1, OTHER, theirs), Error::<Test>::AlreadySubmitted);
		});
	}
}

#[test]
fn open_should_refuse_a_taken_id_when_a_committee_was_drawn() {
	run(|| {
		let (mine, theirs) = (register(OWNER), register(OTHER));
		claim(1, OWNER);
		pass(1);
		claim(1, OTHER);
		pass(5);
		assert_ok!(open(1, OTHER, theirs));
		Zoo::lock(id(1));
		assert_noop!(open(1, OWNER, mine), Error::<Test>::AlreadySubmitted);
	});
}

#[test]
fn open_should_refuse_when_the_owner_submits_an_id_twice() {
	run(|| {
		submitted(1, OWNER);
		claim(1, OWNER);
		pass(5);
		assert_noop!(open(1, OWNER, 0), Error::<Test>::AlreadySubmitted);
	});
}
