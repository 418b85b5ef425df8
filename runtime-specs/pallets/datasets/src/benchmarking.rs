//! Benchmarks of every call, at the greatest sizes, and states for the benchmarks of other pallets.
#![allow(
	missing_docs,
	clippy::unwrap_used,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::arithmetic_side_effects,
	clippy::panic,
	clippy::float_arithmetic
)]

use crate::*;
use assay_primitives::{
	Admission, Balance, ClassCount, ClassName, ClassNames, DatasetId, DatasetVersion, Hash, KeyReleases as _, Licence,
	Modality, Prices, SealedKeys, Shard, VersionSpec, ASY, CID_PREFIX, MAX_CLASSES, MAX_SHARDS,
};
use frame_support::traits::{fungible::Mutate as _, EnsureOrigin, Get};
use frame_system::RawOrigin;
use polkadot_sdk::{
	frame_benchmarking::v2::*,
	sp_runtime::{traits::ConstU32, BoundedVec},
};
use scale_info::prelude::vec;

/// Enough for every deposit within the bounds.
const FUNDS: Balance = 10_000_000 * ASY;

fn text<const MAX: u32>(first: u32) -> BoundedVec<u8, ConstU32<MAX>> {
	let mut bytes = vec![b'x'; MAX as usize];
	bytes[0] = b'a' + first as u8;
	bytes.try_into().unwrap()
}

fn description(classes: u32) -> Description {
	let classes: ClassNames = (0..classes)
		.map(text)
		.collect::<vec::Vec<ClassName>>()
		.try_into()
		.unwrap();
	Description {
		name: text::<64>(0),
		modality: Modality::Xray,
		task: text::<64>(1),
		classes,
		licence: Licence::Spdx(text::<32>(2)),
	}
}

/// A version with `samples` samples per class, each its own group in a frame of its own, over `shards` shards.
fn spec(classes: u32, samples: u32, shards: u32) -> VersionSpec {
	let mut cid = [7; 36];
	cid[..4].copy_from_slice(&CID_PREFIX);
	let count = ClassCount {
		samples,
		groups: samples,
	};
	let counts: BoundedVec<_, _> = vec![count; classes as usize].try_into().unwrap();
	let total = classes * samples;
	let shard = |index: u32| {
		let samples = total / shards + u32::from(index < total % shards);
		let root = Hash::repeat_byte(index as u8);
		Shard {
			ciphertext_root: root,
			key_commitment: root,
			frames: samples,
			samples,
		}
	};
	VersionSpec {
		manifest: cid,
		public_split: cid,
		label_root: Hash::zero(),
		frame_bytes: 65_536,
		public_counts: counts.clone(),
		held_out_counts: counts,
		held_out_groups: total,
		shards: (0..shards).map(shard).collect::<vec::Vec<_>>().try_into().unwrap(),
	}
}

pub(crate) fn sealed_keys(count: u32) -> SealedKeys {
	vec![[9; 80]; count as usize].try_into().unwrap()
}

fn registered<T: Config>(classes: u32) -> (DatasetId, T::AccountId) {
	let dataset = NextDataset::<T>::get();
	let steward: T::AccountId = account("steward", dataset, 0);
	T::Currency::set_balance(&steward, FUNDS);
	let prices = Prices {
		evaluate: ASY,
		train: ASY,
		infer: ASY,
	};
	Pallet::<T>::do_register(steward.clone(), description(classes), prices, Some(Admission::Bonded)).unwrap();
	(dataset, steward)
}

/// A data set with two classes, open to any bonded validator, and one version with at least a sample per shard.
pub(crate) fn set_up<T: Config>(samples: u32, shards: u32) -> (DatasetId, DatasetVersion, T::AccountId) {
	let shards = shards.clamp(1, MAX_SHARDS);
	let (dataset, steward) = registered::<T>(2);
	Pallet::<T>::do_publish_version(&steward, dataset, spec(2, samples.max(shards), shards)).unwrap();
	(dataset, 0, steward)
}

fn assert_last<T: Config>(event: Event<T>) {
	let event: <T as frame_system::Config>::RuntimeEvent = event.into();
	frame_system::Pallet::<T>::assert_last_event(event);
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn register() {
		let steward: T::AccountId = whitelisted_caller();
		T::Currency::set_balance(&steward, FUNDS);
		let Description {
			name,
			modality,
			task,
			classes,
			licence,
		} = description(MAX_CLASSES);

		#[extrinsic_call]
		_(
			RawOrigin::Signed(steward.clone()),
			name,
			modality,
			task,
			classes,
			licence,
			Prices::default(),
			None,
		);

		assert_last::<T>(Event::Registered { dataset: 0, steward });
	}

	#[benchmark]
	fn publish_version(s: Linear<1, MAX_SHARDS>) {
		let (dataset, steward) = registered::<T>(MAX_CLASSES);

		#[extrinsic_call]
		_(RawOrigin::Signed(steward), dataset, spec(MAX_CLASSES, 1_000, s));

		assert_last::<T>(Event::VersionPublished { dataset, version: 0 });
	}

	#[benchmark]
	fn set_prices() {
		let (dataset, steward) = registered::<T>(MAX_CLASSES);

		#[extrinsic_call]
		_(RawOrigin::Signed(steward), dataset, Prices::default());

		assert_last::<T>(Event::PricesSet {
			dataset,
			prices: Prices::default(),
		});
	}

	#[benchmark]
	fn accredit() {
		let (dataset, steward) = registered::<T>(MAX_CLASSES);
		let validator: T::AccountId = account("validator", 0, 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(steward), dataset, validator.clone());

		assert_last::<T>(Event::Accredited { dataset, validator });
	}

	#[benchmark]
	fn revoke_accreditation() {
		let (dataset, steward) = registered::<T>(MAX_CLASSES);
		let validator: T::AccountId = account("validator", 0, 0);
		Pallet::<T>::do_accredit(Some(&steward), dataset, validator.clone()).unwrap();

		#[extrinsic_call]
		_(RawOrigin::Signed(steward), dataset, validator.clone());

		assert_last::<T>(Event::AccreditationRevoked { dataset, validator });
	}

	#[benchmark]
	fn release_key(s: Linear<1, MAX_SHARDS>) {
		let (dataset, version, steward) = set_up::<T>(1_000, s);
		let member: T::AccountId = account("member", 0, 0);
		let round = T::KeyReleases::set_up(dataset, version, all_shards(s as usize), &member);

		#[extrinsic_call]
		_(RawOrigin::Signed(steward), round, member.clone(), sealed_keys(s));

		assert_eq!(Holders::<T>::get((dataset, version, member)), all_shards(s as usize));
	}

	#[benchmark]
	fn retire_version() {
		let (dataset, version, steward) = set_up::<T>(1_000, MAX_SHARDS);

		#[extrinsic_call]
		_(RawOrigin::Signed(steward), dataset, version);

		assert_last::<T>(Event::VersionRetired { dataset, version });
	}

	#[benchmark]
	fn retire_shard() {
		let (dataset, version, steward) = set_up::<T>(1_000, MAX_SHARDS);

		#[extrinsic_call]
		_(RawOrigin::Signed(steward), dataset, version, 63);

		assert_last::<T>(Event::ShardRetired {
			dataset,
			version,
			shard: 63,
		});
	}

	#[benchmark]
	fn top_up_bond() {
		let (dataset, steward) = registered::<T>(MAX_CLASSES);

		#[extrinsic_call]
		_(RawOrigin::Signed(steward), dataset, ASY);

		assert_last::<T>(Event::BondToppedUp { dataset, amount: ASY });
	}

	#[benchmark]
	fn reinstate() -> Result<(), BenchmarkError> {
		let origin = T::AccreditOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
		let (dataset, steward) = registered::<T>(MAX_CLASSES);
		for _ in 0..FAULTS_TO_SUSPEND {
			<Pallet<T> as assay_primitives::Datasets<T::AccountId>>::note_fault(dataset);
		}
		Pallet::<T>::do_top_up_bond(&steward, dataset, T::Economics::get().steward_bond + 1)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, dataset);

		assert_last::<T>(Event::Reinstated { dataset });
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::ext(), crate::mock::Test);
}
