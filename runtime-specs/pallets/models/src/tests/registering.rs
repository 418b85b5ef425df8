use crate::{mock::*, *};
use assay_primitives::{AccountId, Licence, Name, ASY, MILLI_ASY, PPM};
use codec::Encode;
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use polkadot_sdk::sp_runtime::TokenError;

fn registered_with(who: AccountId, name: &[u8], licence: Licence, parts: &[(AccountId, u32)]) -> DispatchResult {
	let name: Name = name.to_vec().try_into().unwrap();
	Zoo::register(signed(who), name, licence, shares(parts), PRICE)
}

#[test]
fn register_should_store_the_model_and_hold_a_deposit_when_valid() {
	run(|| {
		assert_ok!(registered_with(OWNER, b"net", licence(), &[(OTHER, PPM)]));
		let entry = Models::<Test>::get(0).unwrap();
		assert_eq!((&entry.owner, entry.usage_price, entry.checkpoints), (&OWNER, PRICE, 0));
		assert_eq!(entry.contributors, shares(&[(OTHER, PPM)]));
		let bytes = entry.encoded_size() as u128;
		assert_eq!(held(HoldReason::Deposit, &OWNER), 10 * ASY + bytes * MILLI_ASY);
		assert_eq!(NextModel::<Test>::get(), 1);
		System::assert_last_event(Event::Registered { model: 0, owner: OWNER }.into());
	});
}

#[test]
fn register_should_refuse_when_name_or_licence_is_unfit() {
	run(|| {
		let all = &[(OWNER, PPM)];
		assert_noop!(registered_with(OWNER, b"", licence(), all), Error::<Test>::NameUnfit);
		assert_noop!(
			registered_with(OWNER, &[0xff], licence(), all),
			Error::<Test>::NameUnfit
		);
		for id in [&b""[..], b"two words"] {
			let licence = Licence::Spdx(id.to_vec().try_into().unwrap());
			assert_noop!(
				registered_with(OWNER, b"net", licence, all),
				Error::<Test>::LicenceUnfit
			);
		}
		assert_ok!(registered_with(
			OWNER,
			b"net",
			Licence::TextHash(Default::default()),
			all
		));
	});
}

#[test]
fn register_should_refuse_when_the_shares_do_not_add_up() {
	run(|| {
		for parts in [
			vec![],
			vec![(OWNER, PPM - 1)],
			vec![(OWNER, PPM), (OTHER, 1)],
			vec![(OWNER, PPM), (OTHER, 0)],
			vec![(OWNER, PPM / 2), (OWNER, PPM / 2)],
			vec![(OWNER, u32::MAX), (OTHER, PPM + 1)],
		] {
			assert_noop!(
				registered_with(OWNER, b"net", licence(), &parts),
				Error::<Test>::SharesUnfit
			);
		}
	});
}

#[test]
fn register_should_refuse_when_it_cannot_be_stored() {
	run(|| {
		assert_noop!(
			registered_with(POOR, b"net", licence(), &[(OWNER, PPM)]),
			TokenError::FundsUnavailable
		);
	});
	ext().execute_with(|| {
		NextModel::<Test>::put(u32::MAX);
		assert_noop!(
			registered_with(OWNER, b"net", licence(), &[(OWNER, PPM)]),
			Error::<Test>::TooMany
		);
	});
}

#[test]
fn set_terms_should_change_the_price_when_the_owner_asks() {
	run(|| {
		let model = register(OWNER);
		assert_ok!(Zoo::set_terms(signed(OWNER), model, 77));
		assert_eq!(Models::<Test>::get(model).unwrap().usage_price, 77);
		System::assert_last_event(Event::TermsSet { model, usage_price: 77 }.into());
		assert_noop!(Zoo::set_terms(signed(OTHER), model, 1), Error::<Test>::NotOwner);
		assert_noop!(Zoo::set_terms(signed(OWNER), 9, 1), Error::<Test>::UnknownModel);
	});
}
