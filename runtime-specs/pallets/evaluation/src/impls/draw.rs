//! The draw: who sits on the committee.

use super::requests::mib;
use crate::{
	Active, Config, DrawsAt, Event, Member, Members, Pallet, Progress, Round, Rounds, Validators, BOND_PER_WEIGHT,
	MAX_DRAWS, MAX_DRAW_QUEUE,
};
use assay_math::draw;
use assay_primitives::{
	AccountId, Admission, BlockNumber, Checkpoints, Datasets, FailReason, Relations, RoundId, RoundState,
};
use polkadot_sdk::{
	frame_system::{self, pallet_prelude::BlockNumberFor},
	sp_io::hashing::blake2_256,
};
use scale_info::prelude::vec::Vec;

/// Domain of the draw's seed.
const SEED_DOMAIN: &[u8] = b"assay/round/1";

impl<T: Config> Pallet<T> {
	/// Draws the committees that are due, and returns their number and that of the candidates of each.
	///
	/// This happens at the beginning of the first block whose maker can know the draw, before any transaction. So no
	/// bond, accreditation or proxy can be changed in the light of the draw, and no claim can change whose checkpoint
	/// it is: a submitter with two claims could otherwise look at the committee and then make the round fail.
	pub(crate) fn draw_due() -> (u32, u32) {
		let due = DrawsAt::<T>::take(Self::now());
		let work = (due.len() as u32, Active::<T>::decode_len().unwrap_or(0) as u32);
		for id in due {
			if let Some(mut round) = Rounds::<T>::get(id) {
				Self::draw(id, &mut round);
				Rounds::<T>::insert(id, round);
			}
		}
		work
	}

	/// Fixes the checkpoint and draws the committee, or draws its widening.
	fn draw(id: RoundId, round: &mut Round<AccountId>) {
		if !round.widened {
			let checkpoint = round.terms.checkpoint;
			let owner = T::Checkpoints::terms(checkpoint).map(|model| model.owner);
			if owner.as_ref() != Some(&round.terms.requester) {
				return Self::finish(id, round, RoundState::Failed(FailReason::ClaimTakenOver));
			}
			T::Checkpoints::lock(checkpoint);
		}
		let Some(seed) = Self::seed(id, round) else {
			return Self::rearm(id, round);
		};
		let candidates = Self::candidates(id, round);
		let weights: Vec<u64> = candidates.iter().map(|(_, weight)| *weight).collect();
		let seats = round.terms.seats;
		let cap = seats.checked_div(3).unwrap_or(1).max(1);
		match draw::draw(&weights, seats, cap, &seed) {
			Some(drawn) => Self::seat(id, round, candidates.into_iter().map(|(who, _)| who).zip(drawn)),
			None if round.widened => Self::give_up(id, round),
			None => Self::finish(id, round, RoundState::Failed(FailReason::NoCommittee)),
		}
	}

	/// Books a draw for the first block after the draw delay in which fewer than `room` are booked. Returns whether
	/// there is one; otherwise `advance` books again when the delay has passed.
	pub(crate) fn arm(id: RoundId, round: &mut Round<AccountId>, room: u32) -> bool {
		let now = Self::now();
		let first = now.saturating_add(round.terms.windows.draw_delay);
		let free = (first..=first.saturating_add(MAX_DRAW_QUEUE)).find(|deadline| {
			let at = deadline.saturating_add(1);
			let booked = DrawsAt::<T>::decode_len(at).unwrap_or(0) as u32;
			booked < room && DrawsAt::<T>::try_append(at, id).is_ok()
		});
		round.armed_at = now;
		round.deadline = free.unwrap_or(first);
		free.is_some()
	}

	/// Books anew a draw that did not take place, from the hashes of blocks yet to come.
	pub(crate) fn rearm(id: RoundId, round: &mut Round<AccountId>) {
		Self::arm(id, round, MAX_DRAWS);
		Self::deposit_event(Event::DrawRearmed {
			round: id,
			until: round.deadline,
		});
	}

	fn seat(id: RoundId, round: &mut Round<AccountId>, drawn: impl Iterator<Item = (AccountId, u32)>) {
		drawn.filter(|(_, seats)| *seats > 0).for_each(|(member, seats)| {
			let entry = Member {
				seats,
				widened: round.widened,
				progress: Progress::Drawn,
			};
			Members::<T>::insert(id, &member, entry);
			Validators::<T>::mutate_extant(&member, |entry| entry.open_rounds = entry.open_rounds.saturating_add(1));
			round.drawn = round.drawn.saturating_add(seats);
			round.tally.drawn = round.tally.drawn.saturating_add(seats);
			Self::deposit_event(Event::MemberDrawn {
				round: id,
				member,
				seats,
			});
		});
		let window = round.terms.accept_window();
		Self::enter(id, round, RoundState::Accepting, window);
	}

	/// The seed of the draw, or `None` where a block hash that feeds it is no longer known.
	fn seed(id: RoundId, round: &Round<AccountId>) -> Option<[u8; 32]> {
		let mut input = [SEED_DOMAIN, &id.to_le_bytes()].concat();
		for block in round.armed_at.saturating_add(1)..=round.deadline {
			let hash = block_hash::<T>(block)?;
			input.extend_from_slice(&hash);
		}
		Some(blake2_256(&input))
	}

	/// Who can be drawn, in ascending order, with draw weights.
	///
	/// Kept out: whoever acts for the requester or the steward (who knows the labels), earlier members, and those whose
	/// bond, limits or accreditation do not reach.
	fn candidates(id: RoundId, round: &Round<AccountId>) -> Vec<(AccountId, u64)> {
		Active::<T>::get()
			.into_iter()
			.filter(|who| !Members::<T>::contains_key(id, who))
			.filter_map(|who| Self::weight(round, &who).map(|weight| (who, weight)))
			.collect()
	}

	fn weight(round: &Round<AccountId>, who: &AccountId) -> Option<u64> {
		let terms = &round.terms;
		let entry = Validators::<T>::get(who)?;
		let able = entry.bond >= terms.economics.min_bond
			&& entry.open_rounds < entry.limits.max_concurrent
			&& mib(terms.checkpoint_bytes) <= entry.limits.max_checkpoint_mb;
		let admitted = T::Datasets::is_accredited(terms.dataset, who) || terms.admission == Admission::Bonded;
		let partial = [&terms.requester, &terms.steward]
			.into_iter()
			.any(|party| T::Relations::related(party, who));
		(able && admitted && !partial)
			.then(|| u64::try_from(entry.bond.checked_div(BOND_PER_WEIGHT).unwrap_or(0)).unwrap_or(u64::MAX))
	}
}

/// The hash of a block, or `None` where the chain does not keep it.
pub(crate) fn block_hash<T: Config>(block: BlockNumber) -> Option<[u8; 32]> {
	let hash = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::from(block));
	(!hash.is_zero()).then(|| hash.to_fixed_bytes())
}
