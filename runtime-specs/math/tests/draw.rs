//! The committee draw.
#![allow(
	clippy::unwrap_used,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::arithmetic_side_effects,
	clippy::panic,
	clippy::float_arithmetic
)]

use assay_math::draw::draw;
use proptest::{collection::vec, prelude::*};

fn fills(weights: &[u64], seats: u32, cap: u32) -> bool {
	let candidates = weights.iter().filter(|w| **w > 0).count() as u64;
	candidates > 0 && candidates * u64::from(cap) >= u64::from(seats)
}

proptest! {
	#[test]
	fn draw_should_fill_the_seats_within_the_cap_when_it_can(
		weights in vec(prop_oneof![Just(0), 1..50_u64, any::<u64>()], 0..24),
		seats in 0..43_u32,
		cap in 0..16_u32,
		seed: [u8; 32],
	) {
		let drawn = draw(&weights, seats, cap, &seed);
		prop_assert_eq!(drawn.is_some(), fills(&weights, seats, cap));
		if let Some(drawn) = drawn {
			prop_assert_eq!(drawn.len(), weights.len());
			prop_assert_eq!(drawn.iter().sum::<u32>(), seats);
			for (held, weight) in drawn.iter().zip(&weights) {
				prop_assert!(*held <= cap);
				prop_assert!(*weight > 0 || *held == 0);
			}
		}
	}

	#[test]
	fn draw_should_give_the_parts_what_the_whole_gets_when_it_stays_below_the_cap(
		mut weights in vec(1..1_000_u64, 3..12),
		at: prop::sample::Index,
		part in 0..=1_000_u64,
		seats in 3..22_u32,
		seed: [u8; 32],
	) {
		let cap = (seats / 3).max(1);
		let at = at.index(weights.len());
		let whole = draw(&weights, seats, cap, &seed);
		prop_assume!(whole.as_ref().is_some_and(|whole| whole[at] < cap));
		let whole = whole.unwrap();

		let first = part.min(weights[at]);
		let second = weights[at] - first;
		weights[at] = first;
		weights.insert(at + 1, second);
		let parts = draw(&weights, seats, cap, &seed).unwrap();

		prop_assert_eq!(parts[at] + parts[at + 1], whole[at]);
		prop_assert_eq!(&parts[..at], &whole[..at]);
		prop_assert_eq!(&parts[at + 2..], &whole[at + 1..]);
	}

	#[test]
	fn draw_should_change_when_the_seed_does(seed: [u8; 32], other: [u8; 32]) {
		prop_assume!(seed != other);
		// 64 draws of one of two candidates: two seeds give the same ones by chance at most once in 2^32.
		let outcome = |seed| (0..64_u8).map(|i| { let mut s: [u8; 32] = seed; s[31] ^= i; draw(&[1, 1], 1, 1, &s) }).collect::<Vec<_>>();
		prop_assert_ne!(outcome(seed), outcome(other));
	}
}

#[test]
fn draw_should_be_proportional_to_weight_when_repeated() {
	let weights = [1_u64, 2, 3, 0, 4];
	let mut totals = [0_u64; 5];
	for run in 0..4_000_u32 {
		let mut seed = [7; 32];
		seed[..4].copy_from_slice(&run.to_le_bytes());
		for (total, held) in totals.iter_mut().zip(draw(&weights, 5, 5, &seed).unwrap()) {
			*total += u64::from(held);
		}
	}
	// 20,000 seats, 2,000 expected per unit of weight; 300 is over four standard deviations for each.
	for (total, weight) in totals.iter().zip(weights) {
		assert!(total.abs_diff(2_000 * weight) < 300, "{totals:?}");
	}
}

#[test]
fn draw_should_pass_over_a_candidate_when_it_reached_the_cap() {
	assert_eq!(draw(&[u64::MAX, 1, 1], 3, 1, &[0; 32]), Some(vec![1, 1, 1]));
}

#[test]
fn draw_should_refuse_when_there_is_no_weight() {
	assert_eq!(draw(&[], 0, 1, &[0; 32]), None);
	assert_eq!(draw(&[0, 0], 1, 1, &[0; 32]), None);
}

#[test]
fn draw_should_stay_as_it_is_when_the_code_changes() {
	let seed = core::array::from_fn(|i| i as u8);
	assert_eq!(draw(&[100, 200, 300, 400], 9, 3, &seed), Some(vec![1, 3, 2, 3]));
}
