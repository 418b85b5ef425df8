use crate::{mock::*, *};
use assay_primitives::{AccountId, Checkpoints as _};
use codec::MaxEncodedLen;
use frame_support::assert_ok;
use proptest::{collection::vec, prelude::*};

const ACCOUNTS: [AccountId; 3] = [OWNER, OTHER, PAYER];

/// Refused or not: a refusal changes nothing, and neither outcome breaks the state.
fn ignore<T>(_: T) {}

/// One step by one of the accounts on one of two checkpoints; the nth account owns the nth model.
fn step(kind: u8, who: usize, n: u8, number: u32) {
	let (own, who, other) = (who as u32, ACCOUNTS[who].clone(), ACCOUNTS[number as usize % 3].clone());
	let by = signed(who.clone());
	match kind {
		0 if number.is_multiple_of(4) => ignore(register(who)),
		0 | 1 => ignore(Zoo::claim(by, sealed(n, &who))),
		2..=4 => ignore(open(n, who, own)),
		5 => ignore(Zoo::set_terms(by, number % 3, u128::from(number))),
		6 => ignore(Zoo::pay_usage(by, id(n), number, u128::MAX)),
		7 => ignore(Zoo::claim_fees(by, other)),
		8 => ignore(Zoo::drop_claim(by, other.clone(), sealed(n, &other))),
		9 => Zoo::note_score(id(n), number.is_multiple_of(2)),
		10 if number.is_multiple_of(8) => ignore(Zoo::deprecate(by, id(n))),
		11 if number.is_multiple_of(8) => Zoo::lock(id(n)),
		12 if number.is_multiple_of(16) => pass(1_000),
		_ => pass(u64::from(number % 8)),
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(32))]

	#[test]
	fn state_should_hold_when_anyone_does_anything(
		steps in vec((0..16_u8, 0..3_usize, 1..3_u8, 0..1_000_u32), 1..120),
	) {
		run(|| {
			let issued = Balances::total_issuance();
			ACCOUNTS.into_iter().for_each(|who| ignore(register(who)));
			for (kind, who, n, number) in &steps {
				step(*kind, *who, *n, *number);
				assert_ok!(Zoo::do_try_state());
				assert_eq!(Balances::total_issuance(), issued);
			}
		});
	}
}

#[test]
fn entries_should_be_no_larger_than_the_readme_says_when_full() {
	assert!(Model::<AccountId>::max_encoded_len() <= 760);
	assert!(Checkpoint::<AccountId>::max_encoded_len() <= 330);
}
