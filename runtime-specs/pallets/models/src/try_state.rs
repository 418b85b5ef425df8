//! What must hold in every block.

use crate::*;
use assay_primitives::{Balance, ModelId};
use frame_support::{
	ensure,
	traits::fungible::{hold::Inspect as _, Inspect as _},
};
use polkadot_sdk::sp_runtime::TryRuntimeError;
use scale_info::prelude::collections::BTreeMap;

impl<T: Config> Pallet<T> {
	/// An error where the pallet's state contradicts itself, what is on hold or what is on its account.
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::try_models()?;
		Self::try_checkpoints()?;
		Self::try_holds()?;
		Self::try_claimables()
	}

	fn try_models() -> Result<(), TryRuntimeError> {
		let count = Models::<T>::iter_keys().count();
		ensure!(
			count == NextModel::<T>::get() as usize,
			"models differ from their counter"
		);
		let below = Models::<T>::iter_keys().all(|model| model < NextModel::<T>::get());
		ensure!(below, "a model's id is not below the next one");
		let whole = Models::<T>::iter_values().all(|entry| validity::shares_fit(&entry.contributors));
		ensure!(whole, "a model's shares do not add up");
		let now = Self::now();
		let past = Claims::<T>::iter().all(|(.., claim)| claim.claimed_at <= now);
		ensure!(past, "a claim from the future");
		Ok(())
	}

	fn try_checkpoints() -> Result<(), TryRuntimeError> {
		let mut versions: BTreeMap<ModelId, u32> = BTreeMap::new();
		for (id, entry) in Checkpoints::<T>::iter() {
			ensure!(id == entry.spec.id, "a checkpoint under another's id");
			ensure!(
				entry.claimed_at <= entry.opened_at,
				"a checkpoint opened before it was claimed"
			);
			ensure!(
				validity::check_checkpoint::<T>(&entry.spec).is_ok(),
				"a checkpoint that would not be accepted"
			);
			let model = Models::<T>::get(entry.model).ok_or("a checkpoint without a model")?;
			ensure!(
				model.owner == entry.owner,
				"a checkpoint and its model have different owners"
			);
			let count = versions.entry(entry.model).or_default();
			*count = count.saturating_add(1);
		}
		let counted = |id: ModelId| versions.get(&id).copied().unwrap_or(0);
		let agree = Models::<T>::iter().all(|(id, entry)| entry.checkpoints == counted(id));
		ensure!(agree, "checkpoints differ from their counter");
		Ok(())
	}

	fn try_holds() -> Result<(), TryRuntimeError> {
		let mut held: BTreeMap<T::AccountId, (Balance, Balance)> = BTreeMap::new();
		let models = Models::<T>::iter_values().map(|entry| (entry.owner, entry.deposit));
		let checkpoints = Checkpoints::<T>::iter_values().map(|entry| (entry.owner, entry.deposit));
		for (owner, deposit) in models.chain(checkpoints) {
			let (deposits, _) = held.entry(owner).or_default();
			*deposits = deposits.saturating_add(deposit);
		}
		for (claimant, _, claim) in Claims::<T>::iter() {
			let (_, claims) = held.entry(claimant).or_default();
			*claims = claims.saturating_add(claim.deposit);
		}
		for (who, (deposits, claims)) in held {
			let on_hold = |reason: HoldReason| T::Currency::balance_on_hold(&reason.into(), &who);
			ensure!(
				on_hold(HoldReason::Deposit) == deposits,
				"deposits differ from what is on hold"
			);
			ensure!(
				on_hold(HoldReason::Claim) == claims,
				"claims differ from what is on hold"
			);
		}
		Ok(())
	}

	/// The account may hold more: nobody can be kept from sending it something.
	fn try_claimables() -> Result<(), TryRuntimeError> {
		ensure!(
			Claimables::<T>::iter_values().all(|owed| owed > 0),
			"nothing owed, yet stored"
		);
		let owed = Claimables::<T>::iter_values().fold(T::Currency::minimum_balance(), Balance::saturating_add);
		ensure!(
			T::Currency::balance(&Self::account()) >= owed,
			"the account holds less than is owed"
		);
		Ok(())
	}
}
