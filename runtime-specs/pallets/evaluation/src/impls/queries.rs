//! What a node answers without a transaction.

use super::requests::compute_fee;
use crate::{Benchmarks, Config, Pallet, Progress, Results, Rounds, MAX_PAGE};
use assay_math::split;
use assay_primitives::{
	AccountId, BenchmarkId, Checkpoints, FeeQuote, LeaderboardEntry, RoundId, RoundState, WaitsFor, Why,
};
use core::cmp::Reverse;
use polkadot_sdk::frame_support::traits::Get;
use scale_info::prelude::vec::Vec;

impl<T: Config> Pallet<T> {
	/// What the round waits for, from whom, until when.
	pub fn why(id: RoundId) -> Option<Why<AccountId>> {
		let round = Rounds::<T>::get(id)?;
		let overdue = Self::is_overdue(&round);
		let until = Self::last_block(&round);
		let waits_for = match round.state {
			RoundState::Settled | RoundState::Inconclusive | RoundState::Failed(_) | RoundState::Expired => {
				WaitsFor::Nobody
			}
			_ if overdue => WaitsFor::Anyone,
			RoundState::Requested => WaitsFor::Blocks,
			RoundState::Accepting => WaitsFor::Members(Self::those(id, |it| matches!(it, Progress::Drawn))),
			RoundState::Releasing => WaitsFor::Steward {
				steward: round.terms.steward,
				members: Self::those(id, |it| matches!(it, Progress::Accepted { .. })),
			},
			RoundState::Committing => WaitsFor::Members(Self::those(id, |it| matches!(it, Progress::Keyed { .. }))),
			RoundState::Revealing => WaitsFor::Members(Self::those(id, |it| matches!(it, Progress::Committed { .. }))),
		};
		Some(Why {
			state: round.state,
			waits_for,
			until,
			widened: round.widened,
			draw_is_biasable_by_authors: true,
		})
	}

	/// A page of the benchmark's results: the best main score first, ties in order of settlement.
	pub fn leaderboard(benchmark: BenchmarkId, offset: u32, limit: u32) -> Vec<LeaderboardEntry<AccountId>> {
		let Some(entry) = Benchmarks::<T>::get(benchmark) else {
			return Vec::new();
		};
		let main = usize::from(entry.spec.main);
		let mut results: Vec<_> = Results::<T>::iter_prefix(benchmark).collect();
		results.sort_by_key(|(_, result)| {
			(
				Reverse(result.scores.get(main).copied()),
				result.settled_at,
				result.round,
			)
		});
		results
			.into_iter()
			.skip(offset as usize)
			.take(limit.min(MAX_PAGE) as usize)
			.filter_map(|(checkpoint, result)| {
				let model = T::Checkpoints::terms(checkpoint)?;
				Some(LeaderboardEntry {
					checkpoint,
					model: model.model,
					owner: model.owner,
					round: result.round,
					scores: result.scores,
					lower_ppm: result.lower_ppm,
					upper_ppm: result.upper_ppm,
					samples: result.samples,
					seats_agreed: result.seats_agreed,
					seats_accepted: result.seats_accepted,
					settled_at: result.settled_at,
				})
			})
			.collect()
	}

	/// What evaluating a checkpoint of this size on the benchmark costs now, if it takes requests.
	pub fn quote(benchmark: BenchmarkId, size_bytes: u32) -> Option<FeeQuote> {
		let entry = Self::open_benchmark(benchmark).ok()?;
		let data = Self::usable_data(&entry).ok()?;
		let economics = T::Economics::get();
		let compute = compute_fee(&economics, size_bytes, data.samples);
		let treasury_cut = split::mul_ppm(compute, economics.treasury_cut_ppm);
		let (per_seat, _) = split::per_seat(compute.saturating_sub(treasury_cut), entry.spec.seats);
		Some(FeeQuote {
			compute,
			treasury_cut,
			steward: data.price,
			total: compute.saturating_add(data.price),
			per_seat,
			subsidy: Self::subsidy(entry.verified, data.admission, treasury_cut),
		})
	}

	fn those(id: RoundId, waits: impl Fn(&Progress) -> bool) -> Vec<AccountId> {
		Self::committee(id)
			.into_iter()
			.filter(|(_, member)| waits(&member.progress))
			.map(|(who, _)| who)
			.collect()
	}
}
