//! What must hold of the storage after every call.

use crate::{
	Active, Benchmarks, Claimables, Config, DrawsAt, HoldReason, Members, NextBenchmark, NextRound, OpenRounds, Pallet,
	Results, Round, RoundOf, Rounds, StoppedBlocks, Validators,
};
use assay_primitives::{AccountId, Balance, RoundState};
use polkadot_sdk::{
	frame_support::{
		ensure,
		traits::{
			fungible::{Inspect, InspectHold},
			GetStorageVersion,
		},
	},
	sp_runtime::TryRuntimeError,
};
use scale_info::prelude::collections::BTreeMap;

type Sums = BTreeMap<AccountId, Balance>;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::try_holds()?;
		Self::try_claimables()?;
		Self::try_validators()?;
		Self::try_open_rounds()?;
		Self::try_rounds()
	}

	/// Holds are bonds, fees of open rounds and deposits, account by account.
	fn try_holds() -> Result<(), TryRuntimeError> {
		let bonds = sums(Validators::<T>::iter().map(|(who, entry)| (who, entry.held())));
		let fees = sums(
			Rounds::<T>::iter_values()
				.filter(|round| !round.state.is_final())
				.map(|round| (round.terms.requester.clone(), round.terms.total())),
		);
		let deposits = sums(Benchmarks::<T>::iter_values().map(|entry| (entry.owner, entry.deposit)));
		for (reason, sums) in [
			(HoldReason::Bond, bonds),
			(HoldReason::RoundFee, fees),
			(HoldReason::BenchmarkDeposit, deposits),
		] {
			let reason = reason.into();
			for (who, amount) in sums {
				ensure!(
					T::Currency::balance_on_hold(&reason, &who) == amount,
					"a hold differs from what storage says"
				);
			}
		}
		Ok(())
	}

	/// The pallet's account holds what is owed and its existential deposit.
	fn try_claimables() -> Result<(), TryRuntimeError> {
		let owed = Claimables::<T>::iter_values().fold(0_u128, Balance::saturating_add);
		let least = owed.saturating_add(T::Currency::minimum_balance());
		ensure!(
			T::Currency::balance(&Self::account()) >= least,
			"the pallet owes more than it has"
		);
		Ok(())
	}

	fn try_validators() -> Result<(), TryRuntimeError> {
		let active = Active::<T>::get();
		ensure!(
			active.windows(2).all(|pair| pair.first() < pair.last()),
			"active validators are out of order"
		);
		let flagged = Validators::<T>::iter_values().filter(|entry| entry.active).count();
		ensure!(flagged == active.len(), "active validators are counted wrongly");
		let mut open = BTreeMap::<AccountId, u32>::new();
		for (id, who, member) in Members::<T>::iter() {
			let round = Rounds::<T>::get(id).ok_or("a member has no round")?;
			if !round.state.is_final() && member.progress.is_open() {
				let count = open.entry(who).or_default();
				*count = count.saturating_add(1);
			}
		}
		for (who, entry) in Validators::<T>::iter() {
			ensure!(
				entry.active == active.binary_search(&who).is_ok(),
				"a validator's activity differs from the list"
			);
			ensure!(
				open.remove(&who).unwrap_or(0) == entry.open_rounds,
				"open rounds are counted wrongly"
			);
		}
		ensure!(open.is_empty(), "a member with work to do is no validator");
		Ok(())
	}

	/// The index of open rounds holds them, all of them and nothing else, once it is filled.
	fn try_open_rounds() -> Result<(), TryRuntimeError> {
		ensure!(StoppedBlocks::<T>::get() <= Self::now(), "the clock went backwards");
		for id in OpenRounds::<T>::iter_keys() {
			let open = Rounds::<T>::get(id).is_some_and(|round| !round.state.is_final());
			ensure!(open, "a round that is not open is indexed as open");
		}
		let is_filled = Self::on_chain_storage_version() >= Self::in_code_storage_version();
		let open = Rounds::<T>::iter_values()
			.filter(|round| !round.state.is_final())
			.count();
		ensure!(
			!is_filled || open == OpenRounds::<T>::iter_keys().count(),
			"an open round is not indexed"
		);
		Ok(())
	}

	fn try_rounds() -> Result<(), TryRuntimeError> {
		for (id, round) in Rounds::<T>::iter() {
			ensure!(id < NextRound::<T>::get(), "a round's index is not taken");
			let members = Self::committee(id);
			let seats = |of: &dyn Fn(&crate::Member) -> bool| {
				members
					.iter()
					.filter(|(_, it)| of(it))
					.fold(0_u32, |sum, (_, it)| sum.saturating_add(it.seats))
			};
			ensure!(seats(&|_| true) == round.drawn, "drawn seats are counted wrongly");
			ensure!(members.len() as u32 <= crate::MAX_MEMBERS, "too many members");
			let terms = &round.terms;
			let place = RoundOf::<T>::get(terms.benchmark, terms.checkpoint);
			let takes_place = !round.state.is_final() || round.state == RoundState::Settled;
			ensure!(
				(place == Some(id)) == takes_place,
				"a checkpoint's place is taken wrongly"
			);
			ensure!(
				Benchmarks::<T>::contains_key(terms.benchmark),
				"a round has no benchmark"
			);
		}
		for (benchmark, checkpoint, result) in Results::<T>::iter() {
			let round = Rounds::<T>::get(result.round).ok_or("a result has no round")?;
			ensure!(round.state == RoundState::Settled, "a result's round is not settled");
			ensure!(
				RoundOf::<T>::get(benchmark, checkpoint) == Some(result.round),
				"a result has lost its place"
			);
		}
		for (at, ids) in DrawsAt::<T>::iter() {
			let waits = |round: Round<AccountId>| round.state == RoundState::Requested && round.deadline < at;
			ensure!(
				ids.into_iter().all(|id| Rounds::<T>::get(id).is_some_and(waits)),
				"no round waits for a draw"
			);
		}
		ensure!(
			Benchmarks::<T>::iter_keys().all(|id| id < NextBenchmark::<T>::get()),
			"a benchmark's index is not taken"
		);
		Ok(())
	}
}

fn sums(entries: impl Iterator<Item = (AccountId, Balance)>) -> Sums {
	entries.fold(Sums::new(), |mut sums, (who, amount)| {
		let sum = sums.entry(who).or_default();
		*sum = sum.saturating_add(amount);
		sums
	})
}
