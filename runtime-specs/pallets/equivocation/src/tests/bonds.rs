//! Bonds stand, are on their way out, and are paid out.

use crate::{mock::*, *};
use assay_primitives::{AccountId, ASY};
use frame_support::{
	assert_noop, assert_ok,
	traits::{tokens::BalanceStatus, Currency, Imbalance, ReservableCurrency},
};
use polkadot_sdk::sp_runtime::TokenError;

fn who() -> AccountId {
	OFFENDER.to_account_id()
}

fn unbond(amount: u128) -> u128 {
	Bonded::<Test>::unreserve(&who(), amount)
}

#[test]
fn bond_should_be_on_hold_when_reserved() {
	run(|| {
		assert!(Bonded::<Test>::can_reserve(&who(), BOND));
		bond(OFFENDER, BOND);
		assert_eq!((held(OFFENDER), free(OFFENDER)), (BOND, FUNDS - BOND));
		assert_eq!(Bonded::<Test>::reserved_balance(&who()), BOND);
	});
}

#[test]
fn bond_should_be_refused_when_there_are_no_funds_for_it() {
	run(|| {
		assert!(!Bonded::<Test>::can_reserve(&who(), FUNDS));
		assert_noop!(Bonded::<Test>::reserve(&who(), FUNDS), TokenError::FundsUnavailable);
	});
}

#[test]
fn bond_should_stay_on_hold_when_let_go_until_nothing_can_be_reported() {
	run(|| {
		bond(OFFENDER, BOND);
		assert_eq!(unbond(BOND), 0);
		assert_eq!((held(OFFENDER), free(OFFENDER)), (BOND, FUNDS - BOND));
		System::assert_last_event(
			Event::Unbonded {
				who: who(),
				amount: BOND,
				until: 1 + HISTORY,
			}
			.into(),
		);
		pass(1 + HISTORY);
		let withdraw = || Equivocation::withdraw_unbonded(signed(OFFENDER));
		assert_noop!(withdraw(), Error::<Test>::NothingToWithdraw);
		pass(1);
		assert_ok!(withdraw());
		assert_eq!((held(OFFENDER), free(OFFENDER)), (0, FUNDS));
		assert!(!Unbonding::<Test>::contains_key(who()));
		assert_noop!(withdraw(), Error::<Test>::NothingToWithdraw);
	});
}

#[test]
fn withdrawing_should_pay_only_what_is_free_when_parts_left_at_different_times() {
	run(|| {
		bond(OFFENDER, BOND);
		unbond(ASY);
		pass(1);
		unbond(2 * ASY);
		unbond(3 * ASY);
		assert_eq!(chunks(OFFENDER), [(ASY, 1 + HISTORY), (5 * ASY, 2 + HISTORY)]);
		pass(1 + HISTORY);
		assert_ok!(Equivocation::withdraw_unbonded(signed(OFFENDER)));
		assert_eq!(held(OFFENDER), BOND - ASY);
		assert_eq!(chunks(OFFENDER), [(5 * ASY, 2 + HISTORY)]);
	});
}

#[test]
fn unbonding_should_let_go_of_no_more_than_what_stands() {
	run(|| {
		bond(OFFENDER, BOND);
		assert_eq!(unbond(BOND / 4), 0);
		assert_eq!(unbond(BOND), BOND / 4);
		assert_eq!(unbond(1), 1);
		assert_eq!(held(OFFENDER), BOND);
		assert_eq!(chunks(OFFENDER), [(BOND, 1 + HISTORY)]);
	});
}

#[test]
fn parts_should_join_the_last_when_there_are_too_many() {
	run(|| {
		bond(OFFENDER, BOND);
		for _ in 0..MAX_CHUNKS + 5 {
			assert_eq!(unbond(ASY), 0);
			pass(1);
		}
		let chunks = chunks(OFFENDER);
		assert_eq!(chunks.len(), MAX_CHUNKS as usize);
		assert_eq!(chunks.last(), Some(&(6 * ASY, Session::get() + HISTORY)));
	});
}

#[test]
fn slashing_should_take_what_stands_before_what_leaves() {
	run(|| {
		bond(OFFENDER, 100);
		unbond(10);
		pass(1);
		unbond(20);
		let (taken, missing) = Bonded::<Test>::slash_reserved(&who(), 75);
		assert_eq!((taken.peek(), missing), (75, 0));
		Slashed::set(taken.peek());
		drop(taken);
		assert_eq!(chunks(OFFENDER), [(10, 1 + HISTORY), (15, 2 + HISTORY)]);
		let (taken, missing) = Bonded::<Test>::slash_reserved(&who(), 30);
		assert_eq!((taken.peek(), missing), (25, 5));
		Slashed::mutate(|sum| *sum += taken.peek());
		drop(taken);
		assert!(!Unbonding::<Test>::contains_key(who()));
	});
}

#[test]
fn bond_should_move_to_another_when_repatriated() {
	run(|| {
		bond(OFFENDER, 3 * ASY);
		unbond(2 * ASY);
		let to = OTHER.to_account_id();
		let moved = |amount, status| Bonded::<Test>::repatriate_reserved(&who(), &to, amount, status);
		assert_eq!(moved(ASY, BalanceStatus::Reserved), Ok(0));
		assert_eq!((held(OTHER), free(OTHER)), (ASY, FUNDS));
		assert_eq!(moved(5 * ASY, BalanceStatus::Free), Ok(3 * ASY));
		assert_eq!((held(OFFENDER), free(OTHER)), (0, FUNDS + 2 * ASY));
		assert!(!Unbonding::<Test>::contains_key(who()));
	});
}

#[test]
fn currency_should_be_the_chains_own_where_nothing_is_bonded() {
	run(|| {
		let (payer, payee) = (who(), OTHER.to_account_id());
		assert_eq!(Bonded::<Test>::minimum_balance(), ED);
		assert_eq!(Bonded::<Test>::total_issuance(), Balances::total_issuance());
		assert_eq!(Bonded::<Test>::total_balance(&payer), FUNDS);
		assert_ok!(Bonded::<Test>::transfer(
			&payer,
			&payee,
			ASY,
			frame_support::traits::ExistenceRequirement::KeepAlive
		));
		assert_eq!(Bonded::<Test>::free_balance(&payee), FUNDS + ASY);
	});
}
