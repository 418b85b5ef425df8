//! Reveals: what opens a commitment, and what a reveal may say.

use super::stage::*;
use crate::{mock::*, Error, Event, Progress, Stage};
use assay_primitives::{AccountId, Hash, Reveal, RoundState};
use polkadot_sdk::frame_support::{assert_noop, assert_ok, dispatch::Pays};

/// A round in which validator 1 committed to this, revealed by it.
fn refused(change: impl FnOnce(&mut Reveal), error: Error<Test>) {
	scenario(|| {
		let id = committing(3);
		let mut opening = opening(900_000);
		change(&mut opening);
		for n in 1..=3 {
			assert_ok!(commit(id, &validator(n), &opening));
		}
		assert_noop!(reveal(id, &validator(1), &opening), error);
	});
}

#[test]
fn reveal_should_be_free_and_keep_the_opening() {
	scenario(|| {
		let id = revealing(3, &[900_000; 3]);
		events();
		assert_eq!(reveal(id, &validator(1), &opening(900_000)).unwrap().pays_fee, Pays::No);
		let scores = opening(900_000).scores;
		assert_eq!(
			events(),
			vec![Event::Revealed {
				round: id,
				member: validator(1),
				scores
			}]
		);
		let kept = Progress::Revealed {
			reveal: opening(900_000),
			agrees: None,
		};
		assert_eq!(progress(id, &validator(1)), kept);
		assert_noop!(reveal(id, &validator(1), &opening(900_000)), Error::<Test>::NotDrawn);
	});
}

#[test]
fn reveal_should_fail_when_it_is_not_the_time_or_the_callers_to_do() {
	scenario(|| {
		let id = committing(3);
		assert_ok!(commit(id, &validator(1), &opening(900_000)));
		assert_noop!(reveal(id, &validator(1), &opening(900_000)), Error::<Test>::WrongState);
		assert_ok!(commit(id, &validator(2), &opening(900_000)));
		assert_ok!(commit(id, &validator(3), &opening(900_000)));
		assert_noop!(
			reveal(id + 1, &validator(1), &opening(900_000)),
			Error::<Test>::UnknownRound
		);
		assert_noop!(reveal(id, &ANYONE, &opening(900_000)), Error::<Test>::NotDrawn);
		run_to(round(id).deadline + 1);
		assert_noop!(
			reveal(id, &validator(1), &opening(900_000)),
			Error::<Test>::WindowClosed
		);
	});
}

#[test]
fn reveal_should_fail_when_anything_in_it_differs_from_the_commitment() {
	let changes: [fn(&mut Reveal); 7] = [
		|it| it.scores = vec![900_000, 705_000].try_into().unwrap(),
		|it| it.scores = vec![905_000, 700_000].try_into().unwrap(),
		|it| it.lower_ppm -= 5_000,
		|it| it.upper_ppm += 5_000,
		|it| it.prediction_root = Hash::zero(),
		|it| it.env_digest = Hash::zero(),
		|it| it.salt[31] = 0,
	];
	scenario(|| {
		let id = revealing(3, &[900_000; 3]);
		for change in changes {
			let mut other = opening(900_000);
			change(&mut other);
			assert_noop!(reveal(id, &validator(1), &other), Error::<Test>::CommitmentMismatch);
		}
		assert_ok!(reveal(id, &validator(1), &opening(900_000)));
	});
}

#[test]
fn commitment_should_be_the_one_that_clients_compute() {
	scenario(|| {
		let id = revealing(3, &[900_000; 3]);
		let genesis = polkadot_sdk::frame_system::Pallet::<Test>::block_hash(0);
		let expected = assay_math::commitment::scores(
			&genesis.0,
			id,
			&[1; 32],
			0,
			0,
			&[5; 32],
			&[900_000, 700_000],
			890_000,
			910_000,
			&[4; 32],
			&[6; 32],
			&[2; 32],
		);
		let bytes: AccountId = validator(2);
		assert_eq!(
			Evaluation::commitment(id, &round(id), &bytes, &opening(900_000)),
			expected
		);
	});
}

#[test]
fn reveal_should_fail_when_the_scores_are_not_one_for_each_metric() {
	refused(
		|it| it.scores = vec![900_000].try_into().unwrap(),
		Error::ScoreCountMismatch,
	);
	refused(
		|it| it.scores = vec![900_000; 3].try_into().unwrap(),
		Error::ScoreCountMismatch,
	);
}

#[test]
fn reveal_should_fail_when_a_number_is_not_rounded_or_above_a_whole() {
	refused(
		|it| it.scores = vec![900_001, 700_000].try_into().unwrap(),
		Error::ScoreUnrounded,
	);
	refused(
		|it| it.scores = vec![900_000, 1_005_000].try_into().unwrap(),
		Error::ScoreUnrounded,
	);
	refused(|it| it.lower_ppm = 890_001, Error::ScoreUnrounded);
	refused(|it| it.upper_ppm = 1_005_000, Error::ScoreUnrounded);
}

#[test]
fn reveal_should_fail_when_the_interval_misses_the_main_score() {
	refused(|it| it.lower_ppm = 905_000, Error::IntervalMismatch);
	refused(|it| it.upper_ppm = 895_000, Error::IntervalMismatch);
}

#[test]
fn reveal_should_take_a_whole_where_the_precision_does_not_divide_it() {
	scenario(|| {
		benchmark(assay_primitives::BenchmarkSpec {
			precision_ppm: 7_000,
			..spec()
		});
		validators(3);
		let id = request();
		pass(id);
		for n in 1..=3 {
			assert_ok!(accept(id, &validator(n)));
		}
		for n in 1..=3 {
			release(id, &validator(n));
		}
		let whole = Reveal {
			scores: vec![1_000_000, 994_000].try_into().unwrap(),
			lower_ppm: 980_000,
			upper_ppm: 1_000_000,
			..opening(500_000)
		};
		for n in 1..=3 {
			assert_ok!(commit(id, &validator(n), &whole));
		}
		for n in 1..=3 {
			assert_ok!(reveal(id, &validator(n), &whole));
		}
		assert_eq!(state(id), RoundState::Settled);
	});
}

#[test]
fn verdict_should_fall_at_the_deadline_without_those_who_are_missing() {
	scenario(|| {
		let id = revealing(3, &[900_000; 3]);
		assert_ok!(reveal(id, &validator(1), &opening(900_000)));
		assert_ok!(reveal(id, &validator(2), &opening(900_000)));
		pass(id);
		assert_eq!(state(id), RoundState::Settled);
		assert_eq!(progress(id, &validator(3)), Progress::Missed { stage: Stage::Reveal });
		assert_eq!(owed(&validator(3)), 0);
	});
}
