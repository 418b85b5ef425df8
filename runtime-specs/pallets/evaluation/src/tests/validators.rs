//! Registering, bonding more, chilling, activating.

use super::stage::*;
use crate::{mock::*, Active, Call, Error, Event, HoldReason, Limits, Validators};
use assay_primitives::{AccountId, ASY};
use polkadot_sdk::{
	frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold},
	sp_runtime::TokenError,
};

const BOND: u128 = 100 * ASY;

fn bond_on_hold(n: u8) -> u128 {
	Balances::balance_on_hold(&HoldReason::Bond.into(), &validator(n))
}

#[test]
fn register_should_hold_the_bond_and_activate() {
	scenario(|| {
		register(2, BOND);
		register(1, 2 * BOND);
		assert_eq!(bond_on_hold(1), 2 * BOND);
		assert_eq!(Active::<Test>::get().into_inner(), vec![validator(1), validator(2)]);
		let entry = Validators::<Test>::get(validator(1)).unwrap();
		assert_eq!(
			(entry.bls_key, entry.bls_proof, entry.limits),
			([1; 48], [1; 96], LIMITS)
		);
		let first = Event::ValidatorRegistered {
			validator: validator(2),
			bond: BOND,
			limits: LIMITS,
		};
		assert_eq!(events().first(), Some(&first));
	});
}

#[test]
fn register_should_fail_when_repeated_or_underbonded_or_unlimited() {
	scenario(|| {
		let register = |n: u8, limits, bond| {
			let call = Call::register_validator {
				limits,
				bls_key: [0; 48],
				bls_proof: [0; 96],
				bond,
			};
			dispatch(&validator(n), call).map_err(|failed| failed.error)
		};
		assert_ok!(register(1, LIMITS, BOND));
		assert_noop!(register(1, LIMITS, BOND), Error::<Test>::AlreadyRegistered);
		assert_noop!(register(2, LIMITS, BOND - 1), Error::<Test>::BondBelowMinimum);
		assert_noop!(
			register(
				2,
				Limits {
					max_concurrent: 0,
					..LIMITS
				},
				BOND
			),
			Error::<Test>::LimitsTooLow
		);
		assert_noop!(
			register(
				2,
				Limits {
					max_checkpoint_mb: 0,
					..LIMITS
				},
				BOND
			),
			Error::<Test>::LimitsTooLow
		);
		assert_noop!(register(2, LIMITS, FORTUNE + 1), TokenError::FundsUnavailable);
	});
}

#[test]
fn register_should_fail_when_no_more_can_be_active() {
	scenario(|| {
		validators(64);
		let late = |limits| Evaluation::register_validator(signed(&validator(65)), limits, [0; 48], [0; 96], BOND);
		assert_noop!(late(LIMITS), Error::<Test>::TooManyValidators);
		assert_ok!(Evaluation::chill(signed(&validator(3))));
		assert_ok!(late(LIMITS));
		assert_noop!(
			Evaluation::activate(signed(&validator(3)), LIMITS),
			Error::<Test>::TooManyValidators
		);
	});
}

#[test]
fn bond_more_should_add_to_the_bond() {
	scenario(|| {
		register(1, BOND);
		events();
		assert_ok!(Evaluation::bond_more(signed(&validator(1)), ASY));
		assert_eq!(bond_on_hold(1), BOND + ASY);
		assert_eq!(Validators::<Test>::get(validator(1)).unwrap().bond, BOND + ASY);
		assert_eq!(
			events(),
			vec![Event::Bonded {
				validator: validator(1),
				amount: ASY
			}]
		);
		assert_noop!(
			Evaluation::bond_more(signed(&validator(1)), 0),
			Error::<Test>::AmountZero
		);
		assert_noop!(
			Evaluation::bond_more(signed(&validator(1)), FORTUNE),
			TokenError::FundsUnavailable
		);
	});
}

#[test]
fn strangers_should_be_told_that_they_are_no_validators() {
	scenario(|| {
		let stranger: &AccountId = &validator(9);
		assert_noop!(
			Evaluation::bond_more(signed(stranger), ASY),
			Error::<Test>::NotValidator
		);
		assert_noop!(Evaluation::unbond(signed(stranger), ASY), Error::<Test>::NotValidator);
		assert_noop!(
			Evaluation::withdraw_unbonded(signed(stranger)),
			Error::<Test>::NotValidator
		);
		assert_noop!(Evaluation::chill(signed(stranger)), Error::<Test>::NotValidator);
		assert_noop!(
			Evaluation::activate(signed(stranger), LIMITS),
			Error::<Test>::NotValidator
		);
	});
}

#[test]
fn chill_should_take_the_validator_out_of_draws_and_activate_put_it_back() {
	scenario(|| {
		validators(2);
		events();
		assert_ok!(Evaluation::chill(signed(&validator(1))));
		assert_eq!(
			events(),
			vec![Event::Chilled {
				validator: validator(1),
				by_misses: false
			}]
		);
		assert_eq!(Active::<Test>::get().into_inner(), vec![validator(2)]);
		assert_noop!(Evaluation::chill(signed(&validator(1))), Error::<Test>::NotActive);
		let limits = Limits {
			max_checkpoint_mb: 7,
			max_concurrent: 1,
		};
		assert_ok!(Evaluation::activate(signed(&validator(1)), limits));
		assert_eq!(
			events(),
			vec![Event::Activated {
				validator: validator(1),
				limits
			}]
		);
		assert_eq!(Active::<Test>::get().len(), 2);
	});
}

#[test]
fn activate_should_change_the_limits_of_an_active_validator() {
	scenario(|| {
		validators(1);
		let limits = Limits {
			max_checkpoint_mb: 1,
			max_concurrent: 9,
		};
		assert_ok!(Evaluation::activate(signed(&validator(1)), limits));
		assert_eq!(Validators::<Test>::get(validator(1)).unwrap().limits, limits);
		assert_eq!(Active::<Test>::get().len(), 1);
		let none = Limits {
			max_checkpoint_mb: 0,
			max_concurrent: 9,
		};
		assert_noop!(
			Evaluation::activate(signed(&validator(1)), none),
			Error::<Test>::LimitsTooLow
		);
	});
}

#[test]
fn activate_should_fail_when_the_bond_is_below_the_least_one() {
	scenario(|| {
		validators(1);
		assert_ok!(Evaluation::chill(signed(&validator(1))));
		Constants::mutate(|constants| constants.min_bond += 1);
		assert_noop!(
			Evaluation::activate(signed(&validator(1)), LIMITS),
			Error::<Test>::BondBelowMinimum
		);
	});
}
