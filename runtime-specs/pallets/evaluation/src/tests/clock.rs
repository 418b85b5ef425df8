//! While duties are halted the clock of rounds stands still: nobody misses anything, to the block.

use super::stage::*;
use crate::{mock::*, Error, Event, Progress, StoppedBlocks, Validators};
use assay_primitives::{AccountId, BlockNumber, DeclineReason, FailReason, KeyReleases, RoundId, RoundState, WaitsFor};
use polkadot_sdk::frame_support::{assert_noop, assert_ok};

/// Blocks of a halt: longer than any window of the test's pace.
const LONG: BlockNumber = 1_000;

/// Halts duties in this many blocks after the current one. The block after them is the open one then.
fn halt(blocks: BlockNumber) {
	let first = System::block_number() + 1;
	Halted::set(true);
	run_to(first + blocks - 1);
	Halted::set(false);
	run_to(first + blocks);
}

fn overdue(id: RoundId) -> bool {
	Evaluation::why(id).unwrap().waits_for == WaitsFor::Anyone
}

/// Bonds of validators 1 to `n`, with what was missed.
fn standing(n: u8) -> Vec<(u128, u32, u32, bool)> {
	(1..=n)
		.map(|n| Validators::<Test>::get(validator(n)).unwrap())
		.map(|entry| (entry.held(), entry.misses, entry.absences, entry.active))
		.collect()
}

/// Lets all of the window but its last block pass, halts duties, and says how many blocks of it are left then.
fn halt_at_the_end(id: RoundId) -> BlockNumber {
	let before = Evaluation::why(id).unwrap().until;
	run_to(before - 1);
	halt(LONG);
	let why = Evaluation::why(id).unwrap();
	assert_eq!(why.until, before + LONG, "the deadline moved on by the halt");
	assert_eq!(System::block_number(), why.until, "the window's last block is left");
	assert!(!overdue(id));
	assert_ok!(Evaluation::advance(signed(&ANYONE), id));
	why.until
}

fn the_window_shuts_after(id: RoundId, last: BlockNumber) {
	run_to(last + 1);
	assert!(overdue(id));
}

#[test]
fn members_should_accept_in_their_last_block_when_a_halt_came_before_it() {
	scenario(|| {
		let id = accepting(5);
		let before = standing(5);
		let last = halt_at_the_end(id);
		assert_eq!(state(id), RoundState::Accepting);
		for who in members(id) {
			assert_ok!(accept(id, &who));
		}
		assert_eq!(state(id), RoundState::Releasing);
		assert_eq!(System::block_number(), last);
		assert_eq!(standing(5), before, "nobody was missed or slashed");
	});
}

#[test]
fn member_should_be_late_when_its_window_has_passed_on_the_clock() {
	scenario(|| {
		let id = accepting(5);
		let last = halt_at_the_end(id);
		let who = members(id)[0].clone();
		the_window_shuts_after(id, last);
		assert_noop!(accept(id, &who), Error::<Test>::WindowClosed);
		let declined = Evaluation::decline(signed(&who), id, DeclineReason::Resources);
		assert_noop!(declined, Error::<Test>::WindowClosed);
		assert_ok!(Evaluation::advance(signed(&ANYONE), id));
		assert!(matches!(progress(id, &who), Progress::Missed { .. }));
	});
}

#[test]
fn steward_should_release_in_its_last_block_when_a_halt_came_before_it() {
	scenario(|| {
		let id = releasing(5);
		halt_at_the_end(id);
		for who in members(id) {
			release(id, &who);
		}
		assert_eq!(state(id), RoundState::Committing);
	});
}

#[test]
fn steward_should_be_at_fault_only_when_its_window_has_passed_on_the_clock() {
	scenario(|| {
		let id = releasing(5);
		let last = halt_at_the_end(id);
		assert_eq!(DATA.with_borrow(|data| data.faults), 0);
		the_window_shuts_after(id, last);
		assert_eq!(
			Evaluation::due(id, &members(id)[0]),
			Err(Error::<Test>::WindowClosed.into())
		);
		assert_ok!(Evaluation::advance(signed(&ANYONE), id));
		assert_eq!(state(id), RoundState::Failed(FailReason::KeysWithheld));
		assert_eq!(DATA.with_borrow(|data| data.faults), 1);
	});
}

#[test]
fn members_should_commit_and_reveal_in_their_last_blocks_when_halts_came_before_them() {
	scenario(|| {
		let id = committing(5);
		let before = standing(5);
		halt_at_the_end(id);
		commit_all(id, &[900_000; 3]);
		halt_at_the_end(id);
		assert_eq!(state(id), RoundState::Revealing);
		reveal_all(id, &[900_000; 3]);
		assert_eq!(state(id), RoundState::Settled);
		assert_eq!(standing(5), before, "nobody was missed or slashed");
		assert_eq!(StoppedBlocks::<Test>::get(), 2 * LONG);
		assert_eq!(round(id).deadline, System::block_number(), "a round ends in a block");
	});
}

#[test]
fn draw_should_take_place_in_its_block_when_duties_are_halted() {
	scenario(|| {
		let id = requested(5);
		let at = round(id).deadline + 1;
		Halted::set(true);
		run_to(at);
		assert_eq!(state(id), RoundState::Accepting);
		let window = round(id).terms.accept_window();
		assert_eq!(Evaluation::why(id).unwrap().until, at + window);
		run_to(at + LONG);
		assert_eq!(Evaluation::why(id).unwrap().until, at + LONG + window);
		Halted::set(false);
		run_to(at + LONG + window);
		assert!(!overdue(id), "the members have every block of the window");
		assert_ok!(accept(id, &members(id)[0]));
		run_to(at + LONG + window + 1);
		assert!(overdue(id));
	});
}

#[test]
fn missed_draw_should_be_booked_anew_when_duties_are_halted() {
	scenario(|| {
		let id = requested(5);
		crate::DrawsAt::<Test>::remove(round(id).deadline + 1);
		Halted::set(true);
		run_to(round(id).deadline + 1);
		assert!(overdue(id), "draws wait for blocks, not for the clock");
		assert_ok!(Evaluation::advance(signed(&ANYONE), id));
		run_to(round(id).deadline + 1);
		assert_eq!(state(id), RoundState::Accepting);
		Halted::set(false);
	});
}

#[test]
fn bond_should_stay_slashable_when_a_round_is_halted_for_longer_than_unbonding() {
	scenario(|| {
		let id = committing(5);
		let who: AccountId = members(id)[0].clone();
		let bond = Validators::<Test>::get(&who).unwrap().bond;
		assert_ok!(Evaluation::unbond(signed(&who), bond));
		let unbonding = Evaluation::windows().unbonding;
		halt(unbonding);
		assert_noop!(
			Evaluation::withdraw_unbonded(signed(&who)),
			Error::<Test>::NothingUnlocked
		);
		pass(id);
		assert!(
			Validators::<Test>::get(&who).unwrap().held() < bond,
			"the miss was paid for"
		);
		run_to(System::block_number() + unbonding);
		assert_ok!(Evaluation::withdraw_unbonded(signed(&who)));
	});
}

#[test]
fn unbonding_should_say_in_which_block_it_ends_when_the_clock_is_behind() {
	scenario(|| {
		register(1, 2 * Constants::get().min_bond);
		halt(LONG);
		events();
		assert_ok!(Evaluation::unbond(signed(&validator(1)), Constants::get().min_bond));
		let Some(Event::Unbonded { withdrawable_at, .. }) = events().pop() else {
			panic!("no event");
		};
		run_to(withdrawable_at - 1);
		assert!(Evaluation::withdraw_unbonded(signed(&validator(1))).is_err());
		run_to(withdrawable_at);
		assert_ok!(Evaluation::withdraw_unbonded(signed(&validator(1))));
	});
}

#[test]
fn clock_should_say_each_block_in_which_it_stands_and_no_other() {
	scenario(|| {
		run_to(10);
		events();
		halt(3);
		run_to(20);
		let stopped: Vec<_> = (1..=3).map(|stopped| Event::ClockStopped { stopped }).collect();
		assert_eq!(events(), stopped);
		assert_eq!(Evaluation::clock(), 17);
		assert_eq!(Evaluation::now(), 20);
	});
}

#[test]
fn windows_should_be_told_in_blocks_when_the_clock_is_behind() {
	scenario(|| {
		halt(7);
		let id = requested(5);
		events();
		pass(id);
		let until = Evaluation::why(id).unwrap().until;
		assert_eq!(until, System::block_number() + round(id).terms.accept_window());
		assert_eq!(round(id).deadline, until - 7);
		assert!(events().contains(&Event::RoundAdvanced {
			round: id,
			state: RoundState::Accepting,
			until
		}));
	});
}
