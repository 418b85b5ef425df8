//! Lengths of a round's windows, which grow with the work.

use crate::{MIB, PPM};

/// Blocks of a window: `base`, plus `per_mb_ppm` millionths of a block for each MiB of `size_bytes`, plus
/// `per_1000` blocks for each 1,000 of `samples`; both additions in exact proportion and rounded up, saturating.
pub fn blocks(base: u32, per_mb_ppm: u32, size_bytes: u64, per_1000: u32, samples: u32) -> u32 {
	let for_size = scaled(size_bytes, per_mb_ppm, u128::from(MIB).saturating_mul(u128::from(PPM)));
	let for_samples = scaled(u64::from(samples), per_1000, 1_000);
	base.saturating_add(for_size).saturating_add(for_samples)
}

/// `amount * rate / unit`, rounded up. The product of 64 and 32 bits fits into 128.
fn scaled(amount: u64, rate: u32, unit: u128) -> u32 {
	let product = u128::from(amount).saturating_mul(u128::from(rate));
	let whole = product.checked_div(unit).unwrap_or(u128::MAX);
	let begun = u128::from(product.checked_rem(unit) != Some(0));
	u32::try_from(whole.saturating_add(begun)).unwrap_or(u32::MAX)
}
