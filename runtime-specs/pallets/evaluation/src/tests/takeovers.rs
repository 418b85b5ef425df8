//! Checkpoints that an earlier claim takes over, and when it no longer can.

use super::stage::*;
use crate::{mock::*, RoundOf};
use assay_primitives::{FailReason, RoundState};
use polkadot_sdk::frame_support::assert_ok;

fn take_over() {
	MODELS.with_borrow_mut(|models| models.terms.get_mut(&checkpoint(1)).unwrap().owner = ANYONE);
}

fn locked() -> bool {
	MODELS.with_borrow(|models| models.locked.contains(&checkpoint(1)))
}

#[test]
fn checkpoint_should_be_locked_as_soon_as_its_draw_can_be_known() {
	scenario(|| {
		let id = requested(3);
		run_to(round(id).deadline);
		assert!(!locked(), "the last block that feeds the draw is not sealed");
		assert_eq!(state(id), RoundState::Requested);
		run_to(round(id).deadline + 1);
		assert!(
			locked(),
			"before any transaction of the first block whose maker knows the draw"
		);
		assert_eq!(state(id), RoundState::Accepting);
	});
}

#[test]
fn round_should_end_with_a_refund_when_an_earlier_claim_took_the_checkpoint_over() {
	scenario(|| {
		let id = requested(3);
		run_to(round(id).deadline);
		take_over();
		run_to(round(id).deadline + 1);
		assert_eq!(state(id), RoundState::Failed(FailReason::ClaimTakenOver));
		assert_eq!(free(&REQUESTER), FORTUNE);
		assert!(!locked());
		assert_eq!(RoundOf::<Test>::get(0, checkpoint(1)), None);
		assert_ok!(Evaluation::request_evaluation(
			signed(&ANYONE),
			0,
			checkpoint(1),
			u128::MAX
		));
	});
}

#[test]
fn round_should_end_when_its_checkpoint_is_gone() {
	scenario(|| {
		let id = requested(3);
		MODELS.with_borrow_mut(|models| models.terms.clear());
		run_to(round(id).deadline + 1);
		assert_eq!(state(id), RoundState::Failed(FailReason::ClaimTakenOver));
	});
}
