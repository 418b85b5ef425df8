use crate::{mock::*, *};
use assay_primitives::{Admission, DatasetTerms, Datasets as _, Use, ASY};

#[test]
fn terms_should_sum_the_shards_when_there_is_a_version() {
	run(|| {
		let (dataset, version) = publish();
		let expected = DatasetTerms {
			steward: STEWARD,
			price: ASY,
			admission: Admission::Accredited,
			held_out_counts: spec().held_out_counts,
			samples: 60,
			size_bytes: 66 * 4_096,
			shards: 0b111,
			usable: true,
		};
		assert_eq!(Data::terms(dataset, version), Some(expected));
	});
}

#[test]
fn terms_should_be_none_when_there_is_no_version() {
	run(|| {
		let dataset = register();
		assert_eq!(Data::terms(dataset, 0), None);
		assert_eq!(Data::terms(dataset + 1, 0), None);
	});
}

#[test]
fn note_use_should_count_each_kind_apart_when_used() {
	run(|| {
		let dataset = register();
		for kind in [Use::Evaluate, Use::Evaluate, Use::Train, Use::Infer] {
			Data::note_use(dataset, kind);
			System::assert_last_event(Event::Used { dataset, kind }.into());
		}
		let usage = Usage::<Test>::get(dataset);
		assert_eq!(
			(usage.evaluations, usage.trainings, usage.inferences, usage.releases),
			(2, 1, 1, 0)
		);
		let events = System::event_count();
		Data::note_use(7, Use::Train);
		assert_eq!(System::event_count(), events);
	});
}

#[test]
fn shard_sets_should_name_the_first_shards_when_counted() {
	assert_eq!(
		(all_shards(0), all_shards(1), all_shards(3), all_shards(64)),
		(0, 1, 0b111, u64::MAX)
	);
	assert!(has_shard(u64::MAX, 63) && !has_shard(u64::MAX, 64) && !has_shard(0b101, 1));
}
