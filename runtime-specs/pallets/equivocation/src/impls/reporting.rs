//! Reports: what they must prove, and that nobody is punished twice for a session.

use crate::*;
use codec::{DecodeAll, Encode};
use core::marker::PhantomData;
use frame_support::{
	ensure,
	traits::{Get, KeyOwnerProofSystem},
};
use frame_system::pallet_prelude::HeaderFor;
use polkadot_sdk::{
	sp_consensus_aura::{Slot, AURA_ENGINE_ID},
	sp_runtime::{traits::Header, DigestItem, DispatchError, DispatchResult, RuntimeAppPublic},
	sp_session::{GetSessionNumber, GetValidatorCount},
	sp_staking::{
		offence::{Offence, OffenceError, ReportOffence},
		SessionIndex,
	},
};
use scale_info::prelude::{vec, vec::Vec};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_report_aura(
		reporter: T::AccountId,
		offender: T::AuthorityId,
		first: HeaderFor<T>,
		second: HeaderFor<T>,
		proof: T::KeyOwnerProof,
	) -> DispatchResult {
		let slot = Self::slot_of_both(&first, &second)?;
		let (session, validators) = (proof.session(), proof.validator_count());
		Self::check_session(session, slot)?;
		Self::check_seal(first, &offender)?;
		Self::check_seal(second, &offender)?;
		let offender =
			T::KeyOwner::check_proof((T::AuthorityId::ID, offender), proof).ok_or(Error::<T>::NotAnAuthority)?;
		let offence = AuraOffence {
			slot,
			session,
			validators,
			offender,
		};
		T::Offences::report_offence(vec![reporter], offence).map_err(|_| Error::<T>::AlreadyReported.into())
	}

	/// The slot that two different headers, small enough, both claim.
	fn slot_of_both(first: &HeaderFor<T>, second: &HeaderFor<T>) -> Result<Slot, DispatchError> {
		let small = |header: &HeaderFor<T>| header.encoded_size() <= MAX_HEADER_BYTES;
		ensure!(small(first) && small(second), Error::<T>::HeaderTooLarge);
		ensure!(first.hash() != second.hash(), Error::<T>::SameBlock);
		let slot = Self::slot_of(first)?;
		ensure!(Self::slot_of(second)? == slot, Error::<T>::SlotsDiffer);
		Ok(slot)
	}

	/// The one claim of a slot, as the client finds it: it passes over whatever does not decode.
	fn slot_of(header: &HeaderFor<T>) -> Result<Slot, DispatchError> {
		let logs = header.digest().logs().iter();
		let mut slots = logs.filter_map(|log| log.pre_runtime_try_to::<Slot>(&AURA_ENGINE_ID));
		let (Some(slot), None) = (slots.next(), slots.next()) else {
			return Err(Error::<T>::NoSlot.into());
		};
		Ok(slot)
	}

	/// That the session can be reported, and the slot lies in it. Its authors' last block is the one that begins the
	/// next session.
	fn check_session(session: SessionIndex, slot: Slot) -> DispatchResult {
		let now = T::Authorities::session();
		let within = session <= now && now.saturating_sub(session) <= T::History::get();
		let begun = FirstSlots::<T>::get(session).filter(|_| within);
		let begun = begun.ok_or(Error::<T>::SessionOutOfReach)?;
		let ended = FirstSlots::<T>::get(session.saturating_add(1)).unwrap_or_else(T::CurrentSlot::get);
		ensure!((begun..=ended).contains(&slot), Error::<T>::SlotNotInSession);
		Ok(())
	}

	/// That the header's last log is the key's signature of the header without it.
	fn check_seal(mut header: HeaderFor<T>, key: &T::AuthorityId) -> DispatchResult {
		let Some(DigestItem::Seal(AURA_ENGINE_ID, seal)) = header.digest_mut().pop() else {
			return Err(Error::<T>::NoSeal.into());
		};
		let signature = <T::AuthorityId as RuntimeAppPublic>::Signature::decode_all(&mut seal.as_slice())
			.map_err(|_| Error::<T>::SealForged)?;
		ensure!(key.verify(&header.hash(), &signature), Error::<T>::SealForged);
		Ok(())
	}
}

/// Refuses reports of authorities that were all punished for the session already: an offender can sign offences without
/// end, and a report that holds is free. Nothing is lost by it: what an offence costs depends on how many offended in
/// the session, not on which report came first.
pub struct OncePerSession<T, Inner>(PhantomData<(T, Inner)>);

impl<T, Inner, O> ReportOffence<T::AccountId, OffenderOf<T>, O> for OncePerSession<T, Inner>
where
	T: Config,
	O: Offence<OffenderOf<T>>,
	Inner: ReportOffence<T::AccountId, OffenderOf<T>, O>,
{
	fn report_offence(reporters: Vec<T::AccountId>, offence: O) -> Result<(), OffenceError> {
		let session = offence.session_index();
		let punished = |(who, _): &OffenderOf<T>| Slashes::<T>::contains_key(session, who);
		if offence.offenders().iter().all(punished) {
			return Err(OffenceError::DuplicateReport);
		}
		Inner::report_offence(reporters, offence)
	}

	fn is_known_offence(offenders: &[OffenderOf<T>], slot: &O::Slot) -> bool {
		Inner::is_known_offence(offenders, slot)
	}
}
