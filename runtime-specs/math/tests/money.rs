//! Splits and slashes.
#![allow(
	clippy::unwrap_used,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::arithmetic_side_effects,
	clippy::panic,
	clippy::float_arithmetic
)]

use assay_math::{slash, split, PPM};
use proptest::{collection::vec, prelude::*};

proptest! {
	#[test]
	fn by_shares_should_lose_no_dust_when_splitting(total: u128, shares in vec(0..=PPM, 1..17)) {
		let parts = split::by_shares(total, &shares);
		prop_assert_eq!(parts.len(), shares.len());
		prop_assert_eq!(parts.iter().sum::<u128>(), total);
	}

	#[test]
	fn by_shares_should_be_within_one_of_proportion_when_splitting(total in 0..1_u128 << 90, shares in vec(0..=PPM, 1..17)) {
		let sum: u128 = shares.iter().map(|share| u128::from(*share)).sum();
		prop_assume!(sum > 0);
		for (part, share) in split::by_shares(total, &shares).iter().zip(&shares) {
			let exact = total * u128::from(*share) / sum;
			prop_assert!(*part == exact || *part == exact + 1);
			prop_assert!(*share > 0 || *part == 0);
		}
	}

	#[test]
	fn per_seat_should_lose_no_dust_when_splitting(pool: u128, seats: u32) {
		let (each, dust) = split::per_seat(pool, seats);
		prop_assert_eq!(each * u128::from(seats) + dust, pool);
		prop_assert!(seats == 0 || dust < u128::from(seats));
	}

	#[test]
	fn mul_ppm_should_be_exact_when_the_product_fits(amount in 0..1_u128 << 96, ppm: u32) {
		prop_assert_eq!(split::mul_ppm(amount, ppm), amount * u128::from(ppm) / u128::from(PPM));
	}

	#[test]
	fn mul_ppm_should_never_exceed_the_amount_when_it_is_a_share(amount: u128, ppm in 0..=PPM) {
		prop_assert!(split::mul_ppm(amount, ppm) <= amount);
		let both = split::mul_ppm(amount, ppm).checked_add(split::mul_ppm(amount, PPM - ppm));
		prop_assert!(both.is_some_and(|both| amount - both <= 1));
	}

	#[test]
	fn miss_should_rise_up_to_the_cap_when_repeated(bond: u128, nth in 0..1_000_u32, ppm: u32, cap_ppm: u32) {
		let slashed = slash::miss(bond, nth, ppm, cap_ppm);
		prop_assert!(slashed <= slash::miss(bond, nth + 1, ppm, cap_ppm));
		prop_assert!(slashed <= split::mul_ppm(bond, cap_ppm.min(PPM)));
		prop_assert!(slashed <= bond);
	}
}

#[test]
fn by_shares_should_give_the_dust_to_the_largest_remainders_when_uneven() {
	assert_eq!(split::by_shares(10, &[333_333, 333_333, 333_334]), [3, 3, 4]);
	assert_eq!(split::by_shares(11, &[1, 1, 1]), [4, 4, 3]);
	assert_eq!(split::by_shares(1, &[0, 1, 1]), [0, 1, 0]);
}

#[test]
fn by_shares_should_give_all_to_the_first_when_no_share_is_above_zero() {
	assert_eq!(split::by_shares(7, &[0, 0]), [7, 0]);
	assert!(split::by_shares(7, &[]).is_empty());
}

#[test]
fn mul_ppm_should_saturate_when_the_product_is_too_large() {
	assert_eq!(split::mul_ppm(u128::MAX, PPM), u128::MAX);
	assert_eq!(split::mul_ppm(u128::MAX, u32::MAX), u128::MAX);
}

#[test]
fn miss_should_cost_a_multiple_when_it_is_not_the_first() {
	assert_eq!(slash::miss(1_000_000, 1, 1_000, 10_000), 1_000);
	assert_eq!(slash::miss(1_000_000, 3, 1_000, 10_000), 3_000);
	assert_eq!(slash::miss(1_000_000, 11, 1_000, 10_000), 10_000);
}
