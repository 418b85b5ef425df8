//! Taking bond out.

use super::stage::*;
use crate::{mock::*, Active, Error, Event, Unlocking, Validators};
use assay_primitives::{RoundState, ASY};
use polkadot_sdk::frame_support::{assert_noop, assert_ok};

const BOND: u128 = 100 * ASY;
/// The unbonding period at the pace of the tests.
const PERIOD: u32 = 3_000;

fn unbond(amount: u128) -> polkadot_sdk::frame_support::dispatch::DispatchResult {
	Evaluation::unbond(signed(&validator(1)), amount)
}

fn withdraw() -> polkadot_sdk::frame_support::dispatch::DispatchResult {
	Evaluation::withdraw_unbonded(signed(&validator(1)))
}

#[test]
fn unbond_should_leave_the_least_bond_or_nothing() {
	scenario(|| {
		register(1, 2 * BOND);
		assert_noop!(unbond(0), Error::<Test>::AmountZero);
		assert_noop!(unbond(2 * BOND + 1), Error::<Test>::NotEnoughBond);
		assert_noop!(unbond(BOND + 1), Error::<Test>::BondBelowMinimum);
		events();
		assert_ok!(unbond(BOND));
		let at = 1 + PERIOD;
		assert_eq!(
			events(),
			vec![Event::Unbonded {
				validator: validator(1),
				amount: BOND,
				withdrawable_at: at
			}]
		);
		assert!(Validators::<Test>::get(validator(1)).unwrap().active);
	});
}

#[test]
fn unbond_should_chill_when_everything_goes() {
	scenario(|| {
		register(1, BOND);
		assert_ok!(unbond(BOND));
		assert!(Active::<Test>::get().is_empty());
		assert_noop!(
			Evaluation::activate(signed(&validator(1)), LIMITS),
			Error::<Test>::BondBelowMinimum
		);
		assert_ok!(Evaluation::bond_more(signed(&validator(1)), BOND));
		assert_ok!(Evaluation::activate(signed(&validator(1)), LIMITS));
	});
}

#[test]
fn unbond_should_merge_what_is_taken_out_in_one_block() {
	scenario(|| {
		register(1, 3 * BOND);
		assert_ok!(unbond(ASY));
		assert_ok!(unbond(ASY));
		let chunks = Validators::<Test>::get(validator(1)).unwrap().unlocking.into_inner();
		assert_eq!(
			chunks,
			vec![Unlocking {
				amount: 2 * ASY,
				at: 1 + PERIOD
			}]
		);
	});
}

#[test]
fn unbond_should_fail_when_eight_parts_are_on_their_way() {
	scenario(|| {
		register(1, 3 * BOND);
		for block in 2..10 {
			run_to(block);
			assert_ok!(unbond(ASY));
		}
		run_to(10);
		assert_noop!(unbond(ASY), Error::<Test>::TooManyUnlocking);
	});
}

#[test]
fn withdraw_should_free_only_what_has_unlocked() {
	scenario(|| {
		register(1, 3 * BOND);
		assert_noop!(withdraw(), Error::<Test>::NothingUnlocked);
		assert_ok!(unbond(ASY));
		run_to(11);
		assert_ok!(unbond(2 * ASY));
		run_to(PERIOD);
		assert_noop!(withdraw(), Error::<Test>::NothingUnlocked);
		run_to(PERIOD + 1);
		events();
		assert_ok!(withdraw());
		assert_eq!(
			events(),
			vec![Event::Withdrawn {
				validator: validator(1),
				amount: ASY
			}]
		);
		assert_eq!(free(&validator(1)), FORTUNE - 3 * BOND + ASY);
		assert_eq!(Validators::<Test>::get(validator(1)).unwrap().unlocking.len(), 1);
	});
}

#[test]
fn withdraw_should_remove_a_validator_with_nothing_left() {
	scenario(|| {
		register(1, BOND);
		assert_ok!(unbond(BOND));
		run_to(PERIOD + 1);
		events();
		assert_ok!(withdraw());
		assert_eq!(
			events().last(),
			Some(&Event::ValidatorRemoved {
				validator: validator(1)
			})
		);
		assert_eq!(free(&validator(1)), FORTUNE);
		assert!(Validators::<Test>::get(validator(1)).is_none());
		register(1, BOND);
	});
}

#[test]
fn withdraw_should_keep_the_last_of_a_bond_while_its_validator_has_a_round_to_finish() {
	scenario(|| {
		let id = accepting(3);
		assert_ok!(unbond(BOND));
		run_to(PERIOD + 10);
		assert_noop!(withdraw(), Error::<Test>::RoundsOpen);
		assert_ok!(Evaluation::advance(signed(&ANYONE), id));
		assert_eq!(state(id), RoundState::Requested);
		assert_ok!(withdraw());
	});
}

#[test]
fn unlocking_bond_should_be_slashed_too() {
	scenario(|| {
		let id = committing(3);
		assert_ok!(unbond(BOND));
		pass(id);
		let entry = Validators::<Test>::get(validator(1)).unwrap();
		assert_eq!(entry.bond, 0);
		assert_eq!(entry.held(), BOND - BOND / 1_000);
		run_to(PERIOD * 2);
		assert_ok!(withdraw());
		assert_eq!(free(&validator(1)), FORTUNE - BOND / 1_000);
	});
}
