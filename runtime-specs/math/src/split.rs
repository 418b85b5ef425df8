//! Splits of money in which nothing is lost and nothing is made.

use crate::PPM;
use alloc::vec::Vec;
use core::cmp::Reverse;

/// `ppm` millionths of the amount, rounded down; exact for the whole range of amounts up to `ppm` = [`PPM`], and
/// saturating beyond.
pub fn mul_ppm(amount: u128, ppm: u32) -> u128 {
	mul_div(amount, u128::from(ppm), u128::from(PPM)).0
}

/// An equal part for each seat, and the dust that cannot be shared out. Without seats all of it is dust.
pub fn per_seat(pool: u128, seats: u32) -> (u128, u128) {
	let seats = u128::from(seats);
	(
		pool.checked_div(seats).unwrap_or(0),
		pool.checked_rem(seats).unwrap_or(pool),
	)
}

/// Parts of `total` in proportion to the shares, which add up to it exactly. What rounding leaves over goes one by
/// one to the largest remainders, ties to the earlier. Where no share is above zero the first part takes all of it.
pub fn by_shares(total: u128, shares_ppm: &[u32]) -> Vec<u128> {
	let sum = shares_ppm
		.iter()
		.fold(0_u128, |sum, share| sum.saturating_add(u128::from(*share)));
	let split: Vec<(u128, u128)> = shares_ppm
		.iter()
		.map(|share| mul_div(total, u128::from(*share), sum))
		.collect();
	let mut parts: Vec<u128> = split.iter().map(|(part, _)| *part).collect();
	let mut dust = parts.iter().fold(total, |left, part| left.saturating_sub(*part));
	if sum == 0 {
		if let Some(first) = parts.first_mut() {
			*first = total;
		}
		return parts;
	}
	let mut order: Vec<usize> = (0..parts.len()).collect();
	order.sort_by_key(|index| Reverse(split.get(*index).map(|(_, remainder)| *remainder)));
	// There are fewer units of dust than remainders above zero, so one pass hands all of it out.
	for index in order {
		if let (1.., Some(part)) = (dust, parts.get_mut(index)) {
			*part = part.saturating_add(1);
			dust = dust.saturating_sub(1);
		}
	}
	parts
}

/// Quotient and remainder of `a * b / c`, saturating; zeros where `c` is zero. Exact where the quotient fits and
/// `b` and `c` are below 2^64, as then neither product below overflows.
fn mul_div(a: u128, b: u128, c: u128) -> (u128, u128) {
	let (Some(whole), Some(rest)) = (a.checked_div(c), a.checked_rem(c)) else {
		return (0, 0);
	};
	let fraction = rest.saturating_mul(b);
	let quotient = whole
		.saturating_mul(b)
		.saturating_add(fraction.checked_div(c).unwrap_or(0));
	(quotient, fraction.checked_rem(c).unwrap_or(0))
}
