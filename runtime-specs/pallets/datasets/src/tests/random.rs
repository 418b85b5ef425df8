use crate::{mock::*, *};
use assay_primitives::{Datasets as _, Use, ASY};
use codec::MaxEncodedLen;
use frame_support::assert_ok;
use proptest::{collection::vec, prelude::*};

/// Refused or not: a refusal changes nothing, and neither outcome breaks the state.
fn ignore<T>(_: T) {}

/// One step by an account of the mock on a data set.
fn step(kind: u8, who: u64, id: u32, number: u64) {
	let (by, small) = (RuntimeOrigin::signed(who), (number % 3) as u32);
	match kind {
		0 => ignore(Data::do_register(who, description(), PRICES, None)),
		1 => ignore(Data::publish_version(by, id, spec())),
		2 => ignore(Data::accredit(by, id, 10 + number % 3)),
		3 => ignore(Data::revoke_accreditation(by, id, 10 + number % 3)),
		4 => ignore(Data::revoke_accreditation(RuntimeOrigin::root(), id, 10 + number % 3)),
		5 => {
			owe(small, MEMBER, id, 0, number % 8);
			let keys = sealed((number % 8).count_ones() as usize);
			ignore(Data::release_key(by, small, MEMBER, keys));
		}
		6 => ignore(Data::retire_version(by, id, small)),
		7 => ignore(Data::retire_shard(by, id, small, (number % 4) as u32)),
		8 => ignore(Data::top_up_bond(by, id, u128::from(number))),
		9 => ignore(Data::reinstate(RuntimeOrigin::root(), id)),
		10 => ignore(Data::set_prices(by, id, PRICES)),
		11 => Data::forget_keys(small, &MEMBER),
		12 => Data::note_fault(id),
		13 => Data::note_use(id, Use::Evaluate),
		_ => ignore(Data::charge_steward(id, u128::from(number) * ASY, &OTHER)),
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(48))]

	#[test]
	fn state_should_hold_when_anyone_does_anything(
		steps in vec((0..15_u8, prop_oneof![4 => Just(STEWARD), 1 => Just(OTHER)], 0..2_u32, 0..100_u64), 1..80),
	) {
		run(|| {
			let issued = Balances::total_issuance();
			publish();
			for (kind, who, id, number) in &steps {
				step(*kind, *who, *id, *number);
				assert_ok!(Data::do_try_state());
				assert_eq!(Balances::total_issuance(), issued);
			}
		});
	}
}

#[test]
fn entries_should_be_no_larger_than_the_readme_says_when_full() {
	assert!(Dataset::<assay_primitives::AccountId>::max_encoded_len() <= 900);
	assert!(Version::max_encoded_len() <= 5_100);
	assert!(assay_primitives::SealedKeys::max_encoded_len() <= 5_200);
}
