//! From one version of the pallet's storage to the next.

use crate::{weights::WeightInfo, Config, NextRound, OpenRounds, Pallet, Rounds};
use assay_primitives::RoundId;
use core::marker::PhantomData;
use polkadot_sdk::frame_support::{
	migrations::{MigrationId, SteppedMigration, SteppedMigrationError},
	traits::{Get, GetStorageVersion, StorageVersion},
	weights::WeightMeter,
};

#[cfg(feature = "try-runtime")]
use polkadot_sdk::sp_runtime::TryRuntimeError;
#[cfg(feature = "try-runtime")]
use scale_info::prelude::vec::Vec;

/// From version 0 to 1: fills [`OpenRounds`] from [`Rounds`].
///
/// Ids of rounds have no gaps, so the cursor is the next id to look at. A round that ends on the way takes itself out of
/// the index, and one whose draw comes in between stays open: what a step finds of a round holds for good or is mended
/// by the round itself. Running it again changes nothing.
pub struct IndexOpenRounds<T>(PhantomData<T>);

impl<T: Config> SteppedMigration for IndexOpenRounds<T> {
	type Cursor = RoundId;
	type Identifier = MigrationId<17>;

	fn id() -> Self::Identifier {
		MigrationId {
			pallet_id: *b"pallet-evaluation",
			version_from: 0,
			version_to: 1,
		}
	}

	fn step(
		cursor: Option<Self::Cursor>,
		meter: &mut WeightMeter,
	) -> Result<Option<Self::Cursor>, SteppedMigrationError> {
		let required = T::WeightInfo::index_round();
		// The pallet's own version is read and written, and the number of rounds is read.
		let around = T::DbWeight::get().reads_writes(2, 1);
		if !meter.can_consume(around.saturating_add(required)) {
			return Err(SteppedMigrationError::InsufficientWeight {
				required: around.saturating_add(required),
			});
		}
		meter.consume(around);
		if Pallet::<T>::on_chain_storage_version() >= Pallet::<T>::in_code_storage_version() {
			return Ok(None);
		}
		let end = NextRound::<T>::get();
		for id in cursor.unwrap_or(0)..end {
			if meter.try_consume(required).is_err() {
				return Ok(Some(id));
			}
			Self::index(id);
		}
		StorageVersion::new(1).put::<Pallet<T>>();
		Ok(None)
	}

	/// Says how many rounds are open.
	#[cfg(feature = "try-runtime")]
	fn pre_upgrade() -> Result<Vec<u8>, TryRuntimeError> {
		Ok(codec::Encode::encode(&Self::open_rounds()))
	}

	/// Checks that the rounds that are open are indexed, and no more of them than before.
	#[cfg(feature = "try-runtime")]
	fn post_upgrade(state: Vec<u8>) -> Result<(), TryRuntimeError> {
		use polkadot_sdk::frame_support::ensure;

		let before = <u32 as codec::Decode>::decode(&mut state.as_slice()).map_err(|_| "the count is lost")?;
		let indexed = OpenRounds::<T>::iter_keys().count() as u32;
		ensure!(indexed == Self::open_rounds(), "an open round is not indexed");
		ensure!(
			indexed <= before,
			"rounds were opened while no transactions were let in"
		);
		ensure!(
			Pallet::<T>::on_chain_storage_version() == StorageVersion::new(1),
			"the storage's version was not moved"
		);
		Ok(())
	}
}

impl<T: Config> IndexOpenRounds<T> {
	/// Indexes the round where it is open.
	pub(crate) fn index(id: RoundId) {
		if Rounds::<T>::get(id).is_some_and(|round| !round.state.is_final()) {
			OpenRounds::<T>::insert(id, ());
		}
	}

	#[cfg(feature = "try-runtime")]
	fn open_rounds() -> u32 {
		Rounds::<T>::iter_values()
			.filter(|round| !round.state.is_final())
			.count() as u32
	}
}
