//! Validators: bonds, limits, activity, misses.

use crate::{
	Active, Config, Credit, Error, Event, HoldReason, Limits, Pallet, Round, Stage, Unlocking, Validator, Validators,
	MISSES_TO_CHILL,
};
use assay_math::slash;
use assay_primitives::{AccountId, Balance, RoundId};
use polkadot_sdk::{
	frame_support::{
		dispatch::DispatchResult,
		ensure,
		traits::{
			fungible::MutateHold,
			tokens::{Fortitude, Precision, Restriction},
			Get,
		},
	},
	sp_runtime::DispatchError,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_register_validator(
		validator: AccountId,
		limits: Limits,
		bls_key: [u8; 48],
		bls_proof: [u8; 96],
		bond: Balance,
	) -> DispatchResult {
		ensure!(
			!Validators::<T>::contains_key(&validator),
			Error::<T>::AlreadyRegistered
		);
		ensure!(bond >= T::Economics::get().min_bond, Error::<T>::BondBelowMinimum);
		Self::check_limits(&limits)?;
		Self::insert_active(&validator)?;
		T::Currency::hold(&HoldReason::Bond.into(), &validator, bond)?;
		let entry = Validator {
			bond,
			unlocking: Default::default(),
			limits,
			bls_key,
			bls_proof,
			active: true,
			open_rounds: 0,
			misses: 0,
			absences: 0,
		};
		Validators::<T>::insert(&validator, entry);
		Self::deposit_event(Event::ValidatorRegistered {
			validator,
			bond,
			limits,
		});
		Ok(())
	}

	pub(crate) fn do_bond_more(validator: AccountId, amount: Balance) -> DispatchResult {
		let mut entry = Self::validator(&validator)?;
		ensure!(amount > 0, Error::<T>::AmountZero);
		T::Currency::hold(&HoldReason::Bond.into(), &validator, amount)?;
		entry.bond = entry.bond.saturating_add(amount);
		Validators::<T>::insert(&validator, entry);
		Self::deposit_event(Event::Bonded { validator, amount });
		Ok(())
	}

	pub(crate) fn do_unbond(validator: AccountId, amount: Balance) -> DispatchResult {
		let mut entry = Self::validator(&validator)?;
		ensure!(amount > 0, Error::<T>::AmountZero);
		let left = entry.bond.checked_sub(amount).ok_or(Error::<T>::NotEnoughBond)?;
		ensure!(
			left == 0 || left >= T::Economics::get().min_bond,
			Error::<T>::BondBelowMinimum
		);
		let at = Self::clock().saturating_add(Self::windows().unbonding);
		match entry.unlocking.last_mut().filter(|chunk| chunk.at == at) {
			Some(chunk) => chunk.amount = chunk.amount.saturating_add(amount),
			None => entry
				.unlocking
				.try_push(Unlocking { amount, at })
				.map_err(|_| Error::<T>::TooManyUnlocking)?,
		}
		entry.bond = left;
		Self::deposit_event(Event::Unbonded {
			validator: validator.clone(),
			amount,
			withdrawable_at: Self::now().saturating_add(Self::windows().unbonding),
		});
		if left == 0 && entry.active {
			Self::deactivate(&validator, &mut entry, false);
		}
		Validators::<T>::insert(&validator, entry);
		Ok(())
	}

	pub(crate) fn do_withdraw_unbonded(validator: AccountId) -> DispatchResult {
		let mut entry = Self::validator(&validator)?;
		let now = Self::clock();
		let before = entry.held();
		ensure!(
			entry.unlocking.iter().any(|chunk| chunk.at <= now),
			Error::<T>::NothingUnlocked
		);
		entry.unlocking.retain(|chunk| chunk.at > now);
		let left = entry.held();
		let amount = before.saturating_sub(left);
		ensure!(left > 0 || entry.open_rounds == 0, Error::<T>::RoundsOpen);
		T::Currency::release(&HoldReason::Bond.into(), &validator, amount, Precision::Exact)?;
		Self::deposit_event(Event::Withdrawn {
			validator: validator.clone(),
			amount,
		});
		if left > 0 || !entry.unlocking.is_empty() {
			Validators::<T>::insert(&validator, entry);
			return Ok(());
		}
		if entry.active {
			Self::deactivate(&validator, &mut entry, false);
		}
		Validators::<T>::remove(&validator);
		Self::deposit_event(Event::ValidatorRemoved { validator });
		Ok(())
	}

	pub(crate) fn do_chill(validator: AccountId) -> DispatchResult {
		let mut entry = Self::validator(&validator)?;
		ensure!(entry.active, Error::<T>::NotActive);
		Self::deactivate(&validator, &mut entry, false);
		Validators::<T>::insert(&validator, entry);
		Ok(())
	}

	pub(crate) fn do_activate(validator: AccountId, limits: Limits) -> DispatchResult {
		let mut entry = Self::validator(&validator)?;
		ensure!(entry.bond >= T::Economics::get().min_bond, Error::<T>::BondBelowMinimum);
		Self::check_limits(&limits)?;
		if !entry.active {
			Self::insert_active(&validator)?;
		}
		entry.active = true;
		entry.limits = limits;
		Validators::<T>::insert(&validator, entry);
		Self::deposit_event(Event::Activated { validator, limits });
		Ok(())
	}

	/// The member has no more work in a round.
	pub(crate) fn leave_round(member: &AccountId) {
		Validators::<T>::mutate_extant(member, |entry| entry.open_rounds = entry.open_rounds.saturating_sub(1));
	}

	/// The member did its duty: earlier misses no longer count.
	pub(crate) fn note_success(member: &AccountId) {
		Validators::<T>::mutate_extant(member, |entry| {
			entry.misses = 0;
			entry.absences = 0;
		});
	}

	/// The member was missing: slashes it unless it never answered, and chills it where it does so again.
	pub(crate) fn note_miss(id: RoundId, round: &Round<AccountId>, member: &AccountId, stage: Stage) {
		Validators::<T>::mutate_extant(member, |entry| {
			let slashed = if stage == Stage::Answer {
				entry.absences = entry.absences.saturating_add(1);
				0
			} else {
				entry.misses = entry.misses.saturating_add(1);
				Self::slash(id, round, member, entry)
			};
			Self::deposit_event(Event::Missed {
				round: id,
				validator: member.clone(),
				stage,
				slashed,
			});
			if entry.active && entry.misses.saturating_add(entry.absences) >= MISSES_TO_CHILL {
				Self::deactivate(member, entry, true);
			}
		});
	}

	/// Takes the price of a miss, in proportion to everything on hold, for the treasury.
	fn slash(id: RoundId, round: &Round<AccountId>, member: &AccountId, entry: &mut Validator) -> Balance {
		let economics = &round.terms.economics;
		let amount = slash::miss(
			entry.held(),
			entry.misses,
			economics.miss_slash_ppm,
			economics.miss_slash_cap_ppm,
		);
		let moved = T::Currency::transfer_on_hold(
			&HoldReason::Bond.into(),
			member,
			&Self::account(),
			amount,
			Precision::BestEffort,
			Restriction::Free,
			Fortitude::Force,
		)
		.unwrap_or(0);
		entry.take(moved);
		Self::credit(id, &T::TreasuryAccount::get(), moved, Credit::Slash);
		moved
	}

	fn validator(validator: &AccountId) -> Result<Validator, DispatchError> {
		Validators::<T>::get(validator).ok_or(Error::<T>::NotValidator.into())
	}

	fn check_limits(limits: &Limits) -> DispatchResult {
		ensure!(
			limits.max_checkpoint_mb > 0 && limits.max_concurrent > 0,
			Error::<T>::LimitsTooLow
		);
		Ok(())
	}

	fn insert_active(validator: &AccountId) -> DispatchResult {
		Active::<T>::try_mutate(|active| match active.binary_search(validator) {
			Ok(_) => Ok(()),
			Err(place) => active
				.try_insert(place, validator.clone())
				.map_err(|_| Error::<T>::TooManyValidators.into()),
		})
	}

	fn deactivate(validator: &AccountId, entry: &mut Validator, by_misses: bool) {
		entry.active = false;
		Active::<T>::mutate(|active| active.retain(|other| other != validator));
		Self::deposit_event(Event::Chilled {
			validator: validator.clone(),
			by_misses,
		});
	}
}
