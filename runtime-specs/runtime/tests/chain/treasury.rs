//! A spend from the treasury, from the proposal to the account it was for.

use crate::{
	referenda::{aye, conclude, submit},
	support::{signed, Chain},
};
use assay_primitives::ASY;
use assay_runtime::*;
use frame_support::{assert_noop, assert_ok};
use pallet_referenda::ReferendumInfo;
use pallet_treasury::{Error, PaymentState, SpendCount, Spends};
use polkadot_sdk::*;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie, Dave};

const AMOUNT: Balance = 50_000 * ASY;

fn spend(amount: Balance) -> pallet_treasury::Call<Runtime> {
	pallet_treasury::Call::spend {
		asset_kind: Box::new(()),
		amount,
		beneficiary: Box::new(Charlie.to_account_id()),
		valid_from: None,
	}
}

/// A chain whose treasury has so much to spend.
fn endowed(amount: Balance) -> Chain {
	let mut chain = Chain::dev();
	let dest = chain.with(Treasury::account_id).into();
	let gift = pallet_balances::Call::transfer_allow_death { dest, value: amount };
	assert_ok!(chain.call(signed(Bob), gift));
	chain
}

/// Has the spend approved by a referendum on the `treasury` track, and returns its index once it is enacted.
fn approve(chain: &mut Chain, amount: Balance) -> u32 {
	let spends = chain.with(SpendCount::<Runtime, ()>::get);
	let track = OriginCaller::Origins(origins::Origin::Treasurer);
	let index = submit(chain, track, spend(amount));
	aye(chain, Alice, index, 9_000_000);
	assert!(matches!(conclude(chain, index), ReferendumInfo::Approved(..)));
	for _ in 0..10 {
		if chain.with(SpendCount::<Runtime, ()>::get) > spends {
			return spends;
		}
		chain.next();
	}
	panic!("the spend was not enacted");
}

fn balance(chain: &mut Chain, who: &AccountId) -> Balance {
	chain.with(|| Balances::free_balance(who))
}

#[test]
fn spend_should_be_paid_from_the_treasurys_account_and_closed_when_approved_by_referendum() {
	let mut chain = endowed(AMOUNT);
	let index = approve(&mut chain, AMOUNT);
	let treasury = chain.with(Treasury::account_id);
	let accounts = [Charlie.to_account_id(), treasury];
	let before = accounts.clone().map(|who| balance(&mut chain, &who));

	assert_ok!(chain.call(signed(Dave), pallet_treasury::Call::payout { index }));
	let after = accounts.map(|who| balance(&mut chain, &who));
	assert_eq!(after, [before[0] + AMOUNT, before[1] - AMOUNT]);
	let status = chain.with(|| Spends::<Runtime, ()>::get(index).unwrap().status);
	assert!(matches!(status, PaymentState::Attempted { .. }));
	let again = chain.call(signed(Dave), pallet_treasury::Call::payout { index });
	assert_eq!(again.unwrap_err().error, Error::<Runtime>::AlreadyAttempted.into());

	assert_ok!(chain.call(signed(Dave), pallet_treasury::Call::check_status { index }));
	assert!(chain.emitted(|event| matches!(
		event,
		RuntimeEvent::Treasury(pallet_treasury::Event::SpendProcessed { .. })
	)));
	assert!(!chain.with(|| Spends::<Runtime, ()>::contains_key(index)));
	chain.check();
}

#[test]
fn spend_should_stay_due_until_the_treasury_can_pay() {
	let mut chain = Chain::dev();
	let index = approve(&mut chain, AMOUNT);
	assert_eq!(
		chain
			.call(signed(Dave), pallet_treasury::Call::payout { index })
			.unwrap_err()
			.error,
		Error::<Runtime>::PayoutError.into()
	);
	let dest = chain.with(Treasury::account_id).into();
	let gift = pallet_balances::Call::transfer_allow_death { dest, value: AMOUNT };
	assert_ok!(chain.call(signed(Bob), gift));
	assert_ok!(chain.call(signed(Dave), pallet_treasury::Call::payout { index }));
	chain.check();
}

#[test]
fn spend_should_lapse_when_nobody_collects_it_in_time() {
	let mut chain = endowed(AMOUNT);
	let index = approve(&mut chain, AMOUNT);
	let expires = chain.with(|| Spends::<Runtime, ()>::get(index).unwrap().expire_at);
	chain.run_to(expires);
	chain.with(|| {
		let payout = Treasury::payout(signed(Dave), index);
		assert_noop!(payout, Error::<Runtime>::SpendExpired);
	});
	chain.next();
	assert_ok!(chain.call(signed(Dave), pallet_treasury::Call::check_status { index }));
	assert!(!chain.with(|| Spends::<Runtime, ()>::contains_key(index)));
}

#[test]
fn spend_should_be_voided_by_the_track_and_by_nobody_else() {
	let mut chain = endowed(AMOUNT);
	let index = approve(&mut chain, AMOUNT);
	let void = || pallet_treasury::Call::void_spend { index };
	assert!(chain.call(signed(Charlie), void()).is_err());
	assert_ok!(chain.call(origins::Origin::Treasurer, void()));
	assert!(chain
		.call(signed(Dave), pallet_treasury::Call::payout { index })
		.is_err());
}
