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
use scale_info::prelude::vec::Vec;

impl<T: Config> OnOffenceHandler<T::AccountId, OffenderOf<T>, Weight> for Pallet<T> {
	/// The offences pallet counts those who offended in one slot. What they cost depends on all who offended in the
	/// session: whoever reports itself for little escapes nothing. The weight is part of the reporting call's.
	fn on_offence(
		offenders: &[OffenceDetails<T::AccountId, OffenderOf<T>>],
		fractions: &[Perbill],
		session: SessionIndex,
	) -> Weight {
		// At most the authorities of the session.
		let mut all: Vec<_> = Slashes::<T>::iter_key_prefix(session).collect();
		for details in offenders {
			let (who, _) = &details.offender;
			if !all.contains(who) {
				all.push(who.clone());
			}
		}
		let least = fractions.iter().copied().fold(MIN_SLASH, Perbill::max);
		let fraction = Self::fraction(session, all.len()).max(least);
		for who in &all {
			Self::punish(who, fraction, session);
		}
		Weight::zero()
	}
}

impl<T: Config> Pallet<T> {
	/// What so many offenders of the session cost.
	fn fraction(session: SessionIndex, offenders: usize) -> Perbill {
		let offenders = u32::try_from(offenders).unwrap_or(u32::MAX);
		T::Authorities::count(session).map_or(Perbill::zero(), |count| slash_fraction(offenders, count))
	}

	/// Brings what the authority lost for the session up to the fraction of its bond; the first time, excludes it too.
	fn punish(who: &T::AccountId, fraction: Perbill, session: SessionIndex) {
		match Slashes::<T>::get(session, who) {
			None => Self::punish_first(who, fraction, session),
			Some(past) if past.fraction < fraction => Self::raise(who, fraction, session, past),
			Some(_) => {}
		}
	}

	fn punish_first(who: &T::AccountId, fraction: Perbill, session: SessionIndex) {
		let base = Self::held(who);
		Slashes::<T>::insert(session, who, Slash { fraction, base });
		let exclusion = T::Authorities::exclude(who);
		let slashed = Self::slash(who, fraction.mul_floor(base));
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

	fn raise(who: &T::AccountId, fraction: Perbill, session: SessionIndex, past: Slash<Balance>) {
		let base = past.base;
		Slashes::<T>::insert(session, who, Slash { fraction, base });
		let owed = fraction.mul_floor(base).saturating_sub(past.fraction.mul_floor(base));
		let slashed = Self::slash(who, owed);
		Self::deposit_event(Event::SlashRaised {
			offender: who.clone(),
			session,
			slashed,
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
