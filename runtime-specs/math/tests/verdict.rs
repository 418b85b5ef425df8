//! Median, tolerance and windows.
#![allow(
	clippy::unwrap_used,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::arithmetic_side_effects,
	clippy::panic,
	clippy::float_arithmetic
)]

use assay_math::{median::weighted_median, tolerance, window, MIB, PPM};
use proptest::{collection::vec, prelude::*};

proptest! {
	#[test]
	fn weighted_median_should_have_half_the_seats_on_each_side_when_chosen(pairs in vec((0..=PPM, 0..8_u32), 0..24)) {
		let total: u32 = pairs.iter().map(|(_, weight)| weight).sum();
		let chosen = weighted_median(&pairs);
		prop_assert_eq!(chosen.is_some(), total > 0);
		if let Some(index) = chosen {
			let (median, weight) = pairs[index];
			let seats = |keep: fn(u32, u32) -> bool| pairs.iter().filter(|(v, _)| keep(*v, median)).map(|(_, w)| w).sum::<u32>();
			prop_assert!(weight > 0);
			prop_assert!(2 * seats(|value, median| value < median) < total);
			prop_assert!(2 * seats(|value, median| value <= median) >= total);
		}
	}

	#[test]
	fn weighted_median_should_equal_the_plain_one_when_seats_are_repeated(pairs in vec((0..100_u32, 1..5_u32), 1..12)) {
		let mut seats: Vec<u32> = pairs.iter().flat_map(|(value, weight)| vec![*value; *weight as usize]).collect();
		seats.sort_unstable();
		prop_assert_eq!(pairs[weighted_median(&pairs).unwrap()].0, seats[(seats.len() - 1) / 2]);
	}

	#[test]
	fn two_thirds_should_be_exact_when_compared(part: u32, whole: u32) {
		prop_assert_eq!(tolerance::two_thirds(part, whole), whole > 0 && u128::from(part) * 3 >= u128::from(whole) * 2);
	}

	#[test]
	fn least_ppm_should_be_the_least_that_covers_the_flips_when_there_are_samples(samples in 1..=u32::MAX, flips in 0..3_u32) {
		let least = u64::from(tolerance::least_ppm(samples, flips));
		let moved = u64::from(flips.min(samples)) * u64::from(PPM);
		prop_assert!(least * u64::from(samples) >= moved);
		prop_assert!(least == 0 || (least - 1) * u64::from(samples) < moved);
	}

	#[test]
	fn blocks_should_not_shrink_when_the_work_grows(
		base: u32, per_mb: u32, size in 0..u64::MAX / 2, per_1000: u32, samples in 0..u32::MAX / 2, more: u32,
	) {
		let blocks = window::blocks(base, per_mb, size, per_1000, samples);
		prop_assert!(blocks >= base);
		prop_assert!(window::blocks(base, per_mb, size + u64::from(more), per_1000, samples + more / 2) >= blocks);
	}
}

#[test]
fn weighted_median_should_take_the_lower_and_earlier_when_tied() {
	assert_eq!(weighted_median(&[(9, 1), (5, 1)]), Some(1));
	assert_eq!(weighted_median(&[(5, 1), (5, 1), (9, 1)]), Some(1));
	assert_eq!(weighted_median(&[(5, 2), (5, 1)]), Some(0));
	assert_eq!(weighted_median(&[(1, 0), (8, 3), (2, 1)]), Some(1));
}

#[test]
fn within_should_include_the_tolerance_when_compared() {
	assert!(tolerance::within(10, 15, 5) && tolerance::within(15, 10, 5));
	assert!(!tolerance::within(10, 16, 5) && !tolerance::within(0, u32::MAX, u32::MAX - 1));
}

#[test]
fn two_thirds_should_be_false_when_the_whole_is_empty() {
	assert!(!tolerance::two_thirds(0, 0));
}

#[test]
fn least_ppm_should_be_the_whole_when_there_are_no_samples() {
	assert_eq!(tolerance::least_ppm(0, 0), PPM);
	assert_eq!(tolerance::least_ppm(1, 2), PPM);
	assert_eq!(tolerance::least_ppm(3, 1), 333_334);
}

#[test]
fn blocks_should_round_up_and_saturate_when_computed() {
	assert_eq!(window::blocks(60, 500_000, 0, 60, 0), 60);
	assert_eq!(window::blocks(60, 500_000, 1, 60, 1), 62);
	assert_eq!(window::blocks(60, 500_000, 4 * MIB, 60, 1_500), 60 + 2 + 90);
	assert_eq!(
		window::blocks(u32::MAX, u32::MAX, u64::MAX, u32::MAX, u32::MAX),
		u32::MAX
	);
}
