//! How a round moves from state to state, by its members' calls or by `advance` after a deadline.

use crate::{Config, Error, Event, Members, OpenRounds, Pallet, Progress, Round, Rounds, Stage, Tally, MAX_DRAWS};
use assay_primitives::{AccountId, BlockNumber, Datasets, FailReason, RoundId, RoundState};
use polkadot_sdk::sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
	/// Moves a round on where its window has passed. Returns whether anything changed.
	pub(crate) fn do_advance(id: RoundId) -> Result<bool, DispatchError> {
		let mut round = Rounds::<T>::get(id).ok_or(Error::<T>::UnknownRound)?;
		if round.state.is_final() || !Self::is_overdue(&round) {
			return Ok(false);
		}
		match round.state {
			RoundState::Requested => Self::rearm(id, &mut round),
			RoundState::Accepting => Self::close_accepting(id, &mut round),
			RoundState::Releasing => Self::finish(id, &mut round, RoundState::Failed(FailReason::KeysWithheld)),
			RoundState::Committing => Self::close_committing(id, &mut round),
			RoundState::Revealing => Self::close_revealing(id, &mut round),
			RoundState::Settled | RoundState::Inconclusive | RoundState::Failed(_) | RoundState::Expired => (),
		}
		Rounds::<T>::insert(id, round);
		Ok(true)
	}

	/// Enters a state whose window has so many blocks after this one.
	pub(crate) fn enter(id: RoundId, round: &mut Round<AccountId>, state: RoundState, blocks: BlockNumber) {
		round.state = state;
		let time = if state.is_duty() { Self::clock() } else { Self::now() };
		round.deadline = time.saturating_add(blocks);
		if state.is_final() {
			OpenRounds::<T>::remove(id);
		}
		Self::deposit_event(Event::RoundAdvanced {
			round: id,
			state,
			until: Self::last_block(round),
		});
	}

	/// Whether every seat drawn accepted or declined.
	pub(crate) fn all_answered(round: &Round<AccountId>) -> bool {
		round.tally.accepted.saturating_add(round.tally.declines()) >= round.tally.drawn
	}

	/// Whether every seat that accepted committed or declined.
	pub(crate) fn all_committed(round: &Round<AccountId>) -> bool {
		round.tally.committed.saturating_add(round.tally.declines()) >= round.tally.accepted
	}

	/// The round goes on where more than half of a committee's seats wait for keys, whichever draw they came from.
	pub(crate) fn close_accepting(id: RoundId, round: &mut Round<AccountId>) {
		let missing = Self::mark_missing(id, round, Stage::Answer);
		// Whoever is missing is not waited for when the committee is widened.
		round.tally.drawn = round.tally.drawn.saturating_sub(missing);
		if round.tally.accepted.saturating_mul(2) > round.terms.seats {
			let window = round.terms.windows.release;
			Self::enter(id, round, RoundState::Releasing, window);
		} else {
			Self::widen_or_give_up(id, round);
		}
	}

	/// The steward released keys to seats that accepted.
	pub(crate) fn note_keyed(id: RoundId, round: &mut Round<AccountId>, seats: u32) {
		if !round.keys_released {
			round.keys_released = true;
			T::Datasets::note_use(round.terms.dataset, assay_primitives::Use::Evaluate);
		}
		round.tally.keyed = round.tally.keyed.saturating_add(seats);
		if round.tally.keyed >= round.tally.accepted {
			round.tally.declined = Default::default();
			let window = round.terms.commit_window();
			Self::enter(id, round, RoundState::Committing, window);
		}
	}

	pub(crate) fn close_committing(id: RoundId, round: &mut Round<AccountId>) {
		Self::mark_missing(id, round, Stage::Commit);
		if round.tally.committed > 0 {
			let window = round.terms.windows.reveal;
			Self::enter(id, round, RoundState::Revealing, window);
		} else {
			Self::judge(id, round);
		}
	}

	pub(crate) fn close_revealing(id: RoundId, round: &mut Round<AccountId>) {
		Self::mark_missing(id, round, Stage::Reveal);
		Self::judge(id, round);
	}

	/// Draws as many seats once more, among others; a committee that was widened already cannot be.
	pub(crate) fn widen_or_give_up(id: RoundId, round: &mut Round<AccountId>) {
		if round.widened {
			Self::give_up(id, round);
			return;
		}
		round.widened = true;
		Self::arm(id, round, MAX_DRAWS);
		round.state = RoundState::Requested;
		Self::deposit_event(Event::CommitteeWidened {
			round: id,
			until: round.deadline,
		});
		Self::deposit_event(Event::RoundAdvanced {
			round: id,
			state: round.state,
			until: round.deadline,
		});
	}

	/// Begins to count anew: those who revealed stay, and do not count among the seats of the next pass.
	pub(crate) fn begin_pass(round: &mut Round<AccountId>) {
		round.tally = Tally::default();
	}

	/// Ends a round whose committee came to nothing.
	pub(crate) fn give_up(id: RoundId, round: &mut Round<AccountId>) {
		let state = if round.keys_released {
			RoundState::Inconclusive
		} else {
			RoundState::Expired
		};
		Self::finish(id, round, state);
	}

	/// Notes who did not do what the stage asked for, and returns their seats.
	fn mark_missing(id: RoundId, round: &Round<AccountId>, stage: Stage) -> u32 {
		let mut seats = 0_u32;
		let missing = Self::committee(id)
			.into_iter()
			.filter(|(_, member)| is_missing(&member.progress, stage));
		for (who, mut member) in missing {
			seats = seats.saturating_add(member.seats);
			member.progress = Progress::Missed { stage };
			Members::<T>::insert(id, &who, member);
			Self::leave_round(&who);
			Self::note_miss(id, round, &who, stage);
			if stage == Stage::Commit {
				T::Datasets::forget_keys(id, &who);
			}
		}
		seats
	}
}

fn is_missing(progress: &Progress, stage: Stage) -> bool {
	match stage {
		Stage::Answer => matches!(progress, Progress::Drawn),
		Stage::Commit => matches!(progress, Progress::Keyed { .. }),
		Stage::Reveal => matches!(progress, Progress::Committed { .. }),
	}
}
