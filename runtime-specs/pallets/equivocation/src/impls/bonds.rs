//! Bonds: on hold while a candidate stands, and until nothing it authored can be reported.

use crate::*;
use assay_primitives::Balance;
use frame_support::{
	ensure,
	traits::{
		fungible::hold::{Inspect as _, Mutate as _},
		tokens::Precision,
		Get,
	},
};
use polkadot_sdk::{sp_runtime::DispatchResult, sp_staking::SessionIndex};

impl<T: Config> Pallet<T> {
	/// Everything on hold as the account's bond, what is on its way out included.
	pub fn held(who: &T::AccountId) -> Balance {
		T::Currency::balance_on_hold(&HoldReason::Bond.into(), who)
	}

	fn leaving(who: &T::AccountId) -> Balance {
		let chunks = Unbonding::<T>::get(who);
		chunks
			.iter()
			.fold(0, |sum: Balance, chunk| sum.saturating_add(chunk.amount))
	}

	/// Lets go of up to this much of what stands, and returns how much that was. It stays on hold as long as something
	/// can be reported that the account may have authored: it is chosen for the next session still.
	pub(crate) fn unbond(who: &T::AccountId, amount: Balance) -> Balance {
		let amount = amount.min(Self::held(who).saturating_sub(Self::leaving(who)));
		if amount == 0 {
			return 0;
		}
		let until = T::Authorities::session()
			.saturating_add(T::History::get())
			.saturating_add(1);
		Unbonding::<T>::mutate(who, |chunks| {
			let full = chunks.is_full();
			match chunks.last_mut() {
				Some(last) if full || last.until == until => {
					last.amount = last.amount.saturating_add(amount);
					last.until = until;
				}
				// There is room: the list is not full.
				_ => drop(chunks.try_push(Chunk { amount, until })),
			}
		});
		Self::deposit_event(Event::Unbonded {
			who: who.clone(),
			amount,
			until,
		});
		amount
	}

	pub(crate) fn do_withdraw_unbonded(who: T::AccountId) -> DispatchResult {
		let session = T::Authorities::session();
		let free = |until: SessionIndex| until < session;
		let mut chunks = Unbonding::<T>::get(&who);
		let amount = chunks
			.iter()
			.filter(|chunk| free(chunk.until))
			.fold(0, |sum: Balance, chunk| sum.saturating_add(chunk.amount));
		ensure!(amount > 0, Error::<T>::NothingToWithdraw);
		chunks.retain(|chunk| !free(chunk.until));
		if chunks.is_empty() {
			Unbonding::<T>::remove(&who);
		} else {
			Unbonding::<T>::insert(&who, chunks);
		}
		let amount = T::Currency::release(&HoldReason::Bond.into(), &who, amount, Precision::BestEffort)?;
		Self::deposit_event(Event::Withdrawn { who, amount });
		Ok(())
	}

	/// Cuts what is on its way out to what is on hold, from the newest on.
	pub(crate) fn cut_unbonding(who: &T::AccountId, held: Balance) {
		let mut excess = Self::leaving(who).saturating_sub(held);
		if excess == 0 {
			return;
		}
		Unbonding::<T>::mutate_exists(who, |stored| {
			let Some(chunks) = stored else { return };
			for chunk in chunks.iter_mut().rev() {
				let cut = excess.min(chunk.amount);
				chunk.amount = chunk.amount.saturating_sub(cut);
				excess = excess.saturating_sub(cut);
			}
			chunks.retain(|chunk| chunk.amount > 0);
			if chunks.is_empty() {
				*stored = None;
			}
		});
	}
}
