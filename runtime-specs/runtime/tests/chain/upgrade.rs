//! A chain of spec_version 1 becomes one of this runtime.

use crate::{
	authorities::{authorities, local, rotate},
	support::Chain,
};
use assay_runtime::{migrations::SeedAuthorities, *};
use frame_support::traits::OnRuntimeUpgrade;
use pallet_collator_selection::{CandidacyBond, DesiredCandidates, Invulnerables, LastAuthoredBlock};
use pallet_equivocation::FirstSlots;
use polkadot_sdk::*;

/// Takes away what the release before did not have.
fn without_selection(chain: &mut Chain) {
	chain.with(|| {
		Invulnerables::<Runtime>::kill();
		CandidacyBond::<Runtime>::kill();
		DesiredCandidates::<Runtime>::kill();
		let _ = LastAuthoredBlock::<Runtime>::clear(u32::MAX, None);
		let _ = FirstSlots::<Runtime>::clear(u32::MAX, None);
	});
}

fn upgrade(chain: &mut Chain) -> frame_support::weights::Weight {
	chain.with(|| {
		let before = SeedAuthorities::pre_upgrade().unwrap();
		let weight = SeedAuthorities::on_runtime_upgrade();
		SeedAuthorities::post_upgrade(before).unwrap();
		weight
	})
}

#[test]
fn upgrade_should_make_the_authorities_invulnerable() {
	let mut chain = local();
	let genesis = authorities(&mut chain);
	chain.skip(3);
	without_selection(&mut chain);
	let weight = upgrade(&mut chain);
	assert_eq!(chain.with(Invulnerables::<Runtime>::get).into_inner(), genesis);
	assert_eq!(chain.with(CandidacyBond::<Runtime>::get), CANDIDACY_BOND);
	assert_eq!(chain.with(DesiredCandidates::<Runtime>::get), 0);
	let slot = chain.slot();
	assert_eq!(
		chain.with(|| FirstSlots::<Runtime>::get(Session::current_index())),
		Some(slot)
	);
	let block = chain.with(|| <Runtime as frame_system::Config>::BlockWeights::get().max_block);
	assert!(weight.all_lte(block / 100));
	rotate(&mut chain, 3);
	assert_eq!(authorities(&mut chain), genesis);
	chain.check();
}

#[test]
fn upgrade_should_change_nothing_when_run_again() {
	let mut chain = local();
	without_selection(&mut chain);
	upgrade(&mut chain);
	chain.with(|| {
		Invulnerables::<Runtime>::mutate(|list| list.truncate(2));
		DesiredCandidates::<Runtime>::put(3);
	});
	let root = |chain: &mut Chain| chain.with(|| sp_io::storage::root(sp_runtime::StateVersion::V1));
	let before = root(&mut chain);
	upgrade(&mut chain);
	assert_eq!(root(&mut chain), before);
}

#[test]
fn upgrade_should_leave_a_list_that_governance_emptied() {
	let mut chain = local();
	chain.with(|| Invulnerables::<Runtime>::put(frame_support::BoundedVec::default()));
	upgrade(&mut chain);
	assert!(chain.with(Invulnerables::<Runtime>::get).is_empty());
}
