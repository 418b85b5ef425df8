//! From the fixed authorities of spec_version 1 to selected ones.

use crate::{configs::authorities::CANDIDACY_BOND, *};
use frame_support::{traits::OnRuntimeUpgrade, weights::Weight, BoundedVec};
use pallet_collator_selection::{CandidacyBond, DesiredCandidates, Invulnerables};
use pallet_equivocation::FirstSlots;

#[cfg(feature = "try-runtime")]
use sp_runtime::TryRuntimeError;

/// Makes the running session's authorities governance's invulnerables, with no place for candidates until it opens one.
/// Does nothing where there is a list of invulnerables, be it empty.
pub struct SeedAuthorities;

impl OnRuntimeUpgrade for SeedAuthorities {
	fn on_runtime_upgrade() -> Weight {
		let weight = <Runtime as frame_system::Config>::DbWeight::get();
		if Invulnerables::<Runtime>::exists() {
			return weight.reads(1);
		}
		let mut authorities = BoundedVec::truncate_from(Session::validators());
		authorities.sort();
		Invulnerables::<Runtime>::put(authorities);
		CandidacyBond::<Runtime>::put(CANDIDACY_BOND);
		DesiredCandidates::<Runtime>::put(0);
		// What the running session's authors seal from here on can be reported.
		FirstSlots::<Runtime>::insert(Session::current_index(), pallet_aura::CurrentSlot::<Runtime>::get());
		weight.reads_writes(4, 4)
	}

	#[cfg(feature = "try-runtime")]
	fn pre_upgrade() -> Result<Vec<u8>, TryRuntimeError> {
		let expected = if Invulnerables::<Runtime>::exists() {
			Invulnerables::<Runtime>::get().into_inner()
		} else {
			let mut authorities = Session::validators();
			authorities.sort();
			authorities
		};
		Ok(codec::Encode::encode(&expected))
	}

	#[cfg(feature = "try-runtime")]
	fn post_upgrade(expected: Vec<u8>) -> Result<(), TryRuntimeError> {
		let seeded = codec::Encode::encode(&Invulnerables::<Runtime>::get());
		frame_support::ensure!(
			seeded == expected,
			"the invulnerables are not the session's authorities"
		);
		frame_support::ensure!(CandidacyBond::<Runtime>::get() > 0, "candidates need no bond");
		Ok(())
	}
}
