//! What must hold of the configuration, whatever the storage says.

use crate::{Config, MAX_DRAW_QUEUE};
use assay_primitives::{Pace, ECONOMIC_BOUNDS, MIN_SEATS};
use polkadot_sdk::{frame_support::traits::Get, sp_runtime::SaturatedConversion};

/// Checks every pace and the constants. A failed check stops the tests, not the chain.
pub(crate) fn integrity_test<T: Config>() {
	let hashes_kept: u32 = T::BlockHashCount::get().saturated_into();
	for windows in Pace::ALL.map(Pace::windows) {
		let pass = [
			windows.draw_delay,
			windows.accept,
			windows.release,
			windows.commit,
			windows.reveal,
		];
		assert!(pass.iter().all(|blocks| *blocks > 0), "every window has a block");
		let twice = pass
			.iter()
			.fold(0_u32, |sum, blocks| sum.saturating_add(*blocks))
			.saturating_mul(2);
		assert!(twice < windows.unbonding, "unbonding outlasts a round that is widened");
		assert!(
			windows.draw_delay.saturating_add(MAX_DRAW_QUEUE) < hashes_kept,
			"the draw's block hashes are kept until it is due"
		);
		assert!(windows.year > windows.unbonding, "a year is the longest period");
	}
	assert!(T::MaxValidators::get() >= MIN_SEATS, "a committee can be drawn");
	assert_eq!(
		ECONOMIC_BOUNDS.clamp(ECONOMIC_BOUNDS.defaults()),
		ECONOMIC_BOUNDS.defaults(),
		"defaults are in bounds"
	);
}
