use crate::{mock::*, *};
use assay_primitives::{Datasets as _, MILLI_ASY};
use frame_support::{assert_noop, assert_ok};
use polkadot_sdk::sp_runtime::{traits::BadOrigin, TokenError};

#[test]
fn accredit_should_admit_the_validator_and_hold_a_deposit_when_the_steward_asks() {
	run(|| {
		let dataset = register();
		let before = held(HoldReason::Deposit, STEWARD);
		assert!(!Data::is_accredited(dataset, &MEMBER));
		assert_ok!(Data::accredit(RuntimeOrigin::signed(STEWARD), dataset, MEMBER));
		assert!(Data::is_accredited(dataset, &MEMBER) && !Data::is_accredited(dataset, &OTHER));
		// A data set id, an account of this mock and a deposit.
		assert_eq!(held(HoldReason::Deposit, STEWARD) - before, (4 + 8 + 16) * MILLI_ASY);
		System::assert_last_event(
			Event::Accredited {
				dataset,
				validator: MEMBER,
			}
			.into(),
		);
	});
}

#[test]
fn accredit_should_hold_nothing_when_governance_asks() {
	run(|| {
		let dataset = register();
		let before = held(HoldReason::Deposit, STEWARD);
		assert_ok!(Data::accredit(RuntimeOrigin::root(), dataset, MEMBER));
		assert!(Data::is_accredited(dataset, &MEMBER));
		assert_eq!(held(HoldReason::Deposit, STEWARD), before);
	});
}

#[test]
fn accredit_should_refuse_when_it_may_not_be() {
	run(|| {
		let dataset = register();
		assert_noop!(
			Data::accredit(RuntimeOrigin::signed(OTHER), dataset, MEMBER),
			Error::<Test>::NotSteward
		);
		assert_noop!(Data::accredit(RuntimeOrigin::none(), dataset, MEMBER), BadOrigin);
		assert_noop!(
			Data::accredit(RuntimeOrigin::root(), 5, MEMBER),
			Error::<Test>::UnknownDataset
		);
		assert_noop!(
			Data::accredit(RuntimeOrigin::signed(STEWARD), 5, MEMBER),
			Error::<Test>::UnknownDataset
		);
		assert_ok!(Data::accredit(RuntimeOrigin::root(), dataset, MEMBER));
		assert_noop!(
			Data::accredit(RuntimeOrigin::signed(STEWARD), dataset, MEMBER),
			Error::<Test>::AlreadyAccredited
		);
		Constants::mutate(|economics| economics.byte_deposit = FUNDS);
		assert_noop!(
			Data::accredit(RuntimeOrigin::signed(STEWARD), dataset, OTHER),
			TokenError::FundsUnavailable
		);
	});
}

#[test]
fn revoke_accreditation_should_return_the_deposit_when_asked_by_either() {
	run(|| {
		let dataset = register();
		let before = held(HoldReason::Deposit, STEWARD);
		for origin in [RuntimeOrigin::signed(STEWARD), RuntimeOrigin::root()] {
			assert_ok!(Data::accredit(RuntimeOrigin::signed(STEWARD), dataset, MEMBER));
			assert_ok!(Data::revoke_accreditation(origin, dataset, MEMBER));
			assert!(!Data::is_accredited(dataset, &MEMBER));
			assert_eq!(held(HoldReason::Deposit, STEWARD), before);
			System::assert_last_event(
				Event::AccreditationRevoked {
					dataset,
					validator: MEMBER,
				}
				.into(),
			);
		}
	});
}

#[test]
fn revoke_accreditation_should_refuse_when_it_may_not_be() {
	run(|| {
		let dataset = register();
		let revoke = |origin, id| Data::revoke_accreditation(origin, id, MEMBER);
		assert_noop!(
			revoke(RuntimeOrigin::signed(STEWARD), dataset),
			Error::<Test>::NotAccredited
		);
		assert_noop!(revoke(RuntimeOrigin::root(), 5), Error::<Test>::UnknownDataset);
		assert_ok!(Data::accredit(RuntimeOrigin::root(), dataset, MEMBER));
		assert_noop!(revoke(RuntimeOrigin::signed(OTHER), dataset), Error::<Test>::NotSteward);
		assert_noop!(revoke(RuntimeOrigin::none(), dataset), BadOrigin);
	});
}
