use crate::{mock::*, *};
use assay_primitives::PPM;
use frame_support::{
	assert_ok,
	traits::{fungible::Mutate, fungible::MutateHold, tokens::Precision},
};
use polkadot_sdk::sp_runtime::TryRuntimeError;

/// What is said after the damage to one model with a checkpoint and one open claim.
fn says(damage: impl FnOnce(), complaint: &'static str) {
	ext().execute_with(|| {
		submitted(1, OWNER);
		claim(2, OWNER);
		assert_ok!(Zoo::do_try_state());
		damage();
		assert_eq!(Zoo::do_try_state(), Err(TryRuntimeError::Other(complaint)));
	});
}

fn change_model(change: impl FnOnce(&mut Model<assay_primitives::AccountId>)) {
	Models::<Test>::mutate_extant(0, change);
}

fn change_checkpoint(change: impl FnOnce(&mut Checkpoint<assay_primitives::AccountId>)) {
	Checkpoints::<Test>::mutate_extant(id(1), change);
}

#[test]
fn try_state_should_complain_when_a_model_or_claim_is_off() {
	says(|| NextModel::<Test>::put(2), "models differ from their counter");
	let moved = || Models::<Test>::insert(3, Models::<Test>::take(0).unwrap());
	says(moved, "a model's id is not below the next one");
	says(
		|| change_model(|it| it.contributors = shares(&[(OWNER, PPM - 1)])),
		"a model's shares do not add up",
	);
	let early = Claim {
		claimed_at: 100,
		deposit: 0,
	};
	says(
		|| Claims::<Test>::insert(OTHER, id(1), early),
		"a claim from the future",
	);
}

#[test]
fn try_state_should_complain_when_a_checkpoint_is_off() {
	let copied = || Checkpoints::<Test>::insert(id(2), Checkpoints::<Test>::get(id(1)).unwrap());
	says(copied, "a checkpoint under another's id");
	says(
		|| change_checkpoint(|it| it.claimed_at = 99),
		"a checkpoint opened before it was claimed",
	);
	says(
		|| change_checkpoint(|it| it.spec.size_bytes = 0),
		"a checkpoint that would not be accepted",
	);
	says(|| change_checkpoint(|it| it.model = 4), "a checkpoint without a model");
	says(
		|| change_checkpoint(|it| it.owner = OTHER),
		"a checkpoint and its model have different owners",
	);
	says(
		|| change_model(|it| it.checkpoints = 2),
		"checkpoints differ from their counter",
	);
}

#[test]
fn try_state_should_complain_when_money_is_off() {
	let release = |reason: HoldReason| {
		assert_ok!(Balances::release(&reason.into(), &OWNER, 1, Precision::Exact));
	};
	says(|| release(HoldReason::Deposit), "deposits differ from what is on hold");
	says(|| release(HoldReason::Claim), "claims differ from what is on hold");
	says(|| Claimables::<Test>::insert(OTHER, 0), "nothing owed, yet stored");
	says(
		|| Claimables::<Test>::insert(OTHER, 1),
		"the account holds less than is owed",
	);
}

#[test]
fn try_state_should_not_complain_when_somebody_sends_the_account_money() {
	ext().execute_with(|| {
		assert_ok!(Balances::mint_into(&Zoo::account(), 5));
		assert_ok!(Zoo::do_try_state());
	});
}
