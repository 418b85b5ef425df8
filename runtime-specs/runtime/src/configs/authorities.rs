//! Who the authorities are: governance's invulnerables and bonded candidates.
//!
//! `pallet-collator-selection` is a session manager that is ready for this: a list that root sets by referendum (the
//! `root` track), beside candidates who bond, the highest bonds first, and are dropped where they author nothing. An
//! appchain of this size needs no more. `pallet-staking` brings nominators, elections, eras and rewards by inflation,
//! and the attack surface of all of them; `substrate-validator-set` is a list without bonds, outside the SDK's releases.
//!
//! Its pot stays empty: authors have their share of fees at once (see `fees.rs`), so it pays nobody. Whoever sends the
//! pot's account money gives it to the next authors, half of the rest with each block.

use crate::{
	configs::session::{session_length, History, MAX_AUTHORITIES},
	*,
};
use alloc::vec::Vec;
use assay_primitives::{Pace, ASY};
use frame_support::{
	parameter_types,
	traits::{ConstU32, Get, ValidatorRegistration},
	PalletId,
};
use frame_system::EnsureRoot;
use pallet_collator_selection::IdentityCollator;
use sp_staking::SessionIndex;

/// What a candidate bonds at least, in planck, until governance sets another amount.
pub const CANDIDACY_BOND: Balance = 10_000 * ASY;
/// Half of the authorities' places are for invulnerables, half for candidates.
const MAX_OF_A_KIND: u32 = MAX_AUTHORITIES / 2;

/// Places for candidates at genesis, at each pace. A place that anybody can buy is bought, so a live chain has none
/// until governance opens them; it should keep them under a third of the authorities, which candidates who do nothing
/// could otherwise use to stop finality.
pub const fn desired_candidates(pace: Pace) -> u32 {
	match pace {
		Pace::Dev | Pace::Local => 1,
		Pace::Live => 0,
	}
}

parameter_types! {
	pub const PotId: PalletId = PalletId(*b"as/authr");
}

/// Blocks without one of its own after which a candidate is dropped, at the next change of session: two sessions.
pub struct KickThreshold;

impl Get<BlockNumber> for KickThreshold {
	fn get() -> BlockNumber {
		session_length(pace()).saturating_mul(2)
	}
}

impl pallet_collator_selection::Config for Runtime {
	// Bonds are holds, and stay where they can be slashed for as long as an offence can be reported.
	type Currency = pallet_equivocation::Bonded<Runtime>;
	type KickThreshold = KickThreshold;
	type MaxCandidates = ConstU32<MAX_OF_A_KIND>;
	type MaxInvulnerables = ConstU32<MAX_OF_A_KIND>;
	type MinEligibleCollators = ConstU32<1>;
	type PotId = PotId;
	type RuntimeEvent = RuntimeEvent;
	type UpdateOrigin = EnsureRoot<AccountId>;
	type ValidatorId = AccountId;
	type ValidatorIdOf = IdentityCollator;
	type ValidatorRegistration = Session;
	type WeightInfo = weights::pallet_collator_selection::Measured<Runtime>;
}

/// Plans sessions as [`CollatorSelection`] does, and keeps the authorities there are where it would leave none.
///
/// A plan is made for every session, even where nobody changes: so that each session's historical root is that of the
/// keys of the session, rotated or not. It costs a change of GRANDPA's set in every session.
pub struct Authorities;

impl pallet_session::SessionManager<AccountId> for Authorities {
	fn new_session(index: SessionIndex) -> Option<Vec<AccountId>> {
		let selected = <CollatorSelection as pallet_session::SessionManager<_>>::new_session(index);
		let mut selected = selected.unwrap_or_default();
		selected.retain(Session::is_registered);
		if selected.is_empty() {
			selected = Session::validators();
			selected.retain(Session::is_registered);
		}
		Some(selected)
	}

	/// Whoever has keys: the selection of genesis is not there yet.
	fn new_session_genesis(_: SessionIndex) -> Option<Vec<AccountId>> {
		let mut accounts: Vec<_> = pallet_session::NextKeys::<Runtime>::iter_keys().collect();
		accounts.sort();
		Some(accounts)
	}

	fn start_session(index: SessionIndex) {
		Equivocation::start_session(index);
	}

	fn end_session(index: SessionIndex) {
		// The open block is the last of this session's authorities: who authored it is noted while they stand. The hook
		// of Authorship comes after Session's, whose next authorities would give its slot another author.
		let _ = Authorship::author();
		Equivocation::end_session(index);
		Historical::prune_up_to(index.saturating_add(1).saturating_sub(History::get()));
	}
}

impl pallet_session::historical::SessionManager<AccountId, ()> for Authorities {
	fn new_session(index: SessionIndex) -> Option<Vec<(AccountId, ())>> {
		<Self as pallet_session::SessionManager<_>>::new_session(index).map(identified)
	}

	fn new_session_genesis(index: SessionIndex) -> Option<Vec<(AccountId, ())>> {
		<Self as pallet_session::SessionManager<_>>::new_session_genesis(index).map(identified)
	}

	fn start_session(index: SessionIndex) {
		<Self as pallet_session::SessionManager<_>>::start_session(index)
	}

	fn end_session(index: SessionIndex) {
		<Self as pallet_session::SessionManager<_>>::end_session(index)
	}
}

fn identified(accounts: Vec<AccountId>) -> Vec<(AccountId, ())> {
	accounts.into_iter().map(|who| (who, ())).collect()
}

#[cfg(feature = "runtime-benchmarks")]
impl cumulus_pallet_session_benchmarking::Config for Runtime {
	fn generate_session_keys_and_proof(owner: AccountId) -> (SessionKeys, Vec<u8>) {
		let generated = SessionKeys::generate(&codec::Encode::encode(&owner), None);
		(generated.keys, codec::Encode::encode(&generated.proof))
	}
}
