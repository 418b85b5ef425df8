//! Making, verifying and retiring benchmarks.

use super::stage::*;
use crate::{mock::*, Benchmarks, Error, Event, HoldReason};
use assay_primitives::{BenchmarkSpec, Metric, ASY, MILLI_ASY};
use codec::Encode;
use polkadot_sdk::{
	frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold},
	sp_runtime::{DispatchError, TokenError},
};

fn deposit(who: &assay_primitives::AccountId) -> u128 {
	Balances::balance_on_hold(&HoldReason::BenchmarkDeposit.into(), who)
}

fn refused(change: impl FnOnce(&mut BenchmarkSpec), error: Error<Test>) {
	scenario(|| {
		publish();
		let mut spec = spec();
		change(&mut spec);
		assert_noop!(Evaluation::create_benchmark(signed(&OWNER), spec), error);
	});
}

fn main_metric(metric: Metric, tolerance_ppm: u32) -> BenchmarkSpec {
	BenchmarkSpec {
		metrics: vec![metric].try_into().unwrap(),
		tolerance_ppm,
		..spec()
	}
}

#[test]
fn create_should_hold_a_deposit_for_every_byte() {
	scenario(|| {
		assert_eq!(benchmark(spec()), 0);
		let bytes = spec().encoded_size() as u128;
		assert_eq!(deposit(&OWNER), 10 * ASY + bytes * MILLI_ASY);
		assert_eq!(
			events(),
			vec![Event::BenchmarkCreated {
				benchmark: 0,
				owner: OWNER,
				dataset: 0,
				version: 0
			}]
		);
		assert_eq!(benchmark(spec()), 1);
	});
}

#[test]
fn create_should_fail_when_the_deposit_is_not_there() {
	scenario(|| {
		publish();
		let poor = assay_primitives::AccountId::new([77; 32]);
		assert_ok!(Balances::transfer_allow_death(signed(&poor), ANYONE, FORTUNE - ASY));
		assert_noop!(
			Evaluation::create_benchmark(signed(&poor), spec()),
			TokenError::FundsUnavailable
		);
	});
}

#[test]
fn create_should_fail_when_the_main_metric_is_not_listed() {
	refused(|spec| spec.main = 2, Error::MainMetricMissing);
	refused(|spec| spec.metrics = Default::default(), Error::MainMetricMissing);
}

#[test]
fn create_should_fail_when_lower_is_better_for_the_main_metric() {
	refused(
		|spec| spec.metrics = vec![Metric::CalibrationError].try_into().unwrap(),
		Error::MainMetricUnranked,
	);
}

#[test]
fn create_should_fail_when_a_metric_is_listed_twice() {
	let twice = vec![Metric::Auroc, Metric::Accuracy, Metric::Auroc];
	refused(|spec| spec.metrics = twice.try_into().unwrap(), Error::MetricRepeated);
}

#[test]
fn create_should_fail_when_seats_are_out_of_range() {
	refused(|spec| spec.seats = 2, Error::SeatsOutOfRange);
	refused(|spec| spec.seats = 22, Error::SeatsOutOfRange);
}

#[test]
fn create_should_fail_when_the_precision_makes_scores_an_oracle() {
	refused(|spec| spec.precision_ppm = 4_999, Error::PrecisionOutOfRange);
	refused(|spec| spec.precision_ppm = 100_001, Error::PrecisionOutOfRange);
}

#[test]
fn create_should_fail_when_the_tolerance_is_finer_than_the_precision() {
	refused(|spec| spec.tolerance_ppm = 4_999, Error::ToleranceOutOfRange);
	refused(|spec| spec.tolerance_ppm = 1_000_001, Error::ToleranceOutOfRange);
}

#[test]
fn create_should_fail_when_the_threshold_is_above_a_whole() {
	refused(|spec| spec.threshold_ppm = 1_000_001, Error::ThresholdOutOfRange);
}

#[test]
fn create_should_fail_when_two_flipped_samples_exceed_the_tolerance() {
	scenario(|| {
		// 200 samples, 100 in each class: two flips move accuracy by 1 %, a class's recall by 2 %.
		DATA.with_borrow_mut(|data| data.terms.insert((0, 0), data_terms(200, 1)));
		let cases = [
			(Metric::Accuracy, 10_000),
			(Metric::BalancedAccuracy, 20_000),
			(Metric::Sensitivity, 20_000),
			(Metric::Specificity, 20_000),
		];
		for (metric, least) in cases {
			let below = main_metric(metric, least - 1);
			assert_noop!(
				Evaluation::create_benchmark(signed(&OWNER), below),
				Error::<Test>::ToleranceBelowTwoSamples
			);
			assert_ok!(Evaluation::create_benchmark(signed(&OWNER), main_metric(metric, least)));
		}
		for metric in [Metric::Auroc, Metric::AveragePrecision] {
			assert_ok!(Evaluation::create_benchmark(signed(&OWNER), main_metric(metric, 5_000)));
		}
	});
}

#[test]
fn create_should_fail_when_the_data_cannot_be_used() {
	refused(|spec| spec.version = 1, Error::DatasetUnusable);
	scenario(|| {
		publish();
		DATA.with_borrow_mut(|data| data.terms.get_mut(&(0, 0)).unwrap().usable = false);
		assert_noop!(
			Evaluation::create_benchmark(signed(&OWNER), spec()),
			Error::<Test>::DatasetUnusable
		);
	});
}

#[test]
fn set_verified_should_be_governances_alone() {
	scenario(|| {
		let id = benchmark(spec());
		assert_noop!(
			Evaluation::set_verified(signed(&OWNER), id, true),
			DispatchError::BadOrigin
		);
		assert_noop!(
			Evaluation::set_verified(signed(&COUNCIL), 9, true),
			Error::<Test>::UnknownBenchmark
		);
		events();
		assert_ok!(Evaluation::set_verified(signed(&COUNCIL), id, true));
		assert!(Benchmarks::<Test>::get(id).unwrap().verified);
		assert_eq!(
			events(),
			vec![Event::BenchmarkVerified {
				benchmark: id,
				verified: true
			}]
		);
		assert_ok!(Evaluation::set_verified(signed(&COUNCIL), id, false));
		assert!(!Benchmarks::<Test>::get(id).unwrap().verified);
	});
}

#[test]
fn retire_should_give_the_deposit_back_and_forget_when_no_round_was_requested() {
	scenario(|| {
		let id = benchmark(spec());
		let held = deposit(&OWNER);
		events();
		assert_noop!(
			Evaluation::retire_benchmark(signed(&ANYONE), id),
			Error::<Test>::NotBenchmarkOwner
		);
		assert_ok!(Evaluation::retire_benchmark(signed(&OWNER), id));
		assert_eq!(deposit(&OWNER), 0);
		assert_eq!(free(&OWNER), FORTUNE);
		assert_eq!(
			events(),
			vec![Event::BenchmarkRetired {
				benchmark: id,
				deposit: held
			}]
		);
		assert_noop!(
			Evaluation::retire_benchmark(signed(&OWNER), id),
			Error::<Test>::UnknownBenchmark
		);
	});
}

#[test]
fn retire_should_keep_the_record_when_a_round_was_requested() {
	scenario(|| {
		let id = requested(3);
		assert_ok!(Evaluation::retire_benchmark(signed(&COUNCIL), 0));
		assert_eq!(deposit(&OWNER), 0);
		assert!(Benchmarks::<Test>::get(0).unwrap().retired);
		assert_noop!(
			Evaluation::retire_benchmark(signed(&OWNER), 0),
			Error::<Test>::BenchmarkIsRetired
		);
		assert_noop!(
			Evaluation::set_verified(signed(&COUNCIL), 0, true),
			Error::<Test>::BenchmarkIsRetired
		);
		pass(id);
		assert_eq!(state(id), assay_primitives::RoundState::Accepting);
	});
}
