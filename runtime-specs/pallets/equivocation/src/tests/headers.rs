//! What two headers must be to prove something.

use crate::{mock::*, *};
use codec::Encode;
use frame_support::{assert_noop, assert_ok, dispatch::Pays};
use polkadot_sdk::{
	sp_consensus_aura::{Slot, AURA_ENGINE_ID},
	sp_core::Pair,
	sp_runtime::{traits::BadOrigin, DigestItem},
};

const SLOT: u64 = 5;

fn run_at_slot(test: impl FnOnce()) {
	run(|| {
		slots(SLOT);
		test();
	});
}

#[test]
fn report_should_be_free_when_it_holds() {
	run_at_slot(|| {
		bond(OFFENDER, BOND);
		let outcome = report(OFFENDER, SLOT);
		assert_eq!(outcome.map(|info| info.pays_fee), Ok(Pays::No));
		assert!(Slashes::<Test>::contains_key(0, OFFENDER.to_account_id()));
	});
}

#[test]
fn report_should_hold_when_the_headers_come_in_either_order() {
	for (first, second) in [(1, 2), (2, 1)] {
		run_at_slot(|| {
			assert_ok!(report_both(
				sealed(OFFENDER, SLOT, first),
				sealed(OFFENDER, SLOT, second)
			));
		});
	}
}

#[test]
fn report_should_be_refused_when_unsigned() {
	run_at_slot(|| {
		let (first, second) = (Box::new(sealed(OFFENDER, SLOT, 1)), Box::new(sealed(OFFENDER, SLOT, 2)));
		let call =
			|origin| Equivocation::report_aura(origin, key(OFFENDER), first.clone(), second.clone(), proof(OFFENDER));
		assert_noop!(call(RuntimeOrigin::none()), BadOrigin);
		assert_noop!(call(RuntimeOrigin::root()), BadOrigin);
	});
}

#[test]
fn report_should_be_refused_when_both_are_one_block() {
	run_at_slot(|| {
		let header = sealed(OFFENDER, SLOT, 1);
		assert_noop!(report_both(header.clone(), header), Error::<Test>::SameBlock);
	});
}

#[test]
fn report_should_hold_when_one_content_is_sealed_twice() {
	run_at_slot(|| {
		let twice = [(); 2].map(|()| sealed(OFFENDER, SLOT, 1));
		let [first, second] = twice;
		assert_ne!(
			first.hash(),
			second.hash(),
			"only the key's holder can seal again, and makes another block"
		);
		assert_ok!(report_both(first, second));
	});
}

#[test]
fn report_should_be_refused_when_the_slots_differ() {
	run_at_slot(|| {
		let (first, second) = (sealed(OFFENDER, SLOT, 1), sealed(OFFENDER, SLOT - 1, 2));
		assert_noop!(report_both(first, second), Error::<Test>::SlotsDiffer);
	});
}

#[test]
fn report_should_be_refused_when_a_header_claims_no_slot_or_two() {
	run_at_slot(|| {
		let other = sealed(OFFENDER, SLOT, 1);
		let claim = |bytes: Vec<u8>| DigestItem::PreRuntime(AURA_ENGINE_ID, bytes);
		let good = Slot::from(SLOT).encode();
		for logs in [
			vec![],
			vec![DigestItem::PreRuntime(*b"BABE", good.clone())],
			vec![DigestItem::Consensus(AURA_ENGINE_ID, good.clone())],
			vec![claim(good.clone()), claim(good.clone())],
			vec![claim(good[..7].to_vec())],
			vec![claim([good.clone(), vec![0]].concat())],
		] {
			let mut header = unsealed(SLOT, 2);
			header.digest.logs = logs;
			let header = seal(OFFENDER, header);
			assert_noop!(report_both(other.clone(), header.clone()), Error::<Test>::NoSlot);
			assert_noop!(report_both(header, other.clone()), Error::<Test>::NoSlot);
		}
	});
}

#[test]
fn report_should_hold_when_a_header_has_claims_that_no_node_reads() {
	let claim = |bytes: Vec<u8>| DigestItem::PreRuntime(AURA_ENGINE_ID, bytes);
	let good = Slot::from(SLOT).encode();
	for bytes in [vec![], good[..7].to_vec(), [good.clone(), vec![0]].concat()] {
		for place in [0, 1] {
			run_at_slot(|| {
				let mut header = unsealed(SLOT, 2);
				header.digest.logs.insert(place, claim(bytes.clone()));
				assert_ok!(report_both(sealed(OFFENDER, SLOT, 1), seal(OFFENDER, header)));
			});
		}
	}
}

#[test]
fn report_should_be_refused_when_a_header_does_not_end_with_a_seal() {
	run_at_slot(|| {
		let good = sealed(OFFENDER, SLOT, 1);
		let bare = unsealed(SLOT, 2);
		let mut foreign = bare.clone();
		foreign.digest.push(DigestItem::Seal(*b"BABE", vec![0; 64]));
		let mut late = sealed(OFFENDER, SLOT, 2);
		late.digest.push(DigestItem::Other(vec![]));
		for header in [bare, foreign, late] {
			assert_noop!(report_both(good.clone(), header.clone()), Error::<Test>::NoSeal);
			assert_noop!(report_both(header, good.clone()), Error::<Test>::NoSeal);
		}
	});
}

#[test]
fn report_should_be_refused_when_a_seal_is_forged() {
	run_at_slot(|| {
		let good = sealed(OFFENDER, SLOT, 1);
		let with = |bytes: Vec<u8>| {
			let mut header = unsealed(SLOT, 2);
			header.digest.push(DigestItem::Seal(AURA_ENGINE_ID, bytes));
			header
		};
		let theirs = OFFENDER.pair().sign(unsealed(SLOT, 2).hash().as_ref()).encode();
		let mut changed = theirs.clone();
		changed[10] ^= 1;
		let of_another_block = OFFENDER.pair().sign(unsealed(SLOT, 3).hash().as_ref()).encode();
		let of_the_seal_too = OFFENDER.pair().sign(with(theirs.clone()).hash().as_ref()).encode();
		for bytes in [
			changed,
			of_another_block,
			of_the_seal_too,
			vec![],
			vec![0; 64],
			theirs[..63].to_vec(),
			[theirs.clone(), vec![0]].concat(),
		] {
			assert_noop!(
				report_both(good.clone(), with(bytes.clone())),
				Error::<Test>::SealForged
			);
			assert_noop!(report_both(with(bytes), good.clone()), Error::<Test>::SealForged);
		}
		assert_ok!(report_both(good, with(theirs)));
	});
}

#[test]
fn report_should_be_refused_when_another_key_sealed_one_of_them() {
	run_at_slot(|| {
		let (first, second) = (sealed(OFFENDER, SLOT, 1), sealed(OTHER, SLOT, 2));
		assert_noop!(report_both(first.clone(), second.clone()), Error::<Test>::SealForged);
		assert_noop!(report_both(second, first), Error::<Test>::SealForged);
	});
}

#[test]
fn report_should_be_refused_when_a_sealed_header_was_altered() {
	run_at_slot(|| {
		let mut altered = sealed(OFFENDER, SLOT, 1);
		altered.number += 1;
		assert_noop!(
			report_both(sealed(OFFENDER, SLOT, 1), altered),
			Error::<Test>::SealForged
		);
	});
}

#[test]
fn report_should_be_refused_when_a_header_is_too_large() {
	run_at_slot(|| {
		let mut header = unsealed(SLOT, 2);
		header.digest.push(DigestItem::Other(vec![0; MAX_HEADER_BYTES]));
		let (good, large) = (sealed(OFFENDER, SLOT, 1), seal(OFFENDER, header));
		assert_noop!(report_both(good.clone(), large.clone()), Error::<Test>::HeaderTooLarge);
		assert_noop!(report_both(large, good), Error::<Test>::HeaderTooLarge);
	});
}
