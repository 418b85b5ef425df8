//! What members do: accept, decline, commit, reveal.

use super::{draw::block_hash, one_time_key::is_weak};
use crate::{Config, Error, Event, Member, Members, Pallet, Progress, Round, Rounds};
use assay_math::{commitment, tolerance};
use assay_primitives::{AccountId, Datasets, DeclineReason, FailReason, Reveal, RoundId, RoundState, PPM};
use polkadot_sdk::{
	frame_support::{dispatch::DispatchResult, ensure},
	sp_runtime::DispatchError,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_accept(who: AccountId, id: RoundId, key: [u8; 32]) -> DispatchResult {
		let mut round = Self::round_in(id, RoundState::Accepting)?;
		let mut member = Self::member(id, &who)?;
		ensure!(member.progress == Progress::Drawn, Error::<T>::NotDrawn);
		ensure!(key != [0; 32], Error::<T>::KeyZero);
		ensure!(!is_weak(&key), Error::<T>::KeyWeak);
		member.progress = Progress::Accepted { key };
		round.accepted = round.accepted.saturating_add(member.seats);
		round.tally.accepted = round.tally.accepted.saturating_add(member.seats);
		Members::<T>::insert(id, &who, member);
		Self::deposit_event(Event::Accepted {
			round: id,
			member: who,
			key,
		});
		if Self::all_answered(&round) {
			Self::close_accepting(id, &mut round);
		}
		Rounds::<T>::insert(id, round);
		Ok(())
	}

	pub(crate) fn do_decline(who: AccountId, id: RoundId, reason: DeclineReason) -> DispatchResult {
		let mut round = Rounds::<T>::get(id).ok_or(Error::<T>::UnknownRound)?;
		let mut member = Self::member(id, &who)?;
		let committing = match (&round.state, &member.progress) {
			(RoundState::Accepting, Progress::Drawn) => false,
			(RoundState::Committing, Progress::Keyed { .. }) => true,
			(RoundState::Accepting | RoundState::Committing, _) => return Err(Error::<T>::NotDrawn.into()),
			_ => return Err(Error::<T>::WrongState.into()),
		};
		ensure!(!Self::is_overdue(&round), Error::<T>::WindowClosed);
		ensure!(fits(reason, committing), Error::<T>::ReasonOutOfPlace);
		member.progress = Progress::Declined { reason };
		let seats = member.seats;
		Members::<T>::insert(id, &who, member);
		Self::leave_round(&who);
		let of_one_mind = round.tally.decline(reason, seats);
		let whole = if committing {
			round.accepted = round.accepted.saturating_sub(seats);
			T::Datasets::forget_keys(id, &who);
			round.tally.accepted
		} else {
			round.tally.drawn
		};
		Self::deposit_event(Event::Declined {
			round: id,
			member: who,
			reason,
		});
		if tolerance::two_thirds(of_one_mind, whole) {
			Self::finish(id, &mut round, RoundState::Failed(FailReason::Declined(reason)));
		} else if committing && Self::all_committed(&round) {
			Self::close_committing(id, &mut round);
		} else if !committing && Self::all_answered(&round) {
			Self::close_accepting(id, &mut round);
		}
		Rounds::<T>::insert(id, round);
		Ok(())
	}

	pub(crate) fn do_commit(who: AccountId, id: RoundId, commitment: [u8; 32]) -> DispatchResult {
		let mut round = Self::round_in(id, RoundState::Committing)?;
		let mut member = Self::member(id, &who)?;
		ensure!(matches!(member.progress, Progress::Keyed { .. }), Error::<T>::NotDrawn);
		member.progress = Progress::Committed { commitment };
		round.tally.committed = round.tally.committed.saturating_add(member.seats);
		Members::<T>::insert(id, &who, member);
		T::Datasets::forget_keys(id, &who);
		Self::deposit_event(Event::Committed {
			round: id,
			member: who,
			commitment,
		});
		if Self::all_committed(&round) {
			Self::close_committing(id, &mut round);
		}
		Rounds::<T>::insert(id, round);
		Ok(())
	}

	pub(crate) fn do_reveal(who: AccountId, id: RoundId, reveal: Reveal) -> DispatchResult {
		let mut round = Self::round_in(id, RoundState::Revealing)?;
		let mut member = Self::member(id, &who)?;
		let Progress::Committed { commitment } = member.progress else {
			return Err(Error::<T>::NotDrawn.into());
		};
		Self::check_scores(&round, &reveal)?;
		ensure!(
			Self::commitment(id, &round, &who, &reveal) == commitment,
			Error::<T>::CommitmentMismatch
		);
		let scores = reveal.scores.clone();
		member.progress = Progress::Revealed { reveal, agrees: None };
		round.tally.revealed = round.tally.revealed.saturating_add(member.seats);
		Members::<T>::insert(id, &who, member);
		Self::leave_round(&who);
		Self::note_success(&who);
		Self::deposit_event(Event::Revealed {
			round: id,
			member: who,
			scores,
		});
		if round.tally.revealed >= round.tally.committed {
			Self::close_revealing(id, &mut round);
		}
		Rounds::<T>::insert(id, round);
		Ok(())
	}

	/// What a member has to commit to in order to reveal this.
	pub fn commitment(id: RoundId, round: &Round<AccountId>, who: &AccountId, reveal: &Reveal) -> [u8; 32] {
		let terms = &round.terms;
		commitment::scores(
			&block_hash::<T>(0).unwrap_or_default(),
			id,
			&terms.checkpoint.0,
			terms.dataset,
			terms.version,
			&reveal.env_digest.0,
			&reveal.scores,
			reveal.lower_ppm,
			reveal.upper_ppm,
			&reveal.prediction_root.0,
			&reveal.salt,
			who.as_ref(),
		)
	}

	fn check_scores(round: &Round<AccountId>, reveal: &Reveal) -> DispatchResult {
		let terms = &round.terms;
		ensure!(
			reveal.scores.len() == terms.metrics.len(),
			Error::<T>::ScoreCountMismatch
		);
		let rounded = |ppm: u32| ppm == PPM || ppm.checked_rem(terms.precision_ppm) == Some(0) && ppm < PPM;
		let all = reveal.scores.iter().chain([&reveal.lower_ppm, &reveal.upper_ppm]);
		ensure!(all.copied().all(rounded), Error::<T>::ScoreUnrounded);
		let main = reveal
			.scores
			.get(usize::from(terms.main))
			.ok_or(Error::<T>::ScoreCountMismatch)?;
		ensure!(
			(reveal.lower_ppm..=reveal.upper_ppm).contains(main),
			Error::<T>::IntervalMismatch
		);
		Ok(())
	}

	/// The round, in that state and within its window.
	pub(crate) fn round_in(id: RoundId, state: RoundState) -> Result<Round<AccountId>, DispatchError> {
		let round = Rounds::<T>::get(id).ok_or(Error::<T>::UnknownRound)?;
		ensure!(round.state == state, Error::<T>::WrongState);
		ensure!(!Self::is_overdue(&round), Error::<T>::WindowClosed);
		Ok(round)
	}

	/// The account's part in the round.
	pub(crate) fn member(id: RoundId, who: &AccountId) -> Result<Member, DispatchError> {
		Members::<T>::get(id, who).ok_or(Error::<T>::NotDrawn.into())
	}
}

/// Whether a member may give this reason: about the checkpoint before it has keys, about the data after.
fn fits(reason: DeclineReason, committing: bool) -> bool {
	match reason {
		DeclineReason::CheckpointUnavailable | DeclineReason::HashMismatch | DeclineReason::Unloadable => !committing,
		DeclineReason::KeyInvalid | DeclineReason::DataCorrupt => committing,
		DeclineReason::Resources => true,
	}
}
