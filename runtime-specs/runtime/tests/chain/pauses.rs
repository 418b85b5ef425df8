//! A pause of the duties of rounds: their clock stands still, and nobody is punished.

use crate::{
	actors::*,
	emergency::{emergency, pause, unpause},
	referenda::{aye, conclude, submit},
	support::{signed, Chain},
};
use assay_primitives::*;
use assay_runtime::*;
use frame_support::{assert_ok, traits::GetCallMetadata};
use pallet_evaluation::StoppedBlocks;
use polkadot_sdk::*;
use sp_keyring::Sr25519Keyring::{self, Alice};

fn stopped(chain: &mut Chain) -> BlockNumber {
	chain.with(StoppedBlocks::<Runtime>::get)
}

fn why(chain: &mut Chain) -> Why<AccountId> {
	chain.with(|| Evaluation::why(0)).expect("the round exists")
}

fn keyring(who: &AccountId) -> Sr25519Keyring {
	Sr25519Keyring::from_account_id(who).expect("members are well known")
}

/// Validators' bonds with what they missed, and the steward's faults.
fn standing(chain: &mut Chain) -> (Vec<(Balance, u32, u32, bool)>, u32) {
	chain.with(|| {
		let validators = VALIDATORS
			.map(|who| pallet_evaluation::Validators::<Runtime>::get(who.to_account_id()).unwrap())
			.map(|entry| (entry.bond, entry.misses, entry.absences, entry.active));
		let faults = pallet_datasets::Datasets::<Runtime>::get(0).unwrap().faults;
		(validators.to_vec(), faults)
	})
}

/// A chain whose round 0 has a committee.
fn drawn() -> (Chain, Vec<AccountId>) {
	let mut chain = stage();
	assert_ok!(chain.call(signed(DEVELOPER), request(1)));
	chain.skip(Pace::Dev.windows().draw_delay + 1);
	let members = members(&mut chain, 0).into_iter().map(|(who, _)| who).collect();
	(chain, members)
}

#[test]
fn duties_should_be_what_members_stewards_and_anyone_must_do_in_time() {
	assert!(DUTIES.is_sorted());
	for duty in DUTIES {
		assert!(PAUSABLE.contains(duty));
	}
	let free = ["accept", "advance", "commit", "decline", "reveal"];
	let evaluation: Vec<_> = RuntimeCall::get_call_names("Evaluation")
		.iter()
		.copied()
		.filter(|call| DUTIES.contains(&("Evaluation", call)))
		.collect();
	assert_eq!(evaluation.len(), free.len());
	assert!(free.iter().all(|call| evaluation.contains(call)));
}

#[test]
fn clock_should_stand_still_while_any_duty_is_paused_and_only_then() {
	let mut chain = Chain::dev();
	let mut expected = 0;
	for (pallet, call) in PAUSABLE {
		assert_ok!(chain.call(emergency(), pause(pallet, call)));
		chain.skip(3);
		if DUTIES.contains(&(*pallet, *call)) {
			expected += 3;
		}
		assert_eq!(stopped(&mut chain), expected, "{pallet}::{call}");
		assert_ok!(chain.call(emergency(), unpause(pallet, call)));
		chain.skip(2);
		assert_eq!(stopped(&mut chain), expected, "{pallet}::{call}");
	}
	chain.check();
}

#[test]
fn clock_should_go_on_when_the_last_of_several_pauses_ends() {
	let mut chain = Chain::dev();
	assert_ok!(chain.call(emergency(), pause("Evaluation", "commit")));
	chain.skip(2);
	assert_ok!(chain.call(emergency(), pause("Datasets", "release_key")));
	chain.skip(2);
	assert_ok!(chain.call(emergency(), unpause("Evaluation", "commit")));
	chain.skip(2);
	assert_eq!(stopped(&mut chain), 6);
	assert_ok!(chain.call(emergency(), unpause("Datasets", "release_key")));
	chain.skip(2);
	assert_eq!(stopped(&mut chain), 6);
	chain.check();
}

#[test]
fn nobody_should_be_punished_when_each_state_of_a_round_is_paused_in_its_last_block() {
	let (mut chain, committee) = drawn();
	let before = standing(&mut chain);
	let duties = [
		(RoundState::Accepting, ("Evaluation", "accept")),
		(RoundState::Releasing, ("Datasets", "release_key")),
		(RoundState::Committing, ("Evaluation", "commit")),
		(RoundState::Revealing, ("Evaluation", "reveal")),
	];
	for (state, (pallet, name)) in duties {
		let until = why(&mut chain).until;
		chain.run_to(until - 1);
		assert_ok!(chain.call(emergency(), pause(pallet, name)));
		for _ in 0..4 {
			chain.skip(10);
			assert_eq!(why(&mut chain).state, state);
			let call = pallet_evaluation::Call::advance { round: 0 };
			assert_ok!(chain.call(signed(DEVELOPER), call));
			chain.check();
		}
		let filtered = frame_system::Error::<Runtime>::CallFiltered.into();
		let work = |chain: &mut Chain, who: &AccountId| match state {
			RoundState::Accepting => (
				keyring(who),
				pallet_evaluation::Call::accept { round: 0, key: [1; 32] }.into(),
			),
			RoundState::Releasing => (STEWARD, release(0, who.clone())),
			RoundState::Committing => (keyring(who), commit(chain, 0, who, 900_000)),
			_ => (keyring(who), reveal(0, 900_000)),
		};
		let (sender, call) = work(&mut chain, &committee[0]);
		assert_eq!(chain.call(signed(sender), call).unwrap_err().error, filtered);
		assert_ok!(chain.call(emergency(), unpause(pallet, name)));
		chain.next();
		assert_eq!(why(&mut chain).until, until + 40);
		assert_eq!(chain.number(), until + 40, "the last block of the window is left");
		for who in &committee {
			let (sender, call) = work(&mut chain, who);
			assert_ok!(chain.call(signed(sender), call));
		}
	}
	assert_eq!(why(&mut chain).state, RoundState::Settled);
	assert_eq!(standing(&mut chain), before);
	chain.check();
}

#[test]
fn member_should_be_late_to_the_block_when_a_pause_has_ended() {
	let (mut chain, committee) = drawn();
	let until = why(&mut chain).until;
	assert_ok!(chain.call(emergency(), pause("Evaluation", "reveal")));
	chain.skip(50);
	assert_ok!(chain.call(emergency(), unpause("Evaluation", "reveal")));
	chain.run_to(until + 51);
	assert!(matches!(why(&mut chain).waits_for, WaitsFor::Anyone));
	let accept = pallet_evaluation::Call::accept { round: 0, key: [1; 32] };
	let late = pallet_evaluation::Error::<Runtime>::WindowClosed.into();
	assert_eq!(
		chain.call(signed(keyring(&committee[0])), accept).unwrap_err().error,
		late
	);
}

#[test]
fn referendum_should_stop_the_clock_in_the_block_in_which_it_pauses() {
	let mut chain = Chain::dev();
	let track = || OriginCaller::Origins(origins::Origin::Emergency);
	let index = submit(&mut chain, track(), pause("Evaluation", "reveal"));
	aye(&mut chain, Alice, index, 9_000_000);
	assert_ok!(chain.call(
		signed(Sr25519Keyring::Bob),
		pallet_conviction_voting::Call::vote {
			poll_index: index,
			vote: pallet_conviction_voting::AccountVote::Standard {
				vote: pallet_conviction_voting::Vote {
					aye: true,
					conviction: pallet_conviction_voting::Conviction::Locked1x
				},
				balance: 9_000_000 * ASY,
			},
		}
	));
	conclude(&mut chain, index);
	let is_paused =
		|chain: &mut Chain| chain.with(|| pallet_tx_pause::PausedCalls::<Runtime>::iter_keys().count()) == 1;
	while !is_paused(&mut chain) {
		assert_eq!(stopped(&mut chain), 0);
		chain.next();
	}
	assert_eq!(stopped(&mut chain), 1, "nobody could do a duty in this block");
	chain.skip(4);
	assert_eq!(stopped(&mut chain), 5);
	let index = submit(&mut chain, track(), unpause("Evaluation", "reveal"));
	aye(&mut chain, Alice, index, 9_000_000);
	aye(&mut chain, Sr25519Keyring::Charlie, index, 9_000_000);
	conclude(&mut chain, index);
	let mut before = stopped(&mut chain);
	while is_paused(&mut chain) {
		before = stopped(&mut chain);
		chain.next();
	}
	assert_eq!(stopped(&mut chain), before, "duties can be done in this block again");
}
