//! The seat-weighted median: a verdict that some member computed, never a mixture.

use alloc::vec::Vec;

/// Index of the lower weighted median of `(value, weight)` pairs, ties of value to the earlier pair.
///
/// With the pairs sorted by value, it is the first whose cumulative weight is at least half of the total. `None`
/// where the total weight is zero. A pair without weight is never chosen.
pub fn weighted_median(pairs: &[(u32, u32)]) -> Option<usize> {
	let total = pairs
		.iter()
		.fold(0_u64, |sum, (_, weight)| sum.saturating_add(u64::from(*weight)));
	let mut order: Vec<(u32, usize, u32)> = pairs
		.iter()
		.enumerate()
		.filter(|(_, (_, weight))| *weight > 0)
		.map(|(i, (value, weight))| (*value, i, *weight))
		.collect();
	order.sort_unstable();
	let mut cumulative = 0_u64;
	order.into_iter().find_map(|(_, index, weight)| {
		cumulative = cumulative.saturating_add(u64::from(weight));
		(cumulative.saturating_mul(2) >= total).then_some(index)
	})
}
