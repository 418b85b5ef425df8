//! What the calls do, and what other pallets may ask.

use crate::*;
use assay_math::{commitment, split::by_shares};
use assay_primitives::{
	Balance, BlockNumber, CheckpointId, CheckpointSpec, CheckpointStatus, CheckpointTerms, Hash, Licence, ModelId, Name,
};
use codec::Encode;
use frame_support::{
	ensure,
	pallet_prelude::{DispatchResult, Get},
	traits::{
		fungible::{hold::Mutate as _, Inspect as _, Mutate as _},
		tokens::{Precision, Preservation},
	},
};
use polkadot_sdk::sp_runtime::{traits::AccountIdConversion, SaturatedConversion};
use scale_info::prelude::vec::Vec;

/// The calls.
impl<T: Config> Pallet<T> {
	pub(crate) fn do_register(
		owner: T::AccountId,
		name: Name,
		licence: Licence,
		contributors: Contributors<T::AccountId>,
		usage_price: Balance,
	) -> DispatchResult {
		validity::check_model::<T>(&name, &licence, &contributors)?;
		let model = NextModel::<T>::get();
		let next = model.checked_add(1).ok_or(Error::<T>::TooMany)?;
		let mut entry = Model {
			owner: owner.clone(),
			name,
			licence,
			contributors,
			usage_price,
			checkpoints: 0,
			deposit: 0,
		};
		entry.deposit = T::Economics::get()
			.item_deposit
			.saturating_add(Self::byte_deposit(entry.encoded_size()));
		T::Currency::hold(&HoldReason::Deposit.into(), &owner, entry.deposit)?;
		Models::<T>::insert(model, entry);
		NextModel::<T>::put(next);
		Self::deposit_event(Event::Registered { model, owner });
		Ok(())
	}

	pub(crate) fn do_claim(claimant: T::AccountId, hash: Hash) -> DispatchResult {
		ensure!(!Claims::<T>::contains_key(&claimant, hash), Error::<T>::AlreadyClaimed);
		let claim = Claim {
			claimed_at: Self::now(),
			deposit: T::Economics::get().claim_deposit,
		};
		T::Currency::hold(&HoldReason::Claim.into(), &claimant, claim.deposit)?;
		Claims::<T>::insert(&claimant, hash, claim);
		Self::deposit_event(Event::Claimed { claimant, hash });
		Ok(())
	}

	pub(crate) fn do_open(owner: T::AccountId, model: ModelId, salt: [u8; 32], spec: CheckpointSpec) -> DispatchResult {
		Self::owned_model(&owner, model)?;
		validity::check_checkpoint::<T>(&spec)?;
		let hash = Hash::from(commitment::claim(&spec.id.0, &owner.clone().into(), &salt));
		let claim = Claims::<T>::get(&owner, hash).ok_or(Error::<T>::UnknownClaim)?;
		let age = Self::now().saturating_sub(claim.claimed_at);
		ensure!(age >= CLAIM_MATURES, Error::<T>::ClaimTooFresh);
		ensure!(age < CLAIM_EXPIRES, Error::<T>::ClaimExpired);
		Self::take_over(&owner, spec.id, claim.claimed_at)?;
		Self::end_claim(&owner, hash, claim)?;
		Self::submit(owner, model, claim.claimed_at, spec)
	}

	pub(crate) fn do_set_terms(owner: &T::AccountId, model: ModelId, usage_price: Balance) -> DispatchResult {
		let entry = Self::owned_model(owner, model)?;
		Models::<T>::insert(model, Model { usage_price, ..entry });
		Self::deposit_event(Event::TermsSet { model, usage_price });
		Ok(())
	}

	pub(crate) fn do_pay_usage(
		payer: T::AccountId,
		checkpoint: CheckpointId,
		uses: u32,
		max_price_each: Balance,
	) -> DispatchResult {
		let mut entry = Checkpoints::<T>::get(checkpoint).ok_or(Error::<T>::UnknownCheckpoint)?;
		let model = Models::<T>::get(entry.model).ok_or(Error::<T>::UnknownModel)?;
		ensure!(entry.status == CheckpointStatus::Available, Error::<T>::NotAvailable);
		ensure!(uses > 0, Error::<T>::NoUses);
		ensure!(model.usage_price <= max_price_each, Error::<T>::PriceAboveLimit);
		let fee = model
			.usage_price
			.checked_mul(Balance::from(uses))
			.ok_or(Error::<T>::FeeTooLarge)?;
		T::Currency::transfer(&payer, &Self::account(), fee, Preservation::Preserve)?;
		let shares: Vec<u32> = model.contributors.iter().map(|(_, share)| *share).collect();
		for ((beneficiary, _), part) in model.contributors.iter().zip(by_shares(fee, &shares)) {
			Self::owe(beneficiary, part);
		}
		entry.uses = entry.uses.saturating_add(u64::from(uses));
		Checkpoints::<T>::insert(checkpoint, entry);
		Self::deposit_event(Event::UsagePaid {
			checkpoint,
			payer,
			uses,
			fee,
		});
		Ok(())
	}

	pub(crate) fn do_claim_fees(beneficiary: T::AccountId) -> DispatchResult {
		let amount = Claimables::<T>::take(&beneficiary);
		if amount > 0 {
			T::Currency::transfer(&Self::account(), &beneficiary, amount, Preservation::Preserve)?;
			Self::deposit_event(Event::FeesClaimed { beneficiary, amount });
		}
		Ok(())
	}

	pub(crate) fn do_deprecate(owner: &T::AccountId, checkpoint: CheckpointId) -> DispatchResult {
		let entry = Checkpoints::<T>::get(checkpoint).ok_or(Error::<T>::UnknownCheckpoint)?;
		ensure!(entry.owner == *owner, Error::<T>::NotOwner);
		ensure!(
			entry.status != CheckpointStatus::Deprecated,
			Error::<T>::AlreadyDeprecated
		);
		Self::set_status(checkpoint, entry, CheckpointStatus::Deprecated);
		Ok(())
	}

	pub(crate) fn do_drop_claim(claimant: T::AccountId, hash: Hash) -> DispatchResult {
		let claim = Claims::<T>::get(&claimant, hash).ok_or(Error::<T>::UnknownClaim)?;
		let age = Self::now().saturating_sub(claim.claimed_at);
		ensure!(age >= CLAIM_EXPIRES, Error::<T>::ClaimNotExpired);
		Self::end_claim(&claimant, hash, claim)?;
		Self::deposit_event(Event::ClaimDropped { claimant, hash });
		Ok(())
	}
}

/// Questions and steps the calls share.
impl<T: Config> Pallet<T> {
	/// The account that holds the claimables beside the existential deposit.
	pub fn account() -> T::AccountId {
		T::PalletId::get().into_account_truncating()
	}

	/// Mints what the pallet's account lacks of the existential deposit. Only at genesis, where failing is harmless:
	/// the first fee of at least the existential deposit opens the account.
	pub(crate) fn endow() {
		let account = Self::account();
		let lacking = T::Currency::minimum_balance().saturating_sub(T::Currency::balance(&account));
		if lacking > 0 {
			let _ = T::Currency::mint_into(&account, lacking);
		}
	}

	pub(crate) fn now() -> BlockNumber {
		frame_system::Pallet::<T>::block_number().saturated_into()
	}

	/// Stores a checkpoint whose claim was opened.
	pub(crate) fn submit(
		owner: T::AccountId,
		model: ModelId,
		claimed_at: BlockNumber,
		spec: CheckpointSpec,
	) -> DispatchResult {
		let checkpoint = spec.id;
		let mut entry = Checkpoint {
			model,
			owner: owner.clone(),
			claimed_at,
			opened_at: Self::now(),
			locked: false,
			status: CheckpointStatus::Submitted,
			spec,
			uses: 0,
			deposit: 0,
		};
		entry.deposit = Self::byte_deposit(entry.encoded_size());
		T::Currency::hold(&HoldReason::Deposit.into(), &owner, entry.deposit)?;
		Checkpoints::<T>::insert(checkpoint, entry);
		Models::<T>::mutate_extant(model, |entry| entry.checkpoints = entry.checkpoints.saturating_add(1));
		Self::deposit_event(Event::Opened {
			checkpoint,
			model,
			owner,
		});
		Ok(())
	}

	/// Makes room for a checkpoint where its claim is earlier than the standing one and no committee was drawn.
	fn take_over(owner: &T::AccountId, id: CheckpointId, claimed_at: BlockNumber) -> DispatchResult {
		let Some(standing) = Checkpoints::<T>::get(id) else {
			return Ok(());
		};
		ensure!(
			!standing.locked && claimed_at < standing.claimed_at,
			Error::<T>::AlreadySubmitted
		);
		T::Currency::release(
			&HoldReason::Deposit.into(),
			&standing.owner,
			standing.deposit,
			Precision::Exact,
		)?;
		Models::<T>::mutate_extant(standing.model, |entry| {
			entry.checkpoints = entry.checkpoints.saturating_sub(1)
		});
		Self::deposit_event(Event::CheckpointTakenOver {
			checkpoint: id,
			from: standing.owner,
			to: owner.clone(),
		});
		Ok(())
	}

	fn end_claim(claimant: &T::AccountId, hash: Hash, claim: Claim) -> DispatchResult {
		T::Currency::release(&HoldReason::Claim.into(), claimant, claim.deposit, Precision::Exact)?;
		Claims::<T>::remove(claimant, hash);
		Ok(())
	}

	/// Owed amounts are part of the issuance, which fits into a balance, and so does their sum.
	fn owe(beneficiary: &T::AccountId, amount: Balance) {
		if amount > 0 {
			Claimables::<T>::mutate(beneficiary, |owed| *owed = owed.saturating_add(amount));
		}
	}

	fn owned_model(owner: &T::AccountId, model: ModelId) -> Result<Model<T::AccountId>, Error<T>> {
		let entry = Models::<T>::get(model).ok_or(Error::<T>::UnknownModel)?;
		ensure!(entry.owner == *owner, Error::<T>::NotOwner);
		Ok(entry)
	}

	fn set_status(checkpoint: CheckpointId, entry: Checkpoint<T::AccountId>, status: CheckpointStatus) {
		if entry.status != status {
			Checkpoints::<T>::insert(checkpoint, Checkpoint { status, ..entry });
			Self::deposit_event(Event::StatusChanged { checkpoint, status });
		}
	}

	fn byte_deposit(bytes: usize) -> Balance {
		T::Economics::get().byte_deposit.saturating_mul(bytes as Balance)
	}
}

impl<T: Config> assay_primitives::Checkpoints<T::AccountId> for Pallet<T> {
	fn terms(id: CheckpointId) -> Option<CheckpointTerms<T::AccountId>> {
		let Checkpoint {
			model,
			owner,
			spec,
			status,
			..
		} = Checkpoints::<T>::get(id)?;
		Some(CheckpointTerms {
			model,
			owner,
			size_bytes: spec.size_bytes,
			status,
		})
	}

	fn lock(id: CheckpointId) {
		Checkpoints::<T>::mutate_extant(id, |entry| {
			if !entry.locked {
				entry.locked = true;
				Self::deposit_event(Event::Locked { checkpoint: id });
			}
		});
	}

	fn note_score(id: CheckpointId, available: bool) {
		let Some(entry) = Checkpoints::<T>::get(id) else { return };
		let status = match entry.status {
			CheckpointStatus::Submitted | CheckpointStatus::Scored if available => CheckpointStatus::Available,
			CheckpointStatus::Submitted => CheckpointStatus::Scored,
			settled => settled,
		};
		Self::set_status(id, entry, status);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn set_up(owner: &T::AccountId, size_bytes: u32) -> CheckpointId {
		benchmarking::set_up::<T>(owner, size_bytes)
	}
}
