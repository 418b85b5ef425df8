//! Settlement and claims, to the planck.

use super::stage::*;
use crate::{mock::*, Credit, Error, Event, HoldReason};
use assay_primitives::{AccountId, RoundState, MILLI_ASY};
use polkadot_sdk::frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};

const EACH: u128 = (FEE - CUT) / 3;

fn claim(who: &AccountId) {
	assert_ok!(Evaluation::claim_rewards(signed(&ANYONE), who.clone()));
}

#[test]
fn settlement_should_pay_seats_steward_and_treasury_and_keep_nothing() {
	scenario(|| {
		let id = revealed(3, &[900_000; 3]);
		assert_eq!(state(id), RoundState::Settled);
		(1..=3).for_each(|n| assert_eq!(owed(&validator(n)), EACH));
		assert_eq!(owed(&STEWARD), PRICE);
		let dust = FEE - CUT - 3 * EACH;
		assert_eq!(owed(&TREASURY), CUT + dust);
		assert_eq!(free(&REQUESTER), FORTUNE - FEE - PRICE);
		assert_eq!(Balances::balance_on_hold(&HoldReason::RoundFee.into(), &REQUESTER), 0);
		assert_eq!(free(&Evaluation::account()), MILLI_ASY + FEE + PRICE);
	});
}

#[test]
fn settlement_should_give_the_shares_of_unpaid_seats_back() {
	scenario(|| {
		let id = revealed(3, &[900_000, 500_000, 900_000]);
		assert_eq!(owed(&validator(2)), 0, "the liar is not paid");
		assert_eq!(owed(&validator(1)), EACH);
		assert_eq!(free(&REQUESTER), FORTUNE - FEE - PRICE + EACH);
		let refunded = Event::Refunded {
			round: id,
			who: REQUESTER,
			amount: EACH,
		};
		assert!(events().contains(&refunded));
		let entry = crate::Validators::<Test>::get(validator(2)).unwrap();
		assert_eq!(
			(entry.bond, entry.misses),
			(Constants::get().min_bond, 0),
			"nor slashed"
		);
	});
}

#[test]
fn settlement_should_send_dust_to_the_treasury() {
	scenario(|| {
		Constants::mutate(|constants| constants.base_fee += 11);
		let id = revealed(3, &[900_000; 3]);
		let fee = FEE + 11;
		let cut = fee / 10;
		assert_eq!(round(id).terms.fee, fee);
		let dust = (fee - cut) % 3;
		assert!(dust > 0);
		assert_eq!(owed(&TREASURY), cut + dust);
		let credited = Event::Credited {
			round: id,
			who: TREASURY,
			amount: dust,
			reason: Credit::Dust,
		};
		assert!(events().contains(&credited));
	});
}

#[test]
fn claim_should_pay_everything_once() {
	scenario(|| {
		revealed(3, &[900_000; 3]);
		let before = free(&validator(1));
		events();
		claim(&validator(1));
		assert_eq!(free(&validator(1)), before + EACH);
		assert_eq!(
			events(),
			vec![Event::RewardsClaimed {
				beneficiary: validator(1),
				amount: EACH
			}]
		);
		claim(&validator(1));
		assert_eq!(free(&validator(1)), before + EACH);
		assert_eq!(events(), vec![]);
		for who in [validator(2), validator(3), STEWARD, TREASURY] {
			claim(&who);
		}
		assert_eq!(
			free(&Evaluation::account()),
			MILLI_ASY,
			"the existential deposit is left"
		);
	});
}

#[test]
fn claim_should_fail_and_keep_the_debt_when_the_beneficiary_cannot_exist() {
	scenario(|| {
		Constants::mutate(|constants| constants.treasury_cut_ppm = 1);
		let id = accepting(6);
		assert_ok!(Balances::transfer_all(signed(&TREASURY), ANYONE, false));
		assert_eq!(free(&TREASURY), 0);
		assert_ok!(accept(id, &members(id)[0]));
		(0..3).for_each(|_| pass(id));
		let due = owed(&TREASURY);
		assert!(due > 0 && due < MILLI_ASY, "less than an account needs to exist");
		let call = crate::Call::claim_rewards { beneficiary: TREASURY };
		assert_noop!(
			dispatch(&ANYONE, call).map_err(|failed| failed.error),
			Error::<Test>::PaymentRefused
		);
		assert_eq!(owed(&TREASURY), due);
	});
}

#[test]
fn credits_should_say_what_they_are_for() {
	scenario(|| {
		let id = revealed(3, &[900_000; 3]);
		let all = events();
		let has = |who: AccountId, amount, reason| {
			all.contains(&Event::Credited {
				round: id,
				who,
				amount,
				reason,
			})
		};
		assert!(has(validator(1), EACH, Credit::Reward));
		assert!(has(STEWARD, PRICE, Credit::Price));
		assert!(has(TREASURY, CUT, Credit::Cut));
	});
}
