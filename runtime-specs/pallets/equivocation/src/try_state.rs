//! What must hold of the storage at any time.

use crate::*;
use assay_primitives::Balance;
use frame_support::{ensure, traits::Get};
use polkadot_sdk::sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		let now = T::Authorities::session();
		let oldest = now.saturating_sub(T::History::get());
		for (session, _) in FirstSlots::<T>::iter() {
			ensure!((oldest..=now).contains(&session), "a session out of reach has its slot");
		}
		for (session, _, slash) in Slashes::<T>::iter() {
			ensure!((oldest..=now).contains(&session), "a session out of reach has a slash");
			ensure!(slash.fraction >= MIN_SLASH, "a slash is below the least");
		}
		let outgoing = Outgoing::<T>::get();
		for (index, (who, until)) in outgoing.iter().enumerate() {
			let again = outgoing.iter().skip(index.saturating_add(1));
			ensure!(
				again.clone().all(|(other, _)| other != who),
				"an offender is on its way out twice"
			);
			let ends = (now..=now.saturating_add(1)).contains(until);
			ensure!(ends, "an offender is out of the authorities, or in them for too long");
		}
		let latest = now.saturating_add(T::History::get()).saturating_add(1);
		for (who, chunks) in Unbonding::<T>::iter() {
			ensure!(!chunks.is_empty(), "nothing is on its way out, yet stored");
			ensure!(
				chunks.iter().all(|chunk| chunk.until <= latest),
				"a part is on its way out for too long"
			);
			ensure!(
				chunks.iter().all(|chunk| chunk.amount > 0),
				"an empty part is on its way out"
			);
			let ordered = chunks
				.windows(2)
				.all(|pair| matches!(pair, [a, b] if a.until < b.until));
			ensure!(ordered, "parts on their way out are out of order");
			let leaving = chunks
				.iter()
				.fold(0, |sum: Balance, chunk| sum.saturating_add(chunk.amount));
			ensure!(leaving <= Self::held(&who), "more is on its way out than is on hold");
		}
		Ok(())
	}
}
