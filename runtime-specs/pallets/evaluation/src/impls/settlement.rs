//! Money: who pays for a round, who is credited, what goes back. Nothing here can fail.
//!
//! Escrow moves to the pallet's account and is credited line by line, never beyond what moved.

use crate::{
	Claimables, Config, Credit, Error, Event, HoldReason, Member, Pallet, Progress, Round, RoundOf, Subsidies,
	SubsidyYear,
};
use assay_math::split;
use assay_primitives::{
	AccountId, Admission, Balance, DatasetId, Datasets, DeclineReason, FailReason, RoundId, RoundState,
};
use polkadot_sdk::frame_support::{
	dispatch::DispatchResult,
	traits::{
		fungible::{Inspect, Mutate, MutateHold},
		tokens::{Fortitude, Precision, Preservation, Restriction},
		Get,
	},
};
use scale_info::prelude::{vec, vec::Vec};

/// Who pays for the work done in a round that ends without a verdict.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Payer {
	Requester,
	Steward,
	Nobody,
}

/// What is to be credited, in this order.
type Bill = Vec<(AccountId, Balance, Credit)>;

impl<T: Config> Pallet<T> {
	/// Pays the seats that agreed, the steward and the treasury from the fee; the rest of it goes back.
	pub(crate) fn pay_verdict(
		id: RoundId,
		round: &Round<AccountId>,
		members: &[(AccountId, Member)],
		seats_agreed: u32,
	) {
		let terms = &round.terms;
		let cut = split::mul_ppm(terms.fee, terms.economics.treasury_cut_ppm);
		let (each, dust) = split::per_seat(terms.fee.saturating_sub(cut), round.drawn);
		let agreed = members
			.iter()
			.filter(|(_, member)| matches!(member.progress, Progress::Revealed { agrees: Some(true), .. }))
			.map(|(who, member)| (who.clone(), member.seats));
		let mut bill: Bill = vec![
			(T::TreasuryAccount::get(), cut, Credit::Cut),
			(T::TreasuryAccount::get(), dust, Credit::Dust),
			(terms.steward.clone(), terms.price, Credit::Price),
		];
		bill.extend(
			agreed
				.clone()
				.map(|(who, seats)| (who, of_seats(each, seats), Credit::Reward)),
		);
		let moved = Self::pay_from_fee(id, round, bill);

		let subsidy = Self::subsidy(terms.verified, terms.admission, cut.min(moved));
		let (each, _) = split::per_seat(subsidy, seats_agreed);
		Self::mint_subsidy(
			id,
			agreed
				.map(|(who, seats)| (who, of_seats(each, seats), Credit::Subsidy))
				.collect(),
		);
	}

	/// Ends a round without a verdict: frees its members and the checkpoint's place, and has the work done paid.
	pub(crate) fn finish(id: RoundId, round: &mut Round<AccountId>, state: RoundState) {
		let members = Self::committee(id);
		for (who, _) in members.iter().filter(|(_, member)| member.progress.is_open()) {
			Self::leave_round(who);
			T::Datasets::forget_keys(id, who);
		}
		RoundOf::<T>::remove(round.terms.benchmark, round.terms.checkpoint);
		let (each, workers) = work_done(round, state, members);
		let mut bill = Bill::new();
		match payer(state) {
			Payer::Requester => {
				bill.extend(
					workers
						.into_iter()
						.map(|(who, seats)| (who, of_seats(each, seats), Credit::Work)),
				);
				let cut = split::mul_ppm(total(&bill), round.terms.economics.treasury_cut_ppm);
				bill.push((T::TreasuryAccount::get(), cut, Credit::Cut));
			}
			Payer::Steward => {
				T::Datasets::note_fault(round.terms.dataset);
				Self::charge_steward(id, round.terms.dataset, each, workers);
			}
			Payer::Nobody => (),
		}
		if round.keys_released && payer(state) != Payer::Steward {
			bill.push((round.terms.steward.clone(), round.terms.price, Credit::Price));
		}
		Self::pay_from_fee(id, round, bill);
		Self::enter(id, round, state, 0);
	}

	/// What the round would draw in subsidy: never more than its cut, nor than what is left of the year's.
	pub(crate) fn subsidy(verified: bool, admission: Admission, cut: Balance) -> Balance {
		if !verified || admission != Admission::Accredited {
			return 0;
		}
		let economics = T::Economics::get();
		let left = economics.subsidy_yearly_cap.saturating_sub(Self::subsidy_year().minted);
		economics.subsidy_per_round.min(cut).min(left)
	}

	/// Credits an account out of what the pallet's account received.
	pub(crate) fn credit(round: RoundId, who: &AccountId, amount: Balance, reason: Credit) {
		if amount == 0 {
			return;
		}
		Claimables::<T>::mutate(who, |owed| *owed = owed.saturating_add(amount));
		Self::deposit_event(Event::Credited {
			round,
			who: who.clone(),
			amount,
			reason,
		});
	}

	pub(crate) fn do_claim_rewards(beneficiary: AccountId) -> DispatchResult {
		let amount = Claimables::<T>::take(&beneficiary);
		if amount == 0 {
			return Ok(());
		}
		T::Currency::transfer(&Self::account(), &beneficiary, amount, Preservation::Preserve)
			.map_err(|_| Error::<T>::PaymentRefused)?;
		Self::deposit_event(Event::RewardsClaimed { beneficiary, amount });
		Ok(())
	}

	/// Gives the pallet's account the existential deposit that keeps it alive when nothing is owed.
	pub(crate) fn endow() {
		let least = T::Currency::minimum_balance();
		let missing = least.saturating_sub(T::Currency::balance(&Self::account()));
		// At genesis only: there is no issuance yet that this could overflow.
		let _ = T::Currency::mint_into(&Self::account(), missing);
	}

	/// Has the steward's bond pay for the work. Where it does not reach, it is split by seats.
	fn charge_steward(id: RoundId, dataset: DatasetId, each: Balance, workers: Vec<(AccountId, u32)>) {
		let (who, seats): (Vec<_>, Vec<_>) = workers.into_iter().unzip();
		let due = seats
			.iter()
			.fold(0_u128, |sum, seats| sum.saturating_add(of_seats(each, *seats)));
		let moved = T::Datasets::charge_steward(dataset, due, &Self::account());
		let shares = split::by_shares(moved, &seats);
		let bill = who
			.into_iter()
			.zip(shares)
			.map(|(who, amount)| (who, amount, Credit::Work));
		Self::credit_all(id, bill.collect(), moved);
	}

	/// Moves what the bill comes to from the fee on hold, and gives the rest of it back. Returns what moved.
	fn pay_from_fee(id: RoundId, round: &Round<AccountId>, bill: Bill) -> Balance {
		let moved = Self::collect(&round.terms.requester, total(&bill));
		Self::credit_all(id, bill, moved);
		let rest = round.terms.total().saturating_sub(moved);
		Self::refund(id, &round.terms.requester, rest);
		moved
	}

	fn collect(from: &AccountId, amount: Balance) -> Balance {
		T::Currency::transfer_on_hold(
			&HoldReason::RoundFee.into(),
			from,
			&Self::account(),
			amount,
			Precision::BestEffort,
			Restriction::Free,
			Fortitude::Force,
		)
		.unwrap_or(0)
	}

	/// Frees what is on hold. Where the account cannot take it back, it becomes a claimable.
	fn refund(round: RoundId, who: &AccountId, amount: Balance) {
		if amount == 0 {
			return;
		}
		match T::Currency::release(&HoldReason::RoundFee.into(), who, amount, Precision::BestEffort) {
			Ok(amount) => Self::deposit_event(Event::Refunded {
				round,
				who: who.clone(),
				amount,
			}),
			Err(_) => {
				let moved = Self::collect(who, amount);
				Self::credit(round, who, moved, Credit::Refund);
			}
		}
	}

	fn credit_all(round: RoundId, bill: Bill, mut purse: Balance) {
		for (who, amount, reason) in bill {
			let amount = amount.min(purse);
			purse = purse.saturating_sub(amount);
			Self::credit(round, &who, amount, reason);
		}
	}

	fn mint_subsidy(id: RoundId, bill: Bill) {
		let amount = total(&bill);
		if amount == 0 || T::Currency::mint_into(&Self::account(), amount).is_err() {
			return;
		}
		let SubsidyYear { year, minted } = Self::subsidy_year();
		Subsidies::<T>::put(SubsidyYear {
			year,
			minted: minted.saturating_add(amount),
		});
		Self::credit_all(id, bill, amount);
	}

	/// What was minted in the current year.
	fn subsidy_year() -> SubsidyYear {
		let year = Self::now().checked_div(Self::windows().year).unwrap_or(0);
		let stored = Subsidies::<T>::get();
		if stored.year == year {
			stored
		} else {
			SubsidyYear { year, minted: 0 }
		}
	}
}

fn total(bill: &[(AccountId, Balance, Credit)]) -> Balance {
	bill.iter().fold(0, |sum, (_, amount, _)| sum.saturating_add(*amount))
}

fn of_seats(each: Balance, seats: u32) -> Balance {
	each.saturating_mul(seats.into())
}

/// What work without a verdict earns a seat, a share of its reward, and the seats of each member that worked.
fn work_done(
	round: &Round<AccountId>,
	state: RoundState,
	members: Vec<(AccountId, Member)>,
) -> (Balance, Vec<(AccountId, u32)>) {
	let economics = &round.terms.economics;
	let cut = split::mul_ppm(round.terms.fee, economics.treasury_cut_ppm);
	let (reward, _) = split::per_seat(round.terms.fee.saturating_sub(cut), round.drawn);
	let workers = members
		.into_iter()
		.filter(|(_, member)| worked(&member.progress, state))
		.map(|(who, member)| (who, member.seats));
	(split::mul_ppm(reward, economics.work_done_ppm), workers.collect())
}

fn payer(state: RoundState) -> Payer {
	match state {
		RoundState::Failed(FailReason::KeysWithheld) => Payer::Steward,
		RoundState::Failed(FailReason::NoCommittee | FailReason::ClaimTakenOver) => Payer::Nobody,
		RoundState::Failed(FailReason::Declined(reason)) => match reason {
			DeclineReason::CheckpointUnavailable | DeclineReason::HashMismatch | DeclineReason::Unloadable => {
				Payer::Requester
			}
			DeclineReason::KeyInvalid | DeclineReason::DataCorrupt => Payer::Steward,
			DeclineReason::Resources => Payer::Nobody,
		},
		_ => Payer::Requester,
	}
}

/// Whether a member did what the round asked of it until it ended so: accepted, and what followed, or declined for the
/// reason for which the round failed.
fn worked(progress: &Progress, state: RoundState) -> bool {
	match progress {
		Progress::Accepted { .. } | Progress::Keyed { .. } | Progress::Committed { .. } | Progress::Revealed { .. } => {
			true
		}
		Progress::Declined { reason } => state == RoundState::Failed(FailReason::Declined(*reason)),
		Progress::Drawn | Progress::Missed { .. } => false,
	}
}
