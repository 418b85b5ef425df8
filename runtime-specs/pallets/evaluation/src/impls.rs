//! What the calls do, one file per idea.

mod benchmarks;
mod clock;
mod draw;
mod integrity;
mod keys;
mod members;
mod one_time_key;
mod progress;
mod queries;
mod requests;
mod settlement;
#[cfg(feature = "try-runtime")]
mod try_state;
mod validators;
mod verdict;

pub(crate) use integrity::integrity_test;

use crate::{Config, Member, Pallet};
use assay_primitives::{AccountId, Pace, RoundId, Windows};
use polkadot_sdk::frame_support::{sp_runtime::traits::AccountIdConversion, traits::Get};
use scale_info::prelude::vec::Vec;

impl<T: Config> Pallet<T> {
	/// Which table of periods the chain uses.
	pub fn pace() -> Pace {
		crate::CurrentPace::<T>::get()
	}

	/// The periods of rounds.
	pub fn windows() -> Windows {
		Self::pace().windows()
	}

	/// The account that holds everything owed.
	pub fn account() -> AccountId {
		T::PalletId::get().into_account_truncating()
	}

	/// The members of a round, in ascending order of their accounts.
	pub(crate) fn committee(round: RoundId) -> Vec<(AccountId, Member)> {
		let mut members: Vec<_> = crate::Members::<T>::iter_prefix(round).collect();
		members.sort_by(|a, b| a.0.cmp(&b.0));
		members
	}
}
