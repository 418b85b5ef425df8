//! What must hold in every block.

use crate::*;
use assay_primitives::{Balance, DatasetId, DatasetVersion};
use frame_support::{ensure, traits::fungible::hold::Inspect as _};
use polkadot_sdk::sp_runtime::TryRuntimeError;
use scale_info::prelude::{collections::BTreeMap, vec, vec::Vec};

impl<T: Config> Pallet<T> {
	/// An error where the pallet's state contradicts itself or what is on hold.
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::try_counters()?;
		Self::try_versions()?;
		Self::try_exposure()?;
		Self::try_holds()
	}

	fn try_counters() -> Result<(), TryRuntimeError> {
		let count = Datasets::<T>::iter_keys().count();
		ensure!(
			count == NextDataset::<T>::get() as usize,
			"data sets differ from their counter"
		);
		let below = Datasets::<T>::iter_keys().all(|dataset| dataset < NextDataset::<T>::get());
		ensure!(below, "a data set's id is not below the next one");
		ensure!(
			Usage::<T>::iter_keys().all(Datasets::<T>::contains_key),
			"usage without a data set"
		);
		for (dataset, entry) in Datasets::<T>::iter() {
			let versions = Versions::<T>::iter_key_prefix(dataset).count();
			ensure!(
				versions == entry.versions as usize,
				"versions differ from their counter"
			);
			let barred = entry.faults >= FAULTS_TO_SUSPEND;
			ensure!(
				entry.suspended == barred,
				"a data set is suspended without the faults, or has them and is not"
			);
		}
		Ok(())
	}

	fn try_versions() -> Result<(), TryRuntimeError> {
		for (dataset, version, published) in Versions::<T>::iter() {
			let entry = Datasets::<T>::get(dataset).ok_or("a version without a data set")?;
			ensure!(version < entry.versions, "a version is not below the next one");
			let extra = published.retired_shards & !all_shards(published.spec.shards.len());
			ensure!(extra == 0, "a retired shard that the version does not have");
			let fits = validity::check_version::<T>(&published.spec, entry.description.classes.len());
			ensure!(fits.is_ok(), "a version that would not be accepted");
		}
		ensure!(
			Accreditations::<T>::iter().all(|(id, ..)| Datasets::<T>::contains_key(id)),
			"accredited for nothing"
		);
		Ok(())
	}

	fn try_exposure() -> Result<(), TryRuntimeError> {
		let mut counted: BTreeMap<(DatasetId, DatasetVersion), Vec<u32>> = BTreeMap::new();
		for ((dataset, version, _), shards) in Holders::<T>::iter() {
			let known = Versions::<T>::get(dataset, version)
				.ok_or("keys held of no version")?
				.spec
				.shards
				.len();
			ensure!(shards != 0 && shards & !all_shards(known) == 0, "keys held of no shard");
			let counts = counted.entry((dataset, version)).or_insert_with(|| vec![0; known]);
			for (shard, count) in counts.iter_mut().enumerate() {
				*count = count.saturating_add(u32::from(has_shard(shards, shard)));
			}
		}
		let stored: BTreeMap<_, _> = Exposure::<T>::iter()
			.map(|(dataset, version, counts)| ((dataset, version), counts.into_inner()))
			.collect();
		ensure!(counted == stored, "exposure differs from the holders");
		Ok(())
	}

	fn try_holds() -> Result<(), TryRuntimeError> {
		let mut owed: BTreeMap<T::AccountId, (Balance, Balance)> = BTreeMap::new();
		for (dataset, entry) in Datasets::<T>::iter() {
			let versions = Versions::<T>::iter_prefix_values(dataset).map(|published| published.deposit);
			let accreditations = Accreditations::<T>::iter_prefix_values(dataset);
			let deposit = versions
				.chain(accreditations)
				.fold(entry.deposit, Balance::saturating_add);
			let (deposits, bonds) = owed.entry(entry.steward).or_default();
			*deposits = deposits.saturating_add(deposit);
			*bonds = bonds.saturating_add(entry.bond);
		}
		for (steward, (deposits, bonds)) in owed {
			let held = |reason: HoldReason| T::Currency::balance_on_hold(&reason.into(), &steward);
			ensure!(
				held(HoldReason::Deposit) == deposits,
				"deposits differ from what is on hold"
			);
			ensure!(
				held(HoldReason::StewardBond) == bonds,
				"bonds differ from what is on hold"
			);
		}
		Ok(())
	}
}
