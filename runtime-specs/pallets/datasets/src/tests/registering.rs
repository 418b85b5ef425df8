use crate::{mock::*, *};
use assay_primitives::{Admission, Licence, Modality, Prices, ASY, MILLI_ASY};
use codec::Encode;
use frame_support::{assert_noop, assert_ok};
use polkadot_sdk::sp_runtime::TokenError;

fn registered_with(change: impl FnOnce(&mut Description)) -> Result<(), polkadot_sdk::sp_runtime::DispatchError> {
	let mut changed = description();
	change(&mut changed);
	let Description {
		name,
		modality,
		task,
		classes,
		licence,
	} = changed;
	Data::register(
		RuntimeOrigin::signed(STEWARD),
		name,
		modality,
		task,
		classes,
		licence,
		PRICES,
		None,
	)
}

#[test]
fn register_should_store_the_data_set_and_hold_deposit_and_bond_when_valid() {
	run(|| {
		assert_ok!(registered_with(|_| ()));
		let entry = Datasets::<Test>::get(0).unwrap();
		assert_eq!((entry.steward, entry.prices, entry.versions), (STEWARD, PRICES, 0));
		assert_eq!(entry.description, description());
		let bytes = entry.encoded_size() as u128;
		assert_eq!(held(HoldReason::Deposit, STEWARD), 10 * ASY + bytes * MILLI_ASY);
		assert_eq!(held(HoldReason::StewardBond, STEWARD), 50 * ASY);
		assert_eq!(NextDataset::<Test>::get(), 1);
		System::assert_last_event(
			Event::Registered {
				dataset: 0,
				steward: STEWARD,
			}
			.into(),
		);
	});
}

#[test]
fn register_should_ask_for_accredited_committees_when_the_modality_is_medical() {
	run(|| {
		assert_ok!(registered_with(|it| it.modality = Modality::Dermatology));
		assert_ok!(registered_with(|it| it.modality = Modality::Industrial));
		let admission = |id| Datasets::<Test>::get(id).unwrap().admission;
		assert_eq!((admission(0), admission(1)), (Admission::Accredited, Admission::Bonded));
		assert_ok!(Data::do_register(
			STEWARD,
			description(),
			PRICES,
			Some(Admission::Bonded)
		));
		assert_eq!(admission(2), Admission::Bonded);
	});
}

#[test]
fn register_should_refuse_when_the_steward_cannot_pay() {
	run(|| {
		let register = |it: Description| {
			let by = RuntimeOrigin::signed(POOR);
			Data::register(by, it.name, it.modality, it.task, it.classes, it.licence, PRICES, None)
		};
		assert_noop!(register(description()), TokenError::FundsUnavailable);
		Constants::mutate(|economics| economics.item_deposit = ASY / 10);
		assert_noop!(register(description()), TokenError::FundsUnavailable);
	});
}

#[test]
fn register_should_refuse_when_a_text_is_unfit() {
	run(|| {
		assert_noop!(
			registered_with(|it| it.name = Default::default()),
			Error::<Test>::NameUnfit
		);
		assert_noop!(
			registered_with(|it| it.task = vec![0xff].try_into().unwrap()),
			Error::<Test>::NameUnfit
		);
	});
}

#[test]
fn register_should_refuse_when_the_classes_cannot_be_told_apart() {
	run(|| {
		let one = |name: &[u8]| name.to_vec().try_into().unwrap();
		for classes in [
			vec![],
			vec![one(b"a")],
			vec![one(b"a"), one(b"a")],
			vec![one(b"a"), one(b"")],
			vec![one(b"a"), one(&[0xc0])],
		] {
			let classes = classes.try_into().unwrap();
			assert_noop!(registered_with(|it| it.classes = classes), Error::<Test>::ClassesUnfit);
		}
	});
}

#[test]
fn register_should_refuse_when_the_licence_is_no_spdx_identifier() {
	run(|| {
		for id in [&b""[..], b"CC BY", b"MIT\n"] {
			let licence = Licence::Spdx(id.to_vec().try_into().unwrap());
			assert_noop!(registered_with(|it| it.licence = licence), Error::<Test>::LicenceUnfit);
		}
		assert_ok!(registered_with(|it| it.licence = Licence::TextHash(Default::default())));
	});
}

#[test]
fn register_should_refuse_when_ids_are_used_up() {
	ext().execute_with(|| {
		NextDataset::<Test>::put(u32::MAX);
		assert_noop!(registered_with(|_| ()), Error::<Test>::TooMany);
	});
}

#[test]
fn set_prices_should_change_the_prices_when_the_steward_asks() {
	run(|| {
		let dataset = register();
		let prices = Prices {
			evaluate: 5,
			train: 6,
			infer: 7,
		};
		assert_ok!(Data::set_prices(RuntimeOrigin::signed(STEWARD), dataset, prices));
		assert_eq!(Datasets::<Test>::get(dataset).unwrap().prices, prices);
		System::assert_last_event(Event::PricesSet { dataset, prices }.into());
	});
}

#[test]
fn set_prices_should_refuse_when_not_the_steward() {
	run(|| {
		let dataset = register();
		assert_noop!(
			Data::set_prices(RuntimeOrigin::signed(OTHER), dataset, PRICES),
			Error::<Test>::NotSteward
		);
		assert_noop!(
			Data::set_prices(RuntimeOrigin::signed(STEWARD), 9, PRICES),
			Error::<Test>::UnknownDataset
		);
	});
}
