//! What happens when sessions change.

use crate::*;
use frame_support::traits::Get;
use polkadot_sdk::sp_staking::SessionIndex;

impl<T: Config> Pallet<T> {
	/// Notes the slot in which the session begins, and disables again who is on its way out. The runtime calls it from
	/// its session manager, once the session is the running one.
	pub fn start_session(index: SessionIndex) {
		FirstSlots::<T>::insert(index, T::CurrentSlot::get());
		if !Outgoing::<T>::exists() {
			return;
		}
		let mut outgoing = Outgoing::<T>::get();
		outgoing.retain(|(_, until)| *until >= index);
		outgoing.iter().for_each(|(who, _)| T::Authorities::disable(who));
		if outgoing.is_empty() {
			Outgoing::<T>::kill();
		} else {
			Outgoing::<T>::put(outgoing);
		}
	}

	/// Forgets the session that can no longer be reported once `index` is over.
	pub fn end_session(index: SessionIndex) {
		let Some(old) = index.checked_sub(T::History::get()) else {
			return;
		};
		FirstSlots::<T>::remove(old);
		// At most one entry for each authority of the session.
		let _ = Slashes::<T>::clear_prefix(old, T::MaxAuthorities::get(), None);
	}
}
