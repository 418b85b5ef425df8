//! Migrations over several blocks, under the real runtime's limits.

use crate::{
	actors::*,
	referenda::{aye, conclude, submit},
	support::{signed, Chain},
};
use assay_primitives::*;
use assay_runtime::*;
use frame_support::{
	assert_ok,
	migrations::{FailedMigrationHandler, FailedMigrationHandling, SteppedMigrations},
	traits::{GetStorageVersion, StorageVersion},
	weights::{Weight, WeightMeter},
};
use pallet_evaluation::{weights::WeightInfo, NextRound, OpenRounds, Rounds};
use pallet_referenda::ReferendumInfo;
use polkadot_sdk::*;
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use std::collections::BTreeSet;

type OnFailure = <Runtime as pallet_migrations::Config>::FailedMigrationHandler;
type EvaluationWeights = <Runtime as pallet_evaluation::Config>::WeightInfo;

fn service_weight() -> Weight {
	<Runtime as pallet_migrations::Config>::MaxServiceWeight::get()
}

fn states() -> Vec<RoundState> {
	let declined = [
		DeclineReason::CheckpointUnavailable,
		DeclineReason::HashMismatch,
		DeclineReason::Unloadable,
		DeclineReason::KeyInvalid,
		DeclineReason::DataCorrupt,
		DeclineReason::Resources,
	];
	let mut states = vec![
		RoundState::Requested,
		RoundState::Accepting,
		RoundState::Releasing,
		RoundState::Committing,
		RoundState::Revealing,
		RoundState::Settled,
		RoundState::Inconclusive,
		RoundState::Expired,
		RoundState::Failed(FailReason::NoCommittee),
		RoundState::Failed(FailReason::KeysWithheld),
		RoundState::Failed(FailReason::ClaimTakenOver),
	];
	states.extend(declined.map(|reason| RoundState::Failed(FailReason::Declined(reason))));
	states
}

/// Storage as spec_version 1 left it, with this many rounds over all states.
fn populate(rounds: RoundId) -> BTreeSet<RoundId> {
	let mut example = Rounds::<Runtime>::get(0).expect("there is a round");
	let states = states();
	for id in 0..rounds {
		example.state = states[id as usize % states.len()];
		Rounds::<Runtime>::insert(id, &example);
	}
	NextRound::<Runtime>::put(rounds);
	let _ = OpenRounds::<Runtime>::clear(u32::MAX, None);
	StorageVersion::new(0).put::<Evaluation>();
	(0..rounds)
		.filter(|id| !states[*id as usize % states.len()].is_final())
		.collect()
}

/// Weights of the blocks that the migrations take, each a step as the pallet makes it.
fn migrate() -> Vec<Weight> {
	let mut blocks = Vec::new();
	for migration in 0..migrations::MultiBlock::len() {
		let mut cursor = None;
		loop {
			let mut meter = WeightMeter::with_limit(service_weight());
			cursor = migrations::MultiBlock::nth_transactional_step(migration, cursor, &mut meter)
				.unwrap()
				.unwrap();
			blocks.push(meter.consumed());
			if cursor.is_none() {
				break;
			}
		}
	}
	blocks
}

#[test]
fn migrations_should_fit_their_pallets_limits() {
	assert_ok!(migrations::MultiBlock::integrity_test());
	let max_block = <Runtime as frame_system::Config>::BlockWeights::get().max_block;
	assert!(
		service_weight().saturating_mul(2).all_lte(max_block),
		"half a block at most"
	);
	assert!(migrations::MultiBlock::cursor_max_encoded_len() <= 65_536);
}

#[test]
fn index_of_open_rounds_should_be_right_after_several_blocks_of_half_a_block_at_most() {
	let mut chain = stage();
	assert_ok!(chain.call(signed(DEVELOPER), request(1)));
	let in_a_block = service_weight().ref_time() / EvaluationWeights::index_round().ref_time();
	let rounds = u32::try_from(in_a_block * 5 / 2).unwrap().max(1_000);
	chain.with(|| {
		let open = populate(rounds);
		#[cfg(feature = "try-runtime")]
		let before = migrations::MultiBlock::nth_pre_upgrade(0).unwrap().unwrap();
		let blocks = migrate();
		assert_eq!(blocks.len(), 3, "{rounds} rounds, {in_a_block} in a block");
		assert!(blocks.iter().all(|weight| weight.all_lte(service_weight())));
		#[cfg(feature = "try-runtime")]
		assert_ok!(migrations::MultiBlock::nth_post_upgrade(0, before).unwrap());
		let indexed: BTreeSet<RoundId> = OpenRounds::<Runtime>::iter_keys().collect();
		assert_eq!(indexed, open);
		assert_eq!(Evaluation::on_chain_storage_version(), StorageVersion::new(1));
		assert_eq!(migrate().len(), 1, "nothing is left to do");
	});
}

#[test]
fn failed_migration_should_pause_all_that_can_be_paused_and_leave_the_rest_to_governance() {
	let mut chain = Chain::dev();
	let handling = chain.with(|| OnFailure::failed(Some(0)));
	assert!(matches!(handling, FailedMigrationHandling::ForceUnstuck));
	let paused = chain.with(|| pallet_tx_pause::PausedCalls::<Runtime>::iter_keys().count());
	assert_eq!(paused, PAUSABLE.len());
	let transfer = pallet_balances::Call::transfer_keep_alive {
		dest: Bob.to_account_id().into(),
		value: 1,
	};
	assert!(chain.call(signed(Alice), transfer).is_err());
	let (pallet, call) = PAUSABLE[0];
	let root = OriginCaller::system(frame_system::RawOrigin::Root);
	let index = submit(&mut chain, root, crate::emergency::unpause(pallet, call));
	aye(&mut chain, Alice, index, 9_000_000);
	assert!(matches!(conclude(&mut chain, index), ReferendumInfo::Approved(..)));
	chain.skip(5);
	let left = chain.with(|| pallet_tx_pause::PausedCalls::<Runtime>::iter_keys().count());
	assert_eq!(left, PAUSABLE.len() - 1);
	assert!(chain.with(pallet_evaluation::StoppedBlocks::<Runtime>::get) > 0);
}

/// The pallet's own migrations are made up where its benchmarks are compiled in.
#[cfg(feature = "runtime-benchmarks")]
#[test]
fn clock_should_stand_still_while_a_migration_stops_transactions() {
	use pallet_migrations::{mock_helpers::MockedMigrations, MockedMigrations as _};

	let mut chain = Chain::dev();
	chain.with(|| MockedMigrations::set_success_after(3));
	let stopped = |chain: &mut Chain| chain.with(pallet_evaluation::StoppedBlocks::<Runtime>::get);
	let ongoing = |chain: &mut Chain| chain.with(pallet_migrations::Cursor::<Runtime>::exists);
	assert_ok!(chain.call(RuntimeOrigin::root(), pallet_migrations::Call::force_onboard_mbms {}));
	let mut blocks = 0;
	loop {
		chain.next();
		let is_stopped = stopped(&mut chain) == blocks + 1;
		if !is_stopped {
			break;
		}
		blocks += 1;
		assert!(blocks < 10, "the migration goes on for ever");
	}
	assert!(blocks >= 3, "{blocks}");
	assert!(!ongoing(&mut chain));
	chain.skip(3);
	assert_eq!(stopped(&mut chain), blocks);
	chain.check();
}
