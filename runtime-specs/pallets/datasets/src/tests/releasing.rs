use crate::{mock::*, *};
use assay_primitives::{DatasetVersion, Datasets as _, RoundId};
use frame_support::{assert_noop, assert_ok, dispatch::Pays, pallet_prelude::DispatchResultWithPostInfo};
use polkadot_sdk::sp_runtime::DispatchError;
use proptest::prelude::*;

fn release(by: u64, round: RoundId, member: u64, count: usize) -> DispatchResultWithPostInfo {
	Data::release_key(RuntimeOrigin::signed(by), round, member, sealed(count))
}

#[test]
fn release_key_should_store_the_keys_for_free_when_they_are_due() {
	run(|| {
		let (dataset, version) = publish();
		owe(4, MEMBER, dataset, version, 0b101);
		let post = release(STEWARD, 4, MEMBER, 2).unwrap();
		assert_eq!(post.pays_fee, Pays::No);
		assert!(Data::has_keys(4, &MEMBER));
		assert_eq!(KeyReleases::<Test>::get(4, MEMBER), Some(sealed(2)));
		assert_eq!(Usage::<Test>::get(dataset).releases, 1);
		assert_eq!(Holders::<Test>::get((dataset, version, MEMBER)), 0b101);
		assert_eq!(Data::exposure(dataset, version), [1, 0, 1]);
		assert!(Due::get().is_empty(), "the round was told");
		System::assert_last_event(
			Event::KeyReleased {
				round: 4,
				dataset,
				version,
				member: MEMBER,
				shards: 0b101,
			}
			.into(),
		);
	});
}

#[test]
fn release_key_should_refuse_when_nothing_is_due() {
	run(|| {
		let (dataset, version) = publish();
		owe(4, MEMBER, dataset, version, 0b1);
		assert_noop!(release(STEWARD, 4, OTHER, 1), DispatchError::Other("not due"));
		assert_noop!(release(STEWARD, 5, MEMBER, 1), DispatchError::Other("not due"));
	});
}

#[test]
fn release_key_should_refuse_when_not_the_steward() {
	run(|| {
		let (dataset, version) = publish();
		owe(4, MEMBER, dataset, version, 0b1);
		assert_noop!(release(MEMBER, 4, MEMBER, 1), Error::<Test>::NotSteward);
		owe(5, MEMBER, 9, 0, 0b1);
		assert_noop!(release(STEWARD, 5, MEMBER, 1), Error::<Test>::UnknownDataset);
	});
}

#[test]
fn release_key_should_refuse_when_keys_lack_or_are_too_many() {
	run(|| {
		let (dataset, version) = publish();
		owe(4, MEMBER, dataset, version, 0b111);
		for count in [0, 2, 4, 64] {
			assert_noop!(release(STEWARD, 4, MEMBER, count), Error::<Test>::WrongKeyCount);
		}
		assert_ok!(release(STEWARD, 4, MEMBER, 3));
	});
}

#[test]
fn release_key_should_refuse_when_the_round_names_what_the_data_set_lacks() {
	run(|| {
		let (dataset, version) = publish();
		owe(4, MEMBER, dataset, version + 1, 0b1);
		assert_noop!(release(STEWARD, 4, MEMBER, 1), Error::<Test>::UnknownVersion);
		owe(5, MEMBER, dataset, version, 0b1001);
		assert_noop!(release(STEWARD, 5, MEMBER, 2), Error::<Test>::UnknownShard);
		owe(6, MEMBER, dataset, version, 0);
		assert_noop!(release(STEWARD, 6, MEMBER, 0), Error::<Test>::UnknownShard);
	});
}

#[test]
fn release_key_should_refuse_when_released_before() {
	run(|| {
		let (dataset, version) = publish();
		owe(4, MEMBER, dataset, version, 0b1);
		assert_ok!(release(STEWARD, 4, MEMBER, 1));
		owe(4, MEMBER, dataset, version, 0b1);
		assert_noop!(release(STEWARD, 4, MEMBER, 1), Error::<Test>::AlreadyReleased);
	});
}

#[test]
fn release_key_should_change_nothing_when_the_round_does_not_take_it() {
	run(|| {
		let (dataset, version) = publish();
		owe(4, MEMBER, dataset, version, 0b1);
		RoundsGoOn::set(false);
		assert_noop!(release(STEWARD, 4, MEMBER, 1), DispatchError::Other("stuck"));
	});
}

#[test]
fn release_key_should_work_on_a_retired_shard_when_the_round_had_it_before() {
	run(|| {
		let (dataset, version) = publish();
		owe(4, MEMBER, dataset, version, 0b1);
		assert_ok!(Data::retire_shard(RuntimeOrigin::signed(STEWARD), dataset, version, 0));
		assert_ok!(release(STEWARD, 4, MEMBER, 1));
	});
}

#[test]
fn forget_keys_should_keep_the_exposure_when_it_drops_the_keys() {
	run(|| {
		let (dataset, version) = publish();
		owe(4, MEMBER, dataset, version, 0b1);
		assert_ok!(release(STEWARD, 4, MEMBER, 1));
		Data::forget_keys(4, &MEMBER);
		assert!(!Data::has_keys(4, &MEMBER));
		assert_eq!(Data::exposure(dataset, version), [1, 0, 0]);
		System::assert_last_event(
			Event::KeysForgotten {
				round: 4,
				member: MEMBER,
			}
			.into(),
		);
		let events = System::event_count();
		Data::forget_keys(4, &MEMBER);
		assert_eq!(System::event_count(), events);
	});
}

#[test]
fn exposure_should_be_zero_or_empty_when_nobody_holds_a_key() {
	run(|| {
		let (dataset, version) = publish();
		assert_eq!(Data::exposure(dataset, version), [0, 0, 0]);
		assert!(Data::exposure(dataset, version + 1).is_empty());
	});
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(32))]

	#[test]
	fn exposure_should_count_each_account_once_per_shard_when_rounds_repeat(
		releases in proptest::collection::vec((10..16_u64, 1..8_u64), 1..20),
	) {
		run(|| {
			let (dataset, version): (_, DatasetVersion) = publish();
			for (round, (member, shards)) in releases.iter().enumerate() {
				owe(round as u32, *member, dataset, version, *shards);
				assert_ok!(release(STEWARD, round as u32, *member, shards.count_ones() as usize));
			}
			let holders = |shard: usize| (10..16).filter(|who| releases.iter().any(|(m, set)| m == who && has_shard(*set, shard))).count();
			let expected: Vec<u32> = (0..3).map(|shard| holders(shard) as u32).collect();
			assert_eq!(Data::exposure(dataset, version), expected);
			assert_eq!(Usage::<Test>::get(dataset).releases as usize, releases.len());
		});
	}
}
