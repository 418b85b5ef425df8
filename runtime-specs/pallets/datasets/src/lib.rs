#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod events;
mod impls;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
mod types;
mod validity;
pub mod weights;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use polkadot_sdk::{
	frame_support::{self, pallet_macros::import_section},
	frame_system,
};

/// The data sets pallet.
#[allow(
	clippy::expect_used,
	reason = "what the macros expand to; the module holds declarations only"
)]
#[import_section(events::events)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use assay_primitives::{
		Admission, Balance, ClassNames, DatasetId, DatasetVersion, Economics, Licence, Modality, Name, Prices, RoundId,
		SealedKeys, ShardSet, Use, VersionSpec,
	};
	use frame_support::{pallet_prelude::*, traits::fungible};
	use frame_system::pallet_prelude::*;

	/// The pallet.
	#[pallet::pallet]
	pub struct Pallet<T>(_);

	/// What the runtime gives the pallet.
	#[pallet::config]
	pub trait Config: polkadot_sdk::frame_system::Config {
		/// The runtime's hold reasons. Removing ours would strand every deposit and bond.
		type RuntimeHoldReason: From<HoldReason>;

		/// The currency of deposits, bonds and prices, in planck. Replacing it strands what is on hold.
		type Currency: fungible::Inspect<Self::AccountId, Balance = Balance>
			+ fungible::Mutate<Self::AccountId>
			+ fungible::hold::Inspect<Self::AccountId, Reason = Self::RuntimeHoldReason>
			+ fungible::hold::Mutate<Self::AccountId>;

		/// Deposits and the steward's bond, in planck, already within their bounds. A change concerns later holds
		/// only; a higher bond is due when a data set is reinstated.
		type Economics: Get<Economics>;

		/// The rounds, which say what keys are due to whom. Without the right one no key can be released.
		type KeyReleases: assay_primitives::KeyReleases<Self::AccountId>;

		/// Governance: accredits validators beside the steward, and reinstates data sets.
		type AccreditOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Weights of the calls. Too low ones let blocks overrun their time.
		type WeightInfo: WeightInfo;
	}

	/// Why the pallet holds money.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// For stored bytes: data sets, versions and the steward's accreditations.
		Deposit,
		/// The steward's bond, from which work lost by its fault is paid.
		StewardBond,
	}

	/// Id of the next data set; data sets are never removed.
	#[pallet::storage]
	pub type NextDataset<T> = StorageValue<_, DatasetId, ValueQuery>;

	/// Data sets and their terms.
	#[pallet::storage]
	pub type Datasets<T: Config> = StorageMap<_, Twox64Concat, DatasetId, Dataset<T::AccountId>>;

	/// How often each data set was used.
	#[pallet::storage]
	pub type Usage<T> = StorageMap<_, Twox64Concat, DatasetId, UsageCounts, ValueQuery>;

	/// Versions of data sets, from 0 upward without gaps; never removed.
	#[pallet::storage]
	pub type Versions<T> = StorageDoubleMap<_, Twox64Concat, DatasetId, Twox64Concat, DatasetVersion, Version>;

	/// Accredited validators, with the deposit the steward pays for the entry: zero where governance accredited.
	#[pallet::storage]
	pub type Accreditations<T: Config> =
		StorageDoubleMap<_, Twox64Concat, DatasetId, Blake2_128Concat, T::AccountId, Balance>;

	/// Sealed shard keys by round and member, in ascending shard order, until the round forgets them.
	#[pallet::storage]
	pub type KeyReleases<T: Config> =
		StorageDoubleMap<_, Twox64Concat, RoundId, Blake2_128Concat, T::AccountId, SealedKeys>;

	/// Shards of a version whose keys were ever released to an account.
	#[pallet::storage]
	pub type Holders<T: Config> = StorageNMap<
		_,
		(
			NMapKey<Twox64Concat, DatasetId>,
			NMapKey<Twox64Concat, DatasetVersion>,
			NMapKey<Blake2_128Concat, T::AccountId>,
		),
		ShardSet,
		ValueQuery,
	>;

	/// Accounts that ever held the key of each shard of a version, in shard order; empty before the first release.
	#[pallet::storage]
	pub type Exposure<T> =
		StorageDoubleMap<_, Twox64Concat, DatasetId, Twox64Concat, DatasetVersion, ExposureCounts, ValueQuery>;

	/// Why a call was refused.
	#[pallet::error]
	pub enum Error<T> {
		/// There is no such data set.
		UnknownDataset,
		/// There is no such version of the data set.
		UnknownVersion,
		/// The version has no such shard.
		UnknownShard,
		/// Only the data set's steward may do this.
		NotSteward,
		/// The id space is used up.
		TooMany,
		/// Name or task is empty or not UTF-8.
		NameUnfit,
		/// Fewer than two classes, or a class name that is empty, repeated or not UTF-8.
		ClassesUnfit,
		/// Not an SPDX licence identifier.
		LicenceUnfit,
		/// Not a CIDv1 with raw codec and sha2-256.
		NotACid,
		/// The frame size is not a power of two from 4 KiB to 1 MiB.
		FrameSizeUnfit,
		/// The held-out split has no shards.
		NoShards,
		/// A shard has no frames or no samples.
		EmptyShard,
		/// Two shards commit to the same key.
		SharedKey,
		/// Not one count per class, or a count that is zero or names more groups than samples.
		CountsUnfit,
		/// The counts of shards, classes and groups contradict each other.
		CountsDisagree,
		/// The validator is accredited already.
		AlreadyAccredited,
		/// The validator is not accredited.
		NotAccredited,
		/// The member has the keys of this round already.
		AlreadyReleased,
		/// Not exactly one sealed key for each shard of the round.
		WrongKeyCount,
		/// The version or shard is retired already.
		AlreadyRetired,
		/// The amount is zero.
		NothingToAdd,
		/// The data set is not suspended.
		NotSuspended,
		/// The steward's bond is below what is asked of a data set now.
		BondTooLow,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), polkadot_sdk::sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Register a data set with the caller as its steward. Holds the deposit and the steward's bond. Without
		/// `admission`, medical modalities ask for accredited committees and the others for bonded ones.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::register())]
		#[allow(clippy::too_many_arguments)]
		pub fn register(
			origin: OriginFor<T>,
			name: Name,
			modality: Modality,
			task: Name,
			classes: ClassNames,
			licence: Licence,
			prices: Prices,
			admission: Option<Admission>,
		) -> DispatchResult {
			let steward = ensure_signed(origin)?;
			Self::do_register(
				steward,
				Description {
					name,
					modality,
					task,
					classes,
					licence,
				},
				prices,
				admission,
			)
		}

		/// Publish a version. Holds a deposit per byte.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::publish_version(spec.shards.len() as u32))]
		pub fn publish_version(origin: OriginFor<T>, dataset: DatasetId, spec: VersionSpec) -> DispatchResult {
			let steward = ensure_signed(origin)?;
			Self::do_publish_version(&steward, dataset, spec)
		}

		/// Set the prices of later uses.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::set_prices())]
		pub fn set_prices(origin: OriginFor<T>, dataset: DatasetId, prices: Prices) -> DispatchResult {
			let steward = ensure_signed(origin)?;
			Self::do_set_prices(&steward, dataset, prices)
		}

		/// Let a validator sit on the data set's committees. Holds a deposit where the steward does it.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::accredit())]
		pub fn accredit(origin: OriginFor<T>, dataset: DatasetId, validator: T::AccountId) -> DispatchResult {
			let steward = Self::steward_or_governance(origin)?;
			Self::do_accredit(steward.as_ref(), dataset, validator)
		}

		/// Take an accreditation back, whoever gave it.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::revoke_accreditation())]
		pub fn revoke_accreditation(
			origin: OriginFor<T>,
			dataset: DatasetId,
			validator: T::AccountId,
		) -> DispatchResult {
			let steward = Self::steward_or_governance(origin)?;
			Self::do_revoke_accreditation(steward.as_ref(), dataset, validator)
		}

		/// Release the keys of the round's shards to a member that accepted, sealed to its one-time key, in
		/// ascending shard order. Free of fees when it succeeds.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::release_key(sealed_keys.len() as u32))]
		pub fn release_key(
			origin: OriginFor<T>,
			round: RoundId,
			member: T::AccountId,
			sealed_keys: SealedKeys,
		) -> DispatchResultWithPostInfo {
			let steward = ensure_signed(origin)?;
			Self::do_release_key(&steward, round, member, sealed_keys)?;
			Ok(Pays::No.into())
		}

		/// Begin no new rounds on the version.
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::retire_version())]
		pub fn retire_version(origin: OriginFor<T>, dataset: DatasetId, version: DatasetVersion) -> DispatchResult {
			let steward = ensure_signed(origin)?;
			Self::do_retire_version(&steward, dataset, version)
		}

		/// Use the shard in no new rounds.
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::retire_shard())]
		pub fn retire_shard(
			origin: OriginFor<T>,
			dataset: DatasetId,
			version: DatasetVersion,
			shard: u32,
		) -> DispatchResult {
			let steward = ensure_signed(origin)?;
			Self::do_retire_shard(&steward, dataset, version, shard)
		}

		/// Add to the data set's bond.
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::top_up_bond())]
		pub fn top_up_bond(origin: OriginFor<T>, dataset: DatasetId, amount: Balance) -> DispatchResult {
			let steward = ensure_signed(origin)?;
			Self::do_top_up_bond(&steward, dataset, amount)
		}

		/// End a suspension and forget the faults. The bond must be whole.
		#[pallet::call_index(9)]
		#[pallet::weight(T::WeightInfo::reinstate())]
		pub fn reinstate(origin: OriginFor<T>, dataset: DatasetId) -> DispatchResult {
			T::AccreditOrigin::ensure_origin(origin)?;
			Self::do_reinstate(dataset)
		}
	}
}
