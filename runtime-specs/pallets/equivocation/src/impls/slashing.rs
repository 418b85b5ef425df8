//! What an offence costs the offender.

use crate::*;
use assay_primitives::Balance;
use frame_support::{
	traits::{fungible::hold::Balanced as _, OnUnbalanced},
	weights::Weight,
};
use polkadot_sdk::{
	sp_runtime::Perbill,
	sp_staking::{
		offence::{OffenceDetails, OnOffenceHandler},
		SessionIndex,
	},
};

impl<T: Config> OnOffenceHandler<T::AccountId, OffenderOf<T>, Weight> for Pallet<T> {
	/// The weight is part of the reporting call's.
	fn on_offence(
		offenders: &[OffenceDetails<T::AccountId, OffenderOf<T>>],
		fractions: &[Perbill],
		session: SessionIndex,
	) -> Weight {
		for (details, fraction) in offenders.iter().zip(fractions) {
			let (who, _) = &details.offender;
			Self::punish(who, *fraction, session);
		}
		Weight::zero()
	}
}

impl<T: Config> Pallet<T> {
	/// Brings what the authority lost for the session up to the fraction of its bond; the first time, excludes it too.
	fn punish(who: &T::AccountId, fraction: Perbill, session: SessionIndex) {
		let fraction = fraction.max(MIN_SLASH);
		let past = Slashes::<T>::get(session, who);
		let base = past.as_ref().map_or_else(|| Self::held(who), |past| past.base);
		let before = past.as_ref().map_or(Perbill::zero(), |past| past.fraction);
		if fraction <= before {
			return;
		}
		Slashes::<T>::insert(session, who, Slash { fraction, base });
		let exclusion = T::Authorities::exclude(who);
		let owed = fraction.mul_floor(base).saturating_sub(before.mul_floor(base));
		let slashed = Self::slash(who, owed);
		if exclusion != Exclusion::Last {
			Self::disable(who);
		}
		Self::deposit_event(Event::Punished {
			offender: who.clone(),
			session,
			slashed,
			exclusion,
		});
	}

	/// Takes up to this much of the bond; what stands comes first, then what left last.
	fn slash(who: &T::AccountId, amount: Balance) -> Balance {
		let before = Self::held(who);
		let (credit, _) = T::Currency::slash(&HoldReason::Bond.into(), who, amount);
		T::OnSlash::on_unbalanced(credit);
		let after = Self::held(who);
		Self::cut_unbonding(who, after);
		before.saturating_sub(after)
	}

	/// Keeps the offender from authoring in this session, and in the next, for which it is chosen already.
	fn disable(who: &T::AccountId) {
		let until = T::Authorities::session().saturating_add(1);
		Outgoing::<T>::mutate(|outgoing| match outgoing.iter_mut().find(|(one, _)| one == who) {
			Some((_, last)) => *last = until,
			// More offenders than authorities: the disabling has long reached its limit.
			None => drop(outgoing.try_push((who.clone(), until))),
		});
		T::Authorities::disable(who);
	}
}
