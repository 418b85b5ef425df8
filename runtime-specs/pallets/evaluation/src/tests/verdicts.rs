//! Verdicts: whose reveal stands, who agrees with it, what follows for the checkpoint.

use super::stage::*;
use crate::{mock::*, Event, Outcome, Progress, Results};
use assay_primitives::RoundState;

fn result() -> Option<Outcome> {
	Results::<Test>::get(0, checkpoint(1))
}

fn agrees(id: u32, n: u8) -> Option<bool> {
	match progress(id, &validator(n)) {
		Progress::Revealed { agrees, .. } => agrees,
		_ => None,
	}
}

#[test]
fn verdict_should_be_the_whole_reveal_of_the_median_member() {
	scenario(|| {
		let id = revealed(3, &[905_000, 895_000, 900_000]);
		assert_eq!(state(id), RoundState::Settled);
		let outcome = Outcome {
			round: id,
			scores: vec![900_000, 700_000].try_into().unwrap(),
			lower_ppm: 890_000,
			upper_ppm: 910_000,
			samples: 1_000,
			seats_agreed: 3,
			seats_accepted: 3,
			settled_at: System::block_number(),
		};
		assert_eq!(result(), Some(outcome));
		let settled = Event::Settled {
			round: id,
			benchmark: 0,
			checkpoint: checkpoint(1),
			scores: vec![900_000, 700_000].try_into().unwrap(),
			lower_ppm: 890_000,
			upper_ppm: 910_000,
			seats_agreed: 3,
			seats_accepted: 3,
			available: true,
		};
		assert!(events().contains(&settled));
	});
}

#[test]
fn verdict_should_count_whoever_lies_within_tolerance() {
	scenario(|| {
		let id = revealed(3, &[910_000, 900_000, 890_000]);
		assert_eq!((1..=3).map(|n| agrees(id, n)).collect::<Vec<_>>(), vec![Some(true); 3]);
		assert_eq!(state(id), RoundState::Settled);
	});
	scenario(|| {
		let id = revealed(3, &[915_000, 900_000, 890_000]);
		assert_eq!(
			(1..=3).map(|n| agrees(id, n)).collect::<Vec<_>>(),
			vec![Some(false), Some(true), Some(true)]
		);
		assert_eq!(result().unwrap().seats_agreed, 2);
	});
}

#[test]
fn verdict_should_weigh_members_by_their_seats() {
	scenario(|| {
		benchmark(assay_primitives::BenchmarkSpec { seats: 9, ..spec() });
		register(1, 40_000 * assay_primitives::ASY);
		register(2, 40_000 * assay_primitives::ASY);
		(3..=8).for_each(|n| register(n, 100 * assay_primitives::ASY));
		let id = request();
		pass(id);
		let members = members(id);
		for who in &members {
			polkadot_sdk::frame_support::assert_ok!(accept(id, who));
		}
		for who in &members {
			release(id, who);
		}
		// Validators 1 and 2 hold three seats each: two thirds of the nine, though others may be as many accounts.
		let scores: Vec<u32> = members
			.iter()
			.map(|who| if *who <= validator(2) { 900_000 } else { 500_000 })
			.collect();
		commit_all(id, &scores);
		reveal_all(id, &scores);
		assert_eq!(state(id), RoundState::Settled);
		assert_eq!(result().unwrap().scores.first(), Some(&900_000));
		assert_eq!(result().unwrap().seats_agreed, 6);
	});
}

#[test]
fn checkpoint_should_be_available_when_the_lower_bound_reaches_the_threshold() {
	for (ppm, available) in [(810_000, true), (805_000, false)] {
		scenario(|| {
			revealed(3, &[ppm; 3]);
			assert_eq!(
				MODELS.with_borrow(|models| models.scores.clone()),
				vec![(checkpoint(1), available)]
			);
		});
	}
}

#[test]
fn round_should_have_no_verdict_when_less_than_two_thirds_agree() {
	scenario(|| {
		let id = revealed(3, &[900_000, 800_000, 700_000]);
		assert_eq!(state(id), RoundState::Requested);
		assert!(round(id).widened);
		assert_eq!(result(), None);
		assert!(MODELS.with_borrow(|models| models.scores.is_empty()));
	});
}
