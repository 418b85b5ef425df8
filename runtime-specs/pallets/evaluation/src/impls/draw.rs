//! The draw: who sits on the committee.

use super::requests::mib;
use crate::{Active, Config, Event, Member, Members, Pallet, Progress, Round, Validators, BOND_PER_WEIGHT};
use assay_math::draw;
use assay_primitives::{AccountId, Admission, BlockNumber, Datasets, FailReason, Relations, RoundId, RoundState};
use polkadot_sdk::{
	frame_system::{self, pallet_prelude::BlockNumberFor},
	sp_io::hashing::blake2_256,
};
use scale_info::prelude::vec::Vec;

/// Domain of the draw's seed.
const SEED_DOMAIN: &[u8] = b"assay/round/1";

impl<T: Config> Pallet<T> {
	/// Draws the committee, or its widening, from the hashes of the blocks since the round was armed.
	///
	/// Where the draw comes so late that the chain forgot those hashes, later ones take their place.
	pub(crate) fn draw(id: RoundId, round: &mut Round<AccountId>) {
		let Some(seed) = Self::seed(id, round) else {
			Self::arm(round);
			Self::deposit_event(Event::DrawRearmed {
				round: id,
				until: round.deadline,
			});
			return;
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

	/// Sets the blocks whose hashes feed the next draw: those after this one.
	pub(crate) fn arm(round: &mut Round<AccountId>) {
		round.armed_at = Self::now();
		round.deadline = round.armed_at.saturating_add(round.terms.windows.draw_delay);
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
