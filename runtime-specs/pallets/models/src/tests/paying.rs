use crate::{mock::*, *};
use assay_primitives::{AccountId, Balance, CheckpointId, Checkpoints as _, PPM};
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use polkadot_sdk::sp_runtime::{ArithmeticError, TokenError};
use proptest::{collection::vec, prelude::*};

fn available() -> CheckpointId {
	let checkpoint = submitted(1, OWNER);
	Zoo::note_score(checkpoint, true);
	checkpoint
}

fn pay(checkpoint: CheckpointId, uses: u32, max_price_each: Balance) -> DispatchResult {
	Zoo::pay_usage(signed(PAYER), checkpoint, uses, max_price_each)
}

fn owed(who: &AccountId) -> Balance {
	Claimables::<Test>::get(who)
}

#[test]
fn pay_usage_should_split_the_fee_when_the_checkpoint_is_available() {
	run(|| {
		let checkpoint = available();
		assert_ok!(Zoo::set_terms(signed(OWNER), 0, 3));
		assert_ok!(pay(checkpoint, 5, 3));
		assert_eq!(Balances::free_balance(PAYER), FUNDS - 15);
		assert_eq!((owed(&OWNER), owed(&OTHER)), (8, 7));
		assert_eq!(crate::Checkpoints::<Test>::get(checkpoint).unwrap().uses, 5);
		System::assert_last_event(
			Event::UsagePaid {
				checkpoint,
				payer: PAYER,
				uses: 5,
				fee: 15,
			}
			.into(),
		);
	});
}

#[test]
fn pay_usage_should_count_the_uses_when_they_are_free() {
	run(|| {
		let checkpoint = available();
		assert_ok!(Zoo::set_terms(signed(OWNER), 0, 0));
		assert_ok!(pay(checkpoint, 2, 0));
		assert_eq!(crate::Checkpoints::<Test>::get(checkpoint).unwrap().uses, 2);
	});
}

#[test]
fn pay_usage_should_refuse_when_the_checkpoint_is_not_available() {
	run(|| {
		assert_noop!(pay(id(7), 1, PRICE), Error::<Test>::UnknownCheckpoint);
		let checkpoint = submitted(1, OWNER);
		assert_noop!(pay(checkpoint, 1, PRICE), Error::<Test>::NotAvailable);
		Zoo::note_score(checkpoint, false);
		assert_noop!(pay(checkpoint, 1, PRICE), Error::<Test>::NotAvailable);
		Zoo::note_score(checkpoint, true);
		assert_ok!(pay(checkpoint, 1, PRICE));
		assert_ok!(Zoo::deprecate(signed(OWNER), checkpoint));
		assert_noop!(pay(checkpoint, 1, PRICE), Error::<Test>::NotAvailable);
	});
}

#[test]
fn pay_usage_should_refuse_when_the_model_is_gone() {
	ext().execute_with(|| {
		let checkpoint = available();
		Models::<Test>::remove(0);
		assert_noop!(pay(checkpoint, 1, PRICE), Error::<Test>::UnknownModel);
	});
}

#[test]
fn pay_usage_should_refuse_when_the_price_was_raised() {
	run(|| {
		let checkpoint = available();
		assert_ok!(Zoo::set_terms(signed(OWNER), 0, PRICE + 1));
		assert_noop!(pay(checkpoint, 1, PRICE), Error::<Test>::PriceAboveLimit);
	});
}

#[test]
fn pay_usage_should_refuse_when_the_fee_cannot_be_paid() {
	run(|| {
		let checkpoint = available();
		assert_noop!(pay(checkpoint, 0, PRICE), Error::<Test>::NoUses);
		assert_ok!(Zoo::set_terms(signed(OWNER), 0, Balance::MAX));
		assert_noop!(pay(checkpoint, 2, Balance::MAX), Error::<Test>::FeeTooLarge);
		assert_noop!(pay(checkpoint, 1, Balance::MAX), ArithmeticError::Underflow);
		assert_ok!(Zoo::set_terms(signed(OWNER), 0, FUNDS));
		assert_noop!(pay(checkpoint, 1, FUNDS), TokenError::NotExpendable);
		assert_noop!(pay(checkpoint, 2, FUNDS), TokenError::FundsUnavailable);
	});
}

#[test]
fn claim_fees_should_pay_once_when_anyone_asks() {
	run(|| {
		let checkpoint = available();
		let before = Balances::free_balance(OTHER);
		assert_ok!(pay(checkpoint, 4, PRICE));
		assert_ok!(Zoo::claim_fees(signed(PAYER), OTHER));
		assert_eq!(Balances::free_balance(OTHER), before + 20);
		System::assert_last_event(
			Event::FeesClaimed {
				beneficiary: OTHER,
				amount: 20,
			}
			.into(),
		);
		let events = System::event_count();
		assert_ok!(Zoo::claim_fees(signed(PAYER), OTHER));
		assert_eq!(Balances::free_balance(OTHER), before + 20);
		assert_eq!(System::event_count(), events);
		assert_eq!(owed(&OWNER), 20);
	});
}

#[test]
fn claim_fees_should_keep_what_is_owed_when_it_cannot_open_the_account() {
	run(|| {
		let checkpoint = available();
		let newcomer = AccountId::new([77; 32]);
		Models::<Test>::mutate_extant(0, |model| model.contributors = shares(&[(newcomer.clone(), PPM)]));
		assert_ok!(pay(checkpoint, 1, PRICE));
		assert_noop!(
			Zoo::claim_fees(signed(PAYER), newcomer.clone()),
			TokenError::BelowMinimum
		);
		assert_ok!(Zoo::set_terms(signed(OWNER), 0, ED));
		assert_ok!(pay(checkpoint, 1, ED));
		assert_ok!(Zoo::claim_fees(signed(PAYER), newcomer.clone()));
		assert_eq!(Balances::free_balance(newcomer), ED + PRICE);
	});
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(48))]

	#[test]
	fn pay_usage_should_lose_no_dust_when_shares_and_fees_are_any(
		cuts in vec(1..PPM, 0..15),
		payments in vec((0..1_000_000_u128, 1..1_000_u32), 1..6),
	) {
		run(|| {
			let checkpoint = available();
			let mut cuts = cuts.clone();
			cuts.extend([0, PPM]);
			cuts.sort_unstable();
			cuts.dedup();
			let who = |n: usize| AccountId::new([100 + n as u8; 32]);
			let parts: Vec<_> = cuts.windows(2).enumerate().map(|(n, cut)| (who(n), cut[1] - cut[0])).collect();
			Models::<Test>::mutate_extant(0, |model| model.contributors = shares(&parts));
			for (price, uses) in &payments {
				assert_ok!(Zoo::set_terms(signed(OWNER), 0, *price));
				assert_ok!(pay(checkpoint, *uses, *price));
			}
			let paid: Balance = payments.iter().map(|(price, uses)| price * Balance::from(*uses)).sum();
			assert_eq!(FUNDS - Balances::free_balance(PAYER), paid);
			assert_eq!(parts.iter().map(|(who, _)| owed(who)).sum::<Balance>(), paid);
		});
	}
}
