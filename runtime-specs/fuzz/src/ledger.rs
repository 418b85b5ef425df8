//! What must hold whatever was called.

use crate::support::Chain;
use assay_primitives::Balance;
use assay_runtime::{Balances, Runtime};
use pallet_evaluation::Subsidies;

/// Money as of the last look.
pub struct Ledger {
	issuance: Balance,
	year: u32,
	minted: Balance,
}

impl Ledger {
	/// Money as of now.
	pub fn of(chain: &mut Chain) -> Self {
		chain.with(|| {
			let subsidies = Subsidies::<Runtime>::get();
			Self {
				issuance: Balances::total_issuance(),
				year: subsidies.year,
				minted: subsidies.minted,
			}
		})
	}

	/// Panics where a pallet's state is inconsistent, where issuance is not the sum of balances, or where there is more
	/// money than before for another reason than subsidies. There may be less: dust and `burn`.
	pub fn check(&mut self, chain: &mut Chain) {
		chain.check();
		let now = Self::of(chain);
		let minted = if now.year == self.year {
			now.minted - self.minted
		} else {
			now.minted
		};
		assert!(
			now.issuance <= self.issuance + minted,
			"issuance grew from {} to {}, and subsidies by {minted}",
			self.issuance,
			now.issuance
		);
		*self = now;
	}
}
