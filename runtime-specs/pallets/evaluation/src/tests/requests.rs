//! Requests: what they pin, what they cost, when they are refused.

use super::stage::*;
use crate::{mock::*, Call, Error, Event, HoldReason, RoundOf, MAX_DRAW_QUEUE, MAX_FIRST_DRAWS};
use assay_primitives::{AccountId, Balance, CheckpointStatus, RoundState, ASY, PPM};
use polkadot_sdk::{
	frame_support::{assert_noop, assert_ok, dispatch::DispatchResult, traits::fungible::InspectHold},
	sp_runtime::TokenError,
};

fn ask(who: &AccountId, max_fee: Balance) -> DispatchResult {
	Evaluation::request_evaluation(signed(who), 0, checkpoint(1), max_fee)
}

fn ready() {
	benchmark(spec());
	submit(checkpoint(1), &REQUESTER, 16 * MIB);
}

fn fee_on_hold() -> Balance {
	Balances::balance_on_hold(&HoldReason::RoundFee.into(), &REQUESTER)
}

#[test]
fn request_should_hold_the_fee_and_wait_for_the_draw() {
	scenario(|| {
		ready();
		events();
		assert_ok!(ask(&REQUESTER, FEE + PRICE));
		assert_eq!(fee_on_hold(), FEE + PRICE);
		let requested = Event::EvaluationRequested {
			round: 0,
			benchmark: 0,
			checkpoint: checkpoint(1),
			requester: REQUESTER,
			fee: FEE,
			price: PRICE,
		};
		let waits = Event::RoundAdvanced {
			round: 0,
			state: RoundState::Requested,
			until: 3,
		};
		assert_eq!(events(), vec![requested, waits]);
		assert_eq!(RoundOf::<Test>::get(0, checkpoint(1)), Some(0));
	});
}

#[test]
fn request_should_pin_terms_against_every_later_change() {
	scenario(|| {
		ready();
		assert_ok!(ask(&REQUESTER, FEE + PRICE));
		let pinned = round(0).terms;
		DATA.with_borrow_mut(|data| {
			let terms = data.terms.get_mut(&(0, 0)).unwrap();
			terms.price = 100 * ASY;
			terms.samples = 10;
			terms.shards = 1;
			terms.usable = false;
		});
		Constants::mutate(|constants| constants.treasury_cut_ppm = PPM / 2);
		assert_ok!(Evaluation::set_verified(signed(&COUNCIL), 0, true));
		assert_ok!(Evaluation::retire_benchmark(signed(&OWNER), 0));
		MODELS.with_borrow_mut(|models| {
			models.terms.get_mut(&checkpoint(1)).unwrap().status = CheckpointStatus::Deprecated;
		});
		validators(3);
		pass(0);
		assert_eq!(state(0), RoundState::Accepting);
		assert_eq!(round(0).terms, pinned);
		assert_eq!(
			(pinned.price, pinned.samples, pinned.shards, pinned.verified),
			(PRICE, 1_000, 0b1111, false)
		);
	});
}

#[test]
fn request_should_fail_when_the_benchmark_or_its_data_cannot_be_used() {
	scenario(|| {
		submit(checkpoint(1), &REQUESTER, 1);
		assert_noop!(ask(&REQUESTER, Balance::MAX), Error::<Test>::UnknownBenchmark);
		ready();
		DATA.with_borrow_mut(|data| data.terms.get_mut(&(0, 0)).unwrap().usable = false);
		assert_noop!(ask(&REQUESTER, Balance::MAX), Error::<Test>::DatasetUnusable);
		publish();
		let id = request();
		assert_ok!(Evaluation::retire_benchmark(signed(&OWNER), 0));
		assert_noop!(ask(&REQUESTER, Balance::MAX), Error::<Test>::BenchmarkIsRetired);
		assert_eq!(id, 0);
	});
}

#[test]
fn request_should_fail_when_the_checkpoint_is_not_the_callers_to_score() {
	scenario(|| {
		benchmark(spec());
		assert_noop!(ask(&REQUESTER, Balance::MAX), Error::<Test>::UnknownCheckpoint);
		ready();
		assert_noop!(ask(&ANYONE, Balance::MAX), Error::<Test>::NotCheckpointOwner);
		MODELS.with_borrow_mut(|models| {
			models.terms.get_mut(&checkpoint(1)).unwrap().status = CheckpointStatus::Deprecated;
		});
		assert_noop!(ask(&REQUESTER, Balance::MAX), Error::<Test>::CheckpointDeprecated);
	});
}

#[test]
fn request_should_take_checkpoints_scored_elsewhere() {
	for status in [CheckpointStatus::Scored, CheckpointStatus::Available] {
		scenario(|| {
			ready();
			MODELS.with_borrow_mut(|models| models.terms.get_mut(&checkpoint(1)).unwrap().status = status);
			assert_ok!(ask(&REQUESTER, FEE + PRICE));
		});
	}
}

#[test]
fn request_should_fail_when_a_round_is_open_or_settled() {
	scenario(|| {
		ready();
		assert_ok!(ask(&REQUESTER, Balance::MAX));
		assert_noop!(ask(&REQUESTER, Balance::MAX), Error::<Test>::AlreadyRequested);
	});
	scenario(|| {
		let id = revealed(3, &[900_000; 3]);
		assert_eq!(state(id), RoundState::Settled);
		assert_noop!(ask(&REQUESTER, Balance::MAX), Error::<Test>::AlreadyRequested);
		assert_ok!(Evaluation::create_benchmark(signed(&OWNER), spec()));
		assert_ok!(Evaluation::request_evaluation(
			signed(&REQUESTER),
			1,
			checkpoint(1),
			Balance::MAX
		));
	});
}

#[test]
fn request_should_be_possible_again_when_a_round_came_to_nothing() {
	scenario(|| {
		ready();
		assert_ok!(ask(&REQUESTER, Balance::MAX));
		pass(0);
		assert!(state(0).is_final());
		assert_ok!(ask(&REQUESTER, Balance::MAX));
	});
}

#[test]
fn request_should_fail_when_the_fee_is_above_what_the_caller_allows() {
	scenario(|| {
		ready();
		assert_noop!(ask(&REQUESTER, FEE + PRICE - 1), Error::<Test>::FeeAboveMax);
		DATA.with_borrow_mut(|data| data.terms.get_mut(&(0, 0)).unwrap().price += 1);
		assert_noop!(ask(&REQUESTER, FEE + PRICE), Error::<Test>::FeeAboveMax);
	});
}

#[test]
fn request_should_fail_when_the_fee_is_not_there() {
	scenario(|| {
		ready();
		assert_ok!(Balances::transfer_allow_death(
			signed(&REQUESTER),
			ANYONE,
			FORTUNE - FEE
		));
		assert_noop!(ask(&REQUESTER, Balance::MAX), TokenError::FundsUnavailable);
	});
}

#[test]
fn request_should_fail_when_the_round_could_outlast_the_unbonding_period() {
	scenario(|| {
		ready();
		DATA.with_borrow_mut(|data| data.terms.get_mut(&(0, 0)).unwrap().samples = 20_000);
		assert_noop!(ask(&REQUESTER, Balance::MAX), Error::<Test>::RoundTooLong);
	});
}

/// Requests the evaluation of another checkpoint each time.
fn ask_for(n: u32) -> DispatchResult {
	let id = assay_primitives::Hash::from_low_u64_be(n.into());
	submit(id, &REQUESTER, MIB);
	let call = Call::request_evaluation {
		benchmark: 0,
		checkpoint: id,
		max_fee: Balance::MAX,
	};
	dispatch(&REQUESTER, call).map(|_| ()).map_err(|failed| failed.error)
}

#[test]
fn draw_should_be_put_off_when_its_block_has_no_room() {
	scenario(|| {
		benchmark(spec());
		for n in 0..5 {
			assert_ok!(ask_for(n));
		}
		let deadlines: Vec<_> = (0..5).map(|id| round(id).deadline).collect();
		assert_eq!(deadlines, vec![3, 3, 4, 4, 5]);
	});
}

#[test]
fn request_should_fail_when_the_blocks_to_come_have_no_room() {
	scenario(|| {
		benchmark(spec());
		let places = MAX_FIRST_DRAWS * (MAX_DRAW_QUEUE + 1);
		for n in 0..places {
			assert_ok!(ask_for(n));
		}
		assert_noop!(ask_for(places), Error::<Test>::TooManyRequests);
		run_to(2);
		assert_ok!(ask_for(places));
	});
}

#[test]
fn windows_should_grow_with_the_checkpoint_and_the_data() {
	scenario(|| {
		ready();
		assert_ok!(ask(&REQUESTER, Balance::MAX));
		let mut terms = round(0).terms;
		// 60 blocks and half a block per MiB; 120, half a block per MiB, 60 per thousand samples.
		assert_eq!((terms.accept_window(), terms.commit_window()), (68, 212));
		terms.checkpoint_bytes = 17 * MIB;
		terms.samples = 1_001;
		assert_eq!((terms.accept_window(), terms.commit_window()), (69, 213));
	});
}
