//! Genesis, invariants that `try_state` reports, and refunds that cannot go straight back.

use super::stage::*;
use crate::{
	mock::*, Active, Benchmarks, Claimables, CurrentPace, GenesisConfig, Members, RoundOf, Rounds, Validators,
};
use assay_primitives::{FailReason, Pace, RoundState, MILLI_ASY};
use polkadot_sdk::{
	frame_support::{
		assert_ok,
		traits::{BuildGenesisConfig, Hooks},
	},
	frame_system::Account,
	sp_runtime::TryRuntimeError,
};

/// What `try_state` says of a settled round after storage was tampered with.
fn told(tamper: impl FnOnce(u32)) -> TryRuntimeError {
	new_test_ext().execute_with(|| {
		let id = revealed(3, &[900_000; 3]);
		assert_ok!(Evaluation::do_try_state());
		tamper(id);
		Evaluation::do_try_state().unwrap_err()
	})
}

#[test]
fn genesis_should_set_the_pace_and_endow_the_pallets_account() {
	new_test_ext().execute_with(|| {
		assert_eq!(Evaluation::pace(), Pace::Dev);
		assert_eq!(free(&Evaluation::account()), MILLI_ASY);
		GenesisConfig::<Test> {
			pace: Pace::Live,
			_config: Default::default(),
		}
		.build();
		assert_eq!(CurrentPace::<Test>::get(), Pace::Live);
		assert_eq!(Evaluation::windows(), Pace::Live.windows());
		assert_eq!(free(&Evaluation::account()), MILLI_ASY);
	});
}

#[test]
fn integrity_should_hold_for_every_pace() {
	Evaluation::integrity_test();
}

#[test]
fn try_state_should_report_a_bond_that_differs_from_its_hold() {
	let error = told(|_| Validators::<Test>::mutate_extant(validator(1), |entry| entry.bond += 1));
	assert_eq!(error, TryRuntimeError::Other("a hold differs from what storage says"));
}

#[test]
fn try_state_should_report_a_deposit_that_differs_from_its_hold() {
	let error = told(|_| Benchmarks::<Test>::mutate_extant(0, |entry| entry.deposit -= 1));
	assert_eq!(error, TryRuntimeError::Other("a hold differs from what storage says"));
}

#[test]
fn try_state_should_report_a_fee_that_is_not_on_hold() {
	let error = told(|id| Rounds::<Test>::mutate_extant(id, |round| round.state = RoundState::Revealing));
	assert_eq!(error, TryRuntimeError::Other("a hold differs from what storage says"));
}

#[test]
fn try_state_should_report_debts_that_exceed_the_pallets_account() {
	let error = told(|_| Claimables::<Test>::mutate(ANYONE, |owed| *owed += 1));
	assert_eq!(error, TryRuntimeError::Other("the pallet owes more than it has"));
}

#[test]
fn try_state_should_report_an_active_list_that_differs_from_the_validators() {
	let error = told(|_| Active::<Test>::mutate(|active| active.truncate(2)));
	assert_eq!(error, TryRuntimeError::Other("active validators are counted wrongly"));
	let error = told(|_| Active::<Test>::mutate(|active| active.as_mut().reverse()));
	assert_eq!(error, TryRuntimeError::Other("active validators are out of order"));
}

#[test]
fn try_state_should_report_open_rounds_counted_wrongly() {
	let error = told(|_| Validators::<Test>::mutate_extant(validator(1), |entry| entry.open_rounds = 1));
	assert_eq!(error, TryRuntimeError::Other("open rounds are counted wrongly"));
}

#[test]
fn try_state_should_report_seats_counted_wrongly_and_places_lost() {
	let error = told(|id| Members::<Test>::remove(id, validator(1)));
	assert_eq!(error, TryRuntimeError::Other("drawn seats are counted wrongly"));
	let error = told(|_| RoundOf::<Test>::remove(0, checkpoint(1)));
	assert_eq!(error, TryRuntimeError::Other("a checkpoint's place is taken wrongly"));
}

#[test]
fn refund_should_become_a_claimable_when_the_account_cannot_take_it() {
	scenario(|| {
		let small = MILLI_ASY / 2;
		Constants::mutate(|constants| {
			constants.base_fee = small;
			constants.fee_per_mb = 0;
			constants.fee_per_1000_samples = 0;
		});
		benchmark(spec());
		DATA.with_borrow_mut(|data| data.terms.get_mut(&(0, 0)).unwrap().price = 0);
		let id = request();
		// The account loses all that is free, and its fee is less than an account needs to exist.
		let lost = free(&REQUESTER);
		let set = |free| Account::<Test>::mutate(&REQUESTER, |account| account.data.free = free);
		set(0);
		pass(id);
		assert_eq!(state(id), RoundState::Failed(FailReason::NoCommittee));
		assert_eq!((free(&REQUESTER), owed(&REQUESTER)), (0, small));
		set(lost);
		assert_ok!(Evaluation::claim_rewards(signed(&ANYONE), REQUESTER));
		assert_eq!(free(&REQUESTER), FORTUNE);
	});
}
