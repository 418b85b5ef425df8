//! Votes: delegated track by track, and with tokens that are on hold, each counted once.

use crate::{
	actors::*,
	referenda::submit,
	support::{signed, Chain},
};
use assay_primitives::{Pace, ASY};
use assay_runtime::*;
use frame_support::{
	assert_ok,
	traits::{
		fungible::Inspect,
		tokens::{Fortitude, Preservation},
	},
};
use pallet_conviction_voting::{AccountVote, Conviction, Error, Vote};
use pallet_referenda::{ReferendumInfo, ReferendumInfoFor};
use polkadot_sdk::*;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie};

const PARAMETERS: u16 = 10;

fn vote(poll_index: u32, balance: Balance) -> pallet_conviction_voting::Call<Runtime> {
	pallet_conviction_voting::Call::vote {
		poll_index,
		vote: AccountVote::Standard {
			vote: Vote {
				aye: true,
				conviction: Conviction::Locked1x,
			},
			balance,
		},
	}
}

fn poll(chain: &mut Chain, origin: origins::Origin) -> u32 {
	let remark = frame_system::Call::remark { remark: vec![1] };
	submit(chain, OriginCaller::Origins(origin), remark)
}

fn tally(chain: &mut Chain, index: u32) -> pallet_conviction_voting::TallyOf<Runtime> {
	let Some(ReferendumInfo::Ongoing(status)) = chain.with(|| ReferendumInfoFor::<Runtime>::get(index)) else {
		panic!("the referendum is over");
	};
	status.tally
}

fn total(chain: &mut Chain, who: Sr25519Keyring) -> Balance {
	chain.with(|| Balances::total_balance(&who.to_account_id()))
}

#[test]
fn delegation_should_lend_votes_on_its_track_alone() {
	let mut chain = Chain::dev();
	let balance = 1_000 * ASY;
	let delegate = pallet_conviction_voting::Call::delegate {
		class: PARAMETERS,
		to: Bob.to_account_id().into(),
		conviction: Conviction::None,
		balance,
	};
	assert_ok!(chain.call(signed(Alice), delegate));
	let on_track = poll(&mut chain, origins::Origin::Parameters);
	let elsewhere = poll(&mut chain, origins::Origin::Benchmarks);
	for index in [on_track, elsewhere] {
		assert_ok!(chain.call(signed(Bob), vote(index, 10 * ASY)));
	}
	assert_eq!(tally(&mut chain, on_track).support, 10 * ASY + balance);
	assert_eq!(
		tally(&mut chain, on_track).ayes,
		10 * ASY + balance / 10,
		"a tenth without conviction"
	);
	assert_eq!(tally(&mut chain, elsewhere).support, 10 * ASY);

	let own = chain.call(signed(Alice), vote(on_track, ASY)).unwrap_err().error;
	assert_eq!(own, Error::<Runtime>::AlreadyDelegating.into());
	assert_ok!(chain.call(signed(Alice), vote(elsewhere, ASY)));
	assert_eq!(tally(&mut chain, elsewhere).support, 11 * ASY);

	let class = PARAMETERS;
	assert_ok!(chain.call(signed(Alice), pallet_conviction_voting::Call::undelegate { class }));
	assert_eq!(tally(&mut chain, on_track).support, 10 * ASY);
	assert_eq!(tally(&mut chain, elsewhere).support, 11 * ASY);
}

#[test]
fn bond_on_hold_should_vote_once_and_no_token_twice() {
	let mut chain = Chain::dev();
	let bond = 2_000_000 * ASY;
	assert_ok!(chain.call(signed(Charlie), register_validator(bond)));
	let index = poll(&mut chain, origins::Origin::Parameters);
	let all = total(&mut chain, Charlie);
	assert!(chain.with(|| Balances::free_balance(Charlie.to_account_id())) <= all - bond);
	let beyond = chain.call(signed(Charlie), vote(index, all + 1)).unwrap_err().error;
	assert_eq!(beyond, Error::<Runtime>::InsufficientFunds.into());
	assert_ok!(chain.call(signed(Charlie), vote(index, all)));
	assert_eq!(tally(&mut chain, index).ayes, all);
	assert_eq!(tally(&mut chain, index).support, all);
	assert_ok!(chain.call(signed(Charlie), vote(index, all)));
	assert_eq!(tally(&mut chain, index).support, all, "voting again replaces the vote");
	chain.check();
}

#[test]
fn lock_of_a_vote_and_hold_of_a_bond_should_lie_over_each_other() {
	let mut chain = Chain::dev();
	let who = Charlie.to_account_id();
	let bond = 2_000_000 * ASY;
	assert_ok!(chain.call(signed(Charlie), register_validator(bond)));
	let index = poll(&mut chain, origins::Origin::Parameters);
	let locked = bond + 1_000_000 * ASY;
	assert_ok!(chain.call(signed(Charlie), vote(index, locked)));
	let (free, spendable) = chain.with(|| {
		let spendable = Balances::reducible_balance(&who, Preservation::Expendable, Fortitude::Polite);
		(Balances::free_balance(&who), spendable)
	});
	assert_eq!(free - spendable, locked - bond, "the bond covers its part of the lock");
	let beyond = pallet_balances::Call::transfer_allow_death {
		dest: Bob.to_account_id().into(),
		value: spendable + 1,
	};
	assert!(chain.call(signed(Charlie), beyond).is_err());
	let more = pallet_evaluation::Call::bond_more { amount: spendable + 1 };
	assert_ok!(chain.call(signed(Charlie), more));
	chain.check();
}

#[test]
fn slashed_bond_should_not_vote_again_while_the_vote_cast_before_stands() {
	let mut chain = stage();
	assert_ok!(chain.call(signed(DEVELOPER), request(1)));
	chain.skip(Pace::Dev.windows().draw_delay + 1);
	let committee = members(&mut chain, 0);
	for (who, _) in &committee {
		let accept = pallet_evaluation::Call::accept { round: 0, key: [1; 32] };
		assert_ok!(chain.call(RuntimeOrigin::signed(who.clone()), accept));
	}
	for (who, _) in &committee {
		assert_ok!(chain.call(signed(STEWARD), release(0, who.clone())));
	}
	let index = poll(&mut chain, origins::Origin::Parameters);
	let who = Sr25519Keyring::from_account_id(&committee[1].0).unwrap();
	let before = total(&mut chain, who);
	assert_ok!(chain.call(signed(who), vote(index, before)));

	let round = chain.with(|| pallet_evaluation::Rounds::<Runtime>::get(0).unwrap());
	let blocks = round.deadline + 1 - chain.number();
	let remaining = chain.with(|| ReferendumInfoFor::<Runtime>::get(index));
	assert!(matches!(remaining, Some(ReferendumInfo::Ongoing(_))));
	chain.skip(blocks);
	assert_ok!(chain.call(signed(DEVELOPER), pallet_evaluation::Call::advance { round: 0 }));
	let after = total(&mut chain, who);
	assert!(after < before, "the miss was slashed");

	let fresh = poll(&mut chain, origins::Origin::Parameters);
	let refused = chain.call(signed(who), vote(fresh, before)).unwrap_err().error;
	assert_eq!(refused, Error::<Runtime>::InsufficientFunds.into());
	assert_ok!(chain.call(signed(who), vote(fresh, after)));
	assert_eq!(tally(&mut chain, fresh).support, after);
	chain.check();
}
