//! What a missed duty costs.

use crate::{split::mul_ppm, PPM};

/// The slash for the `nth` miss in a row: `nth` times `ppm` of the bond, at most `cap_ppm` of it and never more
/// than the bond.
pub fn miss(bond: u128, nth_in_a_row: u32, ppm: u32, cap_ppm: u32) -> u128 {
	mul_ppm(bond, nth_in_a_row.saturating_mul(ppm).min(cap_ppm).min(PPM))
}
