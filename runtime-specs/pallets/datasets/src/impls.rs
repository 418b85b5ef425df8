//! What the calls do, and what other pallets may ask.

use crate::{pallet::KeyReleases as Releases, *};
use assay_primitives::{
	Admission, Balance, DatasetId, DatasetTerms, DatasetVersion, KeyReleases as _, Prices, RoundId, SealedKeys,
	ShardSet, Use, VersionSpec,
};
use codec::Encode;
use frame_support::{
	ensure,
	pallet_prelude::{DispatchResult, EnsureOrigin, Get},
	storage::with_storage_layer,
	traits::{
		fungible::hold::Mutate as _,
		tokens::{Fortitude, Precision, Restriction},
	},
};
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use polkadot_sdk::sp_runtime::{traits::BadOrigin, DispatchError};
use scale_info::prelude::vec::Vec;

/// The calls.
impl<T: Config> Pallet<T> {
	pub(crate) fn do_register(
		steward: T::AccountId,
		description: Description,
		prices: Prices,
		admission: Option<Admission>,
	) -> DispatchResult {
		description.check::<T>()?;
		let dataset = NextDataset::<T>::get();
		let next = dataset.checked_add(1).ok_or(Error::<T>::TooMany)?;
		let economics = T::Economics::get();
		let by_modality = if description.modality.is_medical() {
			Admission::Accredited
		} else {
			Admission::Bonded
		};
		let mut entry = Dataset {
			steward: steward.clone(),
			description,
			prices,
			admission: admission.unwrap_or(by_modality),
			versions: 0,
			faults: 0,
			suspended: false,
			deposit: 0,
			bond: economics.steward_bond,
		};
		entry.deposit = economics
			.item_deposit
			.saturating_add(Self::byte_deposit(entry.encoded_size()));
		T::Currency::hold(&HoldReason::Deposit.into(), &steward, entry.deposit)?;
		T::Currency::hold(&HoldReason::StewardBond.into(), &steward, entry.bond)?;
		Datasets::<T>::insert(dataset, entry);
		NextDataset::<T>::put(next);
		Self::deposit_event(Event::Registered { dataset, steward });
		Ok(())
	}

	pub(crate) fn do_publish_version(steward: &T::AccountId, dataset: DatasetId, spec: VersionSpec) -> DispatchResult {
		let mut entry = Self::owned(steward, dataset)?;
		validity::check_version::<T>(&spec, entry.description.classes.len())?;
		let version = entry.versions;
		entry.versions = version.checked_add(1).ok_or(Error::<T>::TooMany)?;
		let mut published = Version {
			spec,
			retired: false,
			retired_shards: 0,
			deposit: 0,
		};
		published.deposit = Self::byte_deposit(published.encoded_size());
		T::Currency::hold(&HoldReason::Deposit.into(), steward, published.deposit)?;
		Versions::<T>::insert(dataset, version, published);
		Datasets::<T>::insert(dataset, entry);
		Self::deposit_event(Event::VersionPublished { dataset, version });
		Ok(())
	}

	pub(crate) fn do_set_prices(steward: &T::AccountId, dataset: DatasetId, prices: Prices) -> DispatchResult {
		let entry = Self::owned(steward, dataset)?;
		Datasets::<T>::insert(dataset, Dataset { prices, ..entry });
		Self::deposit_event(Event::PricesSet { dataset, prices });
		Ok(())
	}

	/// `steward` is `None` where governance accredits.
	pub(crate) fn do_accredit(
		steward: Option<&T::AccountId>,
		dataset: DatasetId,
		validator: T::AccountId,
	) -> DispatchResult {
		Self::ensure_may_accredit(steward, dataset)?;
		ensure!(
			!Accreditations::<T>::contains_key(dataset, &validator),
			Error::<T>::AlreadyAccredited
		);
		let mut deposit = 0;
		if let Some(steward) = steward {
			deposit = Self::byte_deposit((dataset, &validator, deposit).encoded_size());
			T::Currency::hold(&HoldReason::Deposit.into(), steward, deposit)?;
		}
		Accreditations::<T>::insert(dataset, &validator, deposit);
		Self::deposit_event(Event::Accredited { dataset, validator });
		Ok(())
	}

	/// `steward` is `None` where governance revokes. What the entry held goes back to the data set's steward.
	pub(crate) fn do_revoke_accreditation(
		steward: Option<&T::AccountId>,
		dataset: DatasetId,
		validator: T::AccountId,
	) -> DispatchResult {
		let entry = Self::ensure_may_accredit(steward, dataset)?;
		let deposit = Accreditations::<T>::take(dataset, &validator).ok_or(Error::<T>::NotAccredited)?;
		T::Currency::release(&HoldReason::Deposit.into(), &entry.steward, deposit, Precision::Exact)?;
		Self::deposit_event(Event::AccreditationRevoked { dataset, validator });
		Ok(())
	}

	pub(crate) fn do_release_key(
		steward: &T::AccountId,
		round: RoundId,
		member: T::AccountId,
		sealed_keys: SealedKeys,
	) -> DispatchResult {
		ensure!(
			!Releases::<T>::contains_key(round, &member),
			Error::<T>::AlreadyReleased
		);
		let due = T::KeyReleases::due(round, &member)?;
		Self::owned(steward, due.dataset)?;
		ensure!(
			sealed_keys.len() as u32 == due.shards.count_ones(),
			Error::<T>::WrongKeyCount
		);
		Releases::<T>::insert(round, &member, sealed_keys);
		Usage::<T>::mutate(due.dataset, |usage| usage.releases = usage.releases.saturating_add(1));
		Self::note_holder(due.dataset, due.version, &member, due.shards)?;
		Self::deposit_event(Event::KeyReleased {
			round,
			dataset: due.dataset,
			version: due.version,
			member: member.clone(),
			shards: due.shards,
		});
		T::KeyReleases::released(round, &member)
	}

	pub(crate) fn do_retire_version(
		steward: &T::AccountId,
		dataset: DatasetId,
		version: DatasetVersion,
	) -> DispatchResult {
		let published = Self::owned_version(steward, dataset, version)?;
		ensure!(!published.retired, Error::<T>::AlreadyRetired);
		Versions::<T>::insert(
			dataset,
			version,
			Version {
				retired: true,
				..published
			},
		);
		Self::deposit_event(Event::VersionRetired { dataset, version });
		Ok(())
	}

	pub(crate) fn do_retire_shard(
		steward: &T::AccountId,
		dataset: DatasetId,
		version: DatasetVersion,
		shard: u32,
	) -> DispatchResult {
		let mut published = Self::owned_version(steward, dataset, version)?;
		ensure!((shard as usize) < published.spec.shards.len(), Error::<T>::UnknownShard);
		ensure!(
			!has_shard(published.retired_shards, shard as usize),
			Error::<T>::AlreadyRetired
		);
		published.retired_shards |= 1_u64.checked_shl(shard).ok_or(Error::<T>::UnknownShard)?;
		Versions::<T>::insert(dataset, version, published);
		Self::deposit_event(Event::ShardRetired {
			dataset,
			version,
			shard,
		});
		Ok(())
	}

	pub(crate) fn do_top_up_bond(steward: &T::AccountId, dataset: DatasetId, amount: Balance) -> DispatchResult {
		let mut entry = Self::owned(steward, dataset)?;
		ensure!(amount > 0, Error::<T>::NothingToAdd);
		T::Currency::hold(&HoldReason::StewardBond.into(), steward, amount)?;
		// What was held is part of the issuance, which fits into a balance, and so does its sum.
		entry.bond = entry.bond.saturating_add(amount);
		Datasets::<T>::insert(dataset, entry);
		Self::deposit_event(Event::BondToppedUp { dataset, amount });
		Ok(())
	}

	pub(crate) fn do_reinstate(dataset: DatasetId) -> DispatchResult {
		let entry = Datasets::<T>::get(dataset).ok_or(Error::<T>::UnknownDataset)?;
		ensure!(entry.suspended, Error::<T>::NotSuspended);
		ensure!(entry.bond >= T::Economics::get().steward_bond, Error::<T>::BondTooLow);
		Datasets::<T>::insert(
			dataset,
			Dataset {
				suspended: false,
				faults: 0,
				..entry
			},
		);
		Self::deposit_event(Event::Reinstated { dataset });
		Ok(())
	}
}

/// Questions and steps the calls share.
impl<T: Config> Pallet<T> {
	/// Accounts that ever held the key of each shard of the version, in shard order; empty where there is no such
	/// version.
	pub fn exposure(dataset: DatasetId, version: DatasetVersion) -> Vec<u32> {
		let shards = Versions::<T>::get(dataset, version).map_or(0, |published| published.spec.shards.len());
		let mut counts = Exposure::<T>::get(dataset, version).into_inner();
		counts.resize(shards, 0);
		counts
	}

	/// The signer, or `None` for governance.
	pub(crate) fn steward_or_governance(origin: OriginFor<T>) -> Result<Option<T::AccountId>, BadOrigin> {
		match T::AccreditOrigin::try_origin(origin) {
			Ok(_) => Ok(None),
			Err(origin) => ensure_signed(origin).map(Some),
		}
	}

	fn ensure_may_accredit(
		steward: Option<&T::AccountId>,
		dataset: DatasetId,
	) -> Result<Dataset<T::AccountId>, Error<T>> {
		match steward {
			Some(steward) => Self::owned(steward, dataset),
			None => Datasets::<T>::get(dataset).ok_or(Error::<T>::UnknownDataset),
		}
	}

	fn owned(steward: &T::AccountId, dataset: DatasetId) -> Result<Dataset<T::AccountId>, Error<T>> {
		let entry = Datasets::<T>::get(dataset).ok_or(Error::<T>::UnknownDataset)?;
		ensure!(entry.steward == *steward, Error::<T>::NotSteward);
		Ok(entry)
	}

	fn owned_version(steward: &T::AccountId, dataset: DatasetId, version: DatasetVersion) -> Result<Version, Error<T>> {
		Self::owned(steward, dataset)?;
		Versions::<T>::get(dataset, version).ok_or(Error::<T>::UnknownVersion)
	}

	fn byte_deposit(bytes: usize) -> Balance {
		T::Economics::get().byte_deposit.saturating_mul(bytes as Balance)
	}

	/// Counts the account once for each shard whose key it did not hold before.
	fn note_holder(
		dataset: DatasetId,
		version: DatasetVersion,
		member: &T::AccountId,
		shards: ShardSet,
	) -> DispatchResult {
		let published = Versions::<T>::get(dataset, version).ok_or(Error::<T>::UnknownVersion)?;
		ensure!(
			shards != 0 && shards & !all_shards(published.spec.shards.len()) == 0,
			Error::<T>::UnknownShard
		);
		let key = (dataset, version, member);
		let held = Holders::<T>::get(key);
		let mut counts = Self::exposure(dataset, version);
		for (shard, count) in counts.iter_mut().enumerate() {
			if has_shard(shards & !held, shard) {
				*count = count.saturating_add(1);
			}
		}
		Holders::<T>::insert(key, held | shards);
		Exposure::<T>::insert(dataset, version, ExposureCounts::truncate_from(counts));
		Ok(())
	}
}

impl<T: Config> assay_primitives::Datasets<T::AccountId> for Pallet<T> {
	fn terms(dataset: DatasetId, version: DatasetVersion) -> Option<DatasetTerms<T::AccountId>> {
		let entry = Datasets::<T>::get(dataset)?;
		let published = Versions::<T>::get(dataset, version)?;
		let shards = published.live_shards();
		let live = published
			.spec
			.shards
			.iter()
			.enumerate()
			.filter(|(index, _)| has_shard(shards, *index));
		// Neither sum overflows: all samples of a version fit into 32 bits, and 64 * 2^32 frames of 2^20 bytes into 58.
		let (samples, frames) = live.fold((0_u32, 0_u64), |(samples, frames), (_, shard)| {
			(
				samples.saturating_add(shard.samples),
				frames.saturating_add(u64::from(shard.frames)),
			)
		});
		Some(DatasetTerms {
			steward: entry.steward,
			price: entry.prices.evaluate,
			admission: entry.admission,
			held_out_counts: published.spec.held_out_counts,
			samples,
			size_bytes: frames.saturating_mul(u64::from(published.spec.frame_bytes)),
			shards,
			usable: !published.retired && !entry.suspended && shards != 0,
		})
	}

	fn is_accredited(dataset: DatasetId, who: &T::AccountId) -> bool {
		Accreditations::<T>::contains_key(dataset, who)
	}

	fn note_use(dataset: DatasetId, kind: Use) {
		if Datasets::<T>::contains_key(dataset) {
			Usage::<T>::mutate(dataset, |usage| usage.note(kind));
			Self::deposit_event(Event::Used { dataset, kind });
		}
	}

	fn note_fault(dataset: DatasetId) {
		Datasets::<T>::mutate_extant(dataset, |entry| {
			entry.faults = entry.faults.saturating_add(1);
			Self::deposit_event(Event::Faulted {
				dataset,
				faults: entry.faults,
			});
			if entry.faults >= FAULTS_TO_SUSPEND && !entry.suspended {
				entry.suspended = true;
				Self::deposit_event(Event::Suspended { dataset });
			}
		});
	}

	fn charge_steward(dataset: DatasetId, amount: Balance, to: &T::AccountId) -> Balance {
		let charged = with_storage_layer(|| {
			let mut entry = Datasets::<T>::get(dataset).ok_or(Error::<T>::UnknownDataset)?;
			let moved = T::Currency::transfer_on_hold(
				&HoldReason::StewardBond.into(),
				&entry.steward,
				to,
				amount.min(entry.bond),
				Precision::Exact,
				Restriction::Free,
				Fortitude::Force,
			)?;
			entry.bond = entry.bond.saturating_sub(moved);
			Datasets::<T>::insert(dataset, entry);
			Ok::<_, DispatchError>(moved)
		})
		.unwrap_or(0);
		if charged > 0 {
			Self::deposit_event(Event::StewardCharged {
				dataset,
				amount: charged,
				to: to.clone(),
			});
		}
		charged
	}

	fn has_keys(round: RoundId, member: &T::AccountId) -> bool {
		Releases::<T>::contains_key(round, member)
	}

	fn forget_keys(round: RoundId, member: &T::AccountId) {
		if Releases::<T>::take(round, member).is_some() {
			Self::deposit_event(Event::KeysForgotten {
				round,
				member: member.clone(),
			});
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn set_up(samples: u32, shards: u32) -> (DatasetId, DatasetVersion, T::AccountId) {
		benchmarking::set_up::<T>(samples, shards)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_keys(round: RoundId, member: &T::AccountId) {
		Releases::<T>::insert(round, member, benchmarking::sealed_keys(assay_primitives::MAX_SHARDS));
	}
}
