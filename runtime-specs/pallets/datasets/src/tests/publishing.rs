use crate::{mock::*, *};
use assay_primitives::{ClassCount, VersionSpec, MILLI_ASY};
use codec::Encode;
use frame_support::{assert_noop, assert_ok};
use polkadot_sdk::sp_runtime::{DispatchError, TokenError};

fn published_with(change: impl FnOnce(&mut VersionSpec)) -> Result<(), DispatchError> {
	let mut changed = spec();
	change(&mut changed);
	Data::publish_version(RuntimeOrigin::signed(STEWARD), 0, changed)
}

fn run_registered(test: impl FnOnce()) {
	run(|| {
		register();
		test();
	});
}

#[test]
fn publish_version_should_store_it_and_hold_a_deposit_per_byte_when_valid() {
	run_registered(|| {
		let before = held(HoldReason::Deposit, STEWARD);
		assert_ok!(published_with(|_| ()));
		System::assert_last_event(Event::VersionPublished { dataset: 0, version: 0 }.into());
		let version = Versions::<Test>::get(0, 0).unwrap();
		assert_eq!(
			(&version.spec, version.retired, version.retired_shards),
			(&spec(), false, 0)
		);
		assert_eq!(
			held(HoldReason::Deposit, STEWARD) - before,
			version.encoded_size() as u128 * MILLI_ASY
		);
		assert_ok!(published_with(|_| ()));
		assert_eq!(Datasets::<Test>::get(0).unwrap().versions, 2);
		assert!(Versions::<Test>::contains_key(0, 1));
	});
}

#[test]
fn publish_version_should_refuse_when_not_the_steward() {
	run_registered(|| {
		let by = |who, id| Data::publish_version(RuntimeOrigin::signed(who), id, spec());
		assert_noop!(by(OTHER, 0), Error::<Test>::NotSteward);
		assert_noop!(by(STEWARD, 1), Error::<Test>::UnknownDataset);
	});
}

#[test]
fn publish_version_should_refuse_when_the_deposit_cannot_be_held() {
	run_registered(|| {
		Constants::mutate(|economics| economics.byte_deposit = FUNDS);
		assert_noop!(published_with(|_| ()), TokenError::FundsUnavailable);
	});
}

#[test]
fn publish_version_should_refuse_when_version_numbers_are_used_up() {
	ext().execute_with(|| {
		register();
		Datasets::<Test>::mutate_extant(0, |entry| entry.versions = u32::MAX);
		assert_noop!(published_with(|_| ()), Error::<Test>::TooMany);
	});
}

#[test]
fn publish_version_should_refuse_when_a_manifest_is_no_cid() {
	run_registered(|| {
		assert_noop!(published_with(|it| it.manifest[0] = 0), Error::<Test>::NotACid);
		assert_noop!(published_with(|it| it.public_split[3] = 0x21), Error::<Test>::NotACid);
	});
}

#[test]
fn publish_version_should_refuse_when_the_frame_size_is_unfit() {
	run_registered(|| {
		for bytes in [0, 2_048, 5_000, 2_097_152] {
			assert_noop!(
				published_with(|it| it.frame_bytes = bytes),
				Error::<Test>::FrameSizeUnfit
			);
		}
		assert_ok!(published_with(|it| it.frame_bytes = 1_048_576));
	});
}

#[test]
fn publish_version_should_refuse_when_the_shards_are_unfit() {
	run_registered(|| {
		assert_noop!(
			published_with(|it| it.shards = Default::default()),
			Error::<Test>::NoShards
		);
		assert_noop!(published_with(|it| it.shards[1].frames = 0), Error::<Test>::EmptyShard);
		assert_noop!(published_with(|it| it.shards[1].samples = 0), Error::<Test>::EmptyShard);
		let share = |it: &mut VersionSpec| it.shards[1].key_commitment = it.shards[0].key_commitment;
		assert_noop!(published_with(share), Error::<Test>::SharedKey);
	});
}

#[test]
fn publish_version_should_refuse_when_a_count_is_unfit() {
	run_registered(|| {
		let unfit = Error::<Test>::CountsUnfit;
		let third = ClassCount { samples: 1, groups: 1 };
		assert_noop!(published_with(|it| it.public_counts.force_push(third)), unfit);
		assert_noop!(
			published_with(|it| it.held_out_counts = Default::default()),
			Error::<Test>::CountsUnfit
		);
		assert_noop!(
			published_with(|it| it.public_counts[0].samples = 0),
			Error::<Test>::CountsUnfit
		);
		assert_noop!(
			published_with(|it| it.held_out_counts[1].groups = 0),
			Error::<Test>::CountsUnfit
		);
		assert_noop!(
			published_with(|it| it.held_out_counts[1].groups = 21),
			Error::<Test>::CountsUnfit
		);
	});
}

#[test]
fn publish_version_should_refuse_when_the_counts_disagree() {
	run_registered(|| {
		let disagree = |change: fn(&mut VersionSpec)| {
			assert_noop!(published_with(change), Error::<Test>::CountsDisagree);
		};
		disagree(|it| it.shards[0].samples += 1);
		disagree(|it| it.held_out_counts[0].samples += 1);
		disagree(|it| it.held_out_groups = 19);
		disagree(|it| it.held_out_groups = 36);
		disagree(|it| it.public_counts[0].samples = u32::MAX);
		disagree(|it| {
			it.shards[0].samples = u32::MAX;
			it.held_out_counts[0].samples = u32::MAX;
		});
		assert_ok!(published_with(|it| it.held_out_groups = 20));
		assert_ok!(published_with(|it| it.held_out_groups = 35));
	});
}
