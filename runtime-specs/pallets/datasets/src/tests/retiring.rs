use crate::{mock::*, *};
use assay_primitives::Datasets as _;
use frame_support::{assert_noop, assert_ok};

#[test]
fn retire_version_should_bar_new_rounds_when_the_steward_asks() {
	run(|| {
		let (dataset, version) = publish();
		assert!(Data::terms(dataset, version).unwrap().usable);
		assert_ok!(Data::retire_version(RuntimeOrigin::signed(STEWARD), dataset, version));
		assert!(!Data::terms(dataset, version).unwrap().usable);
		System::assert_last_event(Event::VersionRetired { dataset, version }.into());
	});
}

#[test]
fn retire_version_should_refuse_when_it_may_not_be() {
	run(|| {
		let (dataset, version) = publish();
		let retire = |who, id, version| Data::retire_version(RuntimeOrigin::signed(who), id, version);
		assert_noop!(retire(OTHER, dataset, version), Error::<Test>::NotSteward);
		assert_noop!(retire(STEWARD, 7, version), Error::<Test>::UnknownDataset);
		assert_noop!(retire(STEWARD, dataset, 7), Error::<Test>::UnknownVersion);
		assert_ok!(retire(STEWARD, dataset, version));
		assert_noop!(retire(STEWARD, dataset, version), Error::<Test>::AlreadyRetired);
	});
}

#[test]
fn retire_shard_should_take_it_out_of_the_terms_when_the_steward_asks() {
	run(|| {
		let (dataset, version) = publish();
		assert_ok!(Data::retire_shard(RuntimeOrigin::signed(STEWARD), dataset, version, 1));
		System::assert_last_event(
			Event::ShardRetired {
				dataset,
				version,
				shard: 1,
			}
			.into(),
		);
		let terms = Data::terms(dataset, version).unwrap();
		assert_eq!(
			(terms.shards, terms.samples, terms.size_bytes),
			(0b101, 40, (11 + 33) * 4_096)
		);
		assert!(terms.usable);
	});
}

#[test]
fn retire_shard_should_leave_nothing_usable_when_all_are_retired() {
	run(|| {
		let (dataset, version) = publish();
		for shard in 0..3 {
			assert_ok!(Data::retire_shard(
				RuntimeOrigin::signed(STEWARD),
				dataset,
				version,
				shard
			));
		}
		let terms = Data::terms(dataset, version).unwrap();
		assert_eq!(
			(terms.shards, terms.samples, terms.size_bytes, terms.usable),
			(0, 0, 0, false)
		);
	});
}

#[test]
fn retire_shard_should_refuse_when_it_may_not_be() {
	run(|| {
		let (dataset, version) = publish();
		let retire = |who, id, version, shard| Data::retire_shard(RuntimeOrigin::signed(who), id, version, shard);
		assert_noop!(retire(OTHER, dataset, version, 0), Error::<Test>::NotSteward);
		assert_noop!(retire(STEWARD, 7, version, 0), Error::<Test>::UnknownDataset);
		assert_noop!(retire(STEWARD, dataset, 7, 0), Error::<Test>::UnknownVersion);
		for shard in [3, 64, u32::MAX] {
			assert_noop!(retire(STEWARD, dataset, version, shard), Error::<Test>::UnknownShard);
		}
		assert_ok!(retire(STEWARD, dataset, version, 2));
		assert_noop!(retire(STEWARD, dataset, version, 2), Error::<Test>::AlreadyRetired);
	});
}
