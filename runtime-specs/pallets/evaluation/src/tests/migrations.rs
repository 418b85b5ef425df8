//! Filling the index of open rounds, block by block.

use super::stage::*;
use crate::{migrations::IndexOpenRounds, mock::*, weights::WeightInfo, NextRound, OpenRounds, Pallet, Rounds};
use assay_primitives::{DeclineReason, FailReason, RoundId, RoundState};
use polkadot_sdk::frame_support::{
	migrations::{SteppedMigration, SteppedMigrationError},
	traits::{GetStorageVersion, StorageVersion},
	weights::{Weight, WeightMeter},
};
use std::collections::BTreeSet;

const STATES: [RoundState; 13] = [
	RoundState::Requested,
	RoundState::Accepting,
	RoundState::Releasing,
	RoundState::Committing,
	RoundState::Revealing,
	RoundState::Settled,
	RoundState::Inconclusive,
	RoundState::Failed(FailReason::Declined(DeclineReason::HashMismatch)),
	RoundState::Failed(FailReason::Declined(DeclineReason::DataCorrupt)),
	RoundState::Failed(FailReason::NoCommittee),
	RoundState::Failed(FailReason::KeysWithheld),
	RoundState::Failed(FailReason::ClaimTakenOver),
	RoundState::Expired,
];

/// Storage as version 0 left it, with this many rounds over all states.
fn populate(rounds: RoundId) {
	let mut example = round(requested(5));
	for id in 0..rounds {
		example.state = STATES[id as usize % STATES.len()];
		Rounds::<Test>::insert(id, &example);
	}
	NextRound::<Test>::put(rounds);
	let _ = OpenRounds::<Test>::clear(u32::MAX, None);
	StorageVersion::new(0).put::<Pallet<Test>>();
}

fn open() -> BTreeSet<RoundId> {
	Rounds::<Test>::iter()
		.filter(|(_, round)| !round.state.is_final())
		.map(|(id, _)| id)
		.collect()
}

fn indexed() -> BTreeSet<RoundId> {
	OpenRounds::<Test>::iter_keys().collect()
}

/// Runs the migration with so much weight a block, and returns how many blocks it took. No step takes more.
fn migrate(limit: Weight) -> u32 {
	let mut cursor = None;
	for blocks in 1.. {
		let mut meter = WeightMeter::with_limit(limit);
		cursor = IndexOpenRounds::<Test>::transactional_step(cursor, &mut meter).unwrap();
		assert!(meter.consumed().all_lte(limit));
		if cursor.is_none() {
			return blocks;
		}
	}
	unreachable!()
}

/// Weight of looking at so many rounds, and of what a step does besides.
fn enough_for(rounds: u64) -> Weight {
	<() as WeightInfo>::index_round().saturating_mul(rounds + 2)
}

#[test]
fn index_should_hold_the_open_rounds_when_filled_over_several_blocks() {
	new_test_ext().execute_with(|| {
		populate(1_300);
		let expected = open();
		assert_eq!(expected.len(), 500);
		assert!(migrate(enough_for(100)) >= 10);
		assert_eq!(indexed(), expected);
		assert_eq!(Pallet::<Test>::on_chain_storage_version(), StorageVersion::new(1));
	});
}

#[test]
fn index_should_not_change_when_filled_twice() {
	new_test_ext().execute_with(|| {
		populate(130);
		migrate(enough_for(50));
		let once = indexed();
		assert_eq!(migrate(enough_for(50)), 1, "the version says that nothing is to do");
		assert_eq!(indexed(), once);
		StorageVersion::new(0).put::<Pallet<Test>>();
		migrate(enough_for(50));
		assert_eq!(indexed(), once);
	});
}

#[test]
fn index_should_be_right_when_a_round_ends_or_is_drawn_on_the_way() {
	scenario(|| {
		let id = requested(5);
		OpenRounds::<Test>::remove(id);
		StorageVersion::new(0).put::<Pallet<Test>>();
		pass(id);
		assert_eq!(state(id), RoundState::Accepting);
		assert_eq!(indexed(), BTreeSet::new());
		migrate(enough_for(10));
		assert_eq!(indexed(), BTreeSet::from([id]));
	});
	scenario(|| {
		benchmark(spec());
		let id = request();
		let mut meter = WeightMeter::with_limit(enough_for(10));
		StorageVersion::new(0).put::<Pallet<Test>>();
		assert_eq!(IndexOpenRounds::<Test>::step(None, &mut meter), Ok(None));
		StorageVersion::new(0).put::<Pallet<Test>>();
		pass(id);
		assert!(state(id).is_final(), "nobody could be drawn");
		migrate(enough_for(10));
		assert_eq!(indexed(), BTreeSet::new());
	});
}

#[test]
fn step_should_ask_for_weight_when_there_is_too_little_for_a_round() {
	new_test_ext().execute_with(|| {
		populate(13);
		let mut meter = WeightMeter::with_limit(Weight::from_parts(1, 1));
		assert!(matches!(
			IndexOpenRounds::<Test>::step(None, &mut meter),
			Err(SteppedMigrationError::InsufficientWeight { .. })
		));
		assert_eq!(indexed(), BTreeSet::new());
	});
}

#[test]
#[cfg(feature = "try-runtime")]
fn checks_should_pass_around_the_migration_and_notice_what_is_missing() {
	new_test_ext().execute_with(|| {
		populate(130);
		let before = IndexOpenRounds::<Test>::pre_upgrade().unwrap();
		migrate(enough_for(50));
		assert!(IndexOpenRounds::<Test>::post_upgrade(before.clone()).is_ok());
		OpenRounds::<Test>::remove(0);
		assert!(IndexOpenRounds::<Test>::post_upgrade(before).is_err());
	});
}

#[test]
fn index_should_follow_rounds_when_they_open_and_end() {
	scenario(|| {
		let id = requested(5);
		assert_eq!(indexed(), BTreeSet::from([id]));
		pass(id);
		assert_eq!(indexed(), BTreeSet::from([id]));
		pass(id);
		pass(id);
		assert_eq!(indexed(), open());
	});
	scenario(|| {
		revealed(5, &[900_000; 3]);
		assert_eq!(indexed(), BTreeSet::new());
	});
}

#[test]
fn state_should_be_refused_when_the_index_differs() {
	new_test_ext().execute_with(|| {
		let id = requested(5);
		OpenRounds::<Test>::remove(id);
		assert!(Evaluation::do_try_state().is_err(), "an open round is missing");
		OpenRounds::<Test>::insert(id, ());
		OpenRounds::<Test>::insert(id + 1, ());
		assert!(Evaluation::do_try_state().is_err(), "there is no such round");
		OpenRounds::<Test>::remove(id + 1);
		assert!(Evaluation::do_try_state().is_ok());
		crate::StoppedBlocks::<Test>::put(System::block_number() + 1);
		assert!(Evaluation::do_try_state().is_err(), "the clock is ahead of the blocks");
	});
}
