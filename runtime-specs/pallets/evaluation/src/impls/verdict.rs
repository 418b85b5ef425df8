//! The verdict: the whole reveal of the seat-weighted median member.

use crate::{Config, Event, Member, Members, Outcome, Pallet, Progress, Results, Round};
use assay_math::{median, tolerance};
use assay_primitives::{AccountId, Checkpoints, Reveal, RoundId, RoundState};
use scale_info::prelude::vec::Vec;

/// A verdict, and who agrees with it.
struct Verdict {
	reveal: Reveal,
	seats_agreed: u32,
}

impl<T: Config> Pallet<T> {
	/// Ends the round with a verdict, or widens the committee, or ends it without one.
	pub(crate) fn judge(id: RoundId, round: &mut Round<AccountId>) {
		let mut members = Self::committee(id);
		match verdict(round, &mut members) {
			Some(verdict) if tolerance::two_thirds(verdict.seats_agreed, round.accepted) => {
				Self::settle(id, round, members, verdict)
			}
			_ => {
				Self::begin_pass(round);
				Self::widen_or_give_up(id, round);
			}
		}
	}

	fn settle(id: RoundId, round: &mut Round<AccountId>, members: Vec<(AccountId, Member)>, verdict: Verdict) {
		for (who, member) in &members {
			Members::<T>::insert(id, who, member);
		}
		let terms = &round.terms;
		let (benchmark, checkpoint) = (terms.benchmark, terms.checkpoint);
		let Verdict {
			reveal: Reveal {
				scores,
				lower_ppm,
				upper_ppm,
				..
			},
			seats_agreed,
		} = verdict;
		let available = lower_ppm >= terms.threshold_ppm;
		let seats_accepted = round.accepted;
		let outcome = Outcome {
			round: id,
			scores: scores.clone(),
			lower_ppm,
			upper_ppm,
			samples: terms.samples,
			seats_agreed,
			seats_accepted,
			settled_at: Self::now(),
		};
		Results::<T>::insert(benchmark, checkpoint, outcome);
		T::Checkpoints::note_score(checkpoint, available);
		Self::deposit_event(Event::Settled {
			round: id,
			benchmark,
			checkpoint,
			scores,
			lower_ppm,
			upper_ppm,
			seats_agreed,
			seats_accepted,
			available,
		});
		Self::pay_verdict(id, round, &members, seats_agreed);
		Self::enter(id, round, RoundState::Settled, 0);
	}
}

/// The verdict over everyone who revealed; marks who agrees with it.
fn verdict(round: &Round<AccountId>, members: &mut [(AccountId, Member)]) -> Option<Verdict> {
	let main = usize::from(round.terms.main);
	let score = |reveal: &Reveal| reveal.scores.get(main).copied().unwrap_or(0);
	let revealed: Vec<(&Reveal, u32)> = members
		.iter()
		.filter_map(|(_, member)| match &member.progress {
			Progress::Revealed { reveal, .. } => Some((reveal, member.seats)),
			_ => None,
		})
		.collect();
	let pairs: Vec<(u32, u32)> = revealed.iter().map(|(reveal, seats)| (score(reveal), *seats)).collect();
	let reveal = median::weighted_median(&pairs)
		.and_then(|index| revealed.get(index))
		.map(|(reveal, _)| (*reveal).clone())?;
	let mut seats_agreed = 0_u32;
	for (_, member) in members.iter_mut() {
		if let Progress::Revealed { reveal: own, agrees } = &mut member.progress {
			let within = tolerance::within(score(own), score(&reveal), round.terms.tolerance_ppm);
			*agrees = Some(within);
			if within {
				seats_agreed = seats_agreed.saturating_add(member.seats);
			}
		}
	}
	Some(Verdict { reveal, seats_agreed })
}
