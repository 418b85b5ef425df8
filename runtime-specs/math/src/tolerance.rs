//! Agreement: how close is close, and how many are enough.

use crate::PPM;

/// Whether the two differ by at most the tolerance.
pub fn within(a: u32, b: u32, tolerance: u32) -> bool {
	a.abs_diff(b) <= tolerance
}

/// Whether the part is at least two thirds of a whole that is not empty.
pub fn two_thirds(part: u32, whole: u32) -> bool {
	whole > 0 && u64::from(part).saturating_mul(3) >= u64::from(whole).saturating_mul(2)
}

/// What `flips` flipped samples of `samples` move a count metric, in ppm, rounded up; the whole where there are none.
pub fn least_ppm(samples: u32, flips: u32) -> u32 {
	let moved = u64::from(flips).saturating_mul(u64::from(PPM));
	if samples == 0 {
		return PPM;
	}
	u32::try_from(moved.div_ceil(u64::from(samples)))
		.unwrap_or(PPM)
		.min(PPM)
}
