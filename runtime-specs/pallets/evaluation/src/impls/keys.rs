//! What the data sets' pallet asks before and after a steward releases keys.

use crate::{Config, Error, Members, Pallet, Progress, Rounds};
use assay_primitives::{AccountId, KeyReleases, ReleaseTerms, RoundId, RoundState};
use polkadot_sdk::{frame_support::dispatch::DispatchResult, sp_runtime::DispatchError};

#[cfg(feature = "runtime-benchmarks")]
use assay_primitives::{DatasetId, DatasetVersion, ShardSet};

impl<T: Config> KeyReleases<AccountId> for Pallet<T> {
	fn due(round: RoundId, member: &AccountId) -> Result<ReleaseTerms, DispatchError> {
		let entry = Self::round_in(round, RoundState::Releasing)?;
		match Self::member(round, member)?.progress {
			Progress::Accepted { .. } => Ok(ReleaseTerms {
				dataset: entry.terms.dataset,
				version: entry.terms.version,
				shards: entry.terms.shards,
			}),
			_ => Err(Error::<T>::NotDrawn.into()),
		}
	}

	fn released(id: RoundId, who: &AccountId) -> DispatchResult {
		let mut round = Self::round_in(id, RoundState::Releasing)?;
		let mut member = Self::member(id, who)?;
		let Progress::Accepted { key } = member.progress else {
			return Err(Error::<T>::NotDrawn.into());
		};
		member.progress = Progress::Keyed { key };
		let seats = member.seats;
		Members::<T>::insert(id, who, member);
		Self::note_keyed(id, &mut round, seats);
		Rounds::<T>::insert(id, round);
		Ok(())
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn set_up(dataset: DatasetId, version: DatasetVersion, shards: ShardSet, member: &AccountId) -> RoundId {
		crate::benchmarking::releasing_round::<T>(dataset, version, shards, member)
	}
}
