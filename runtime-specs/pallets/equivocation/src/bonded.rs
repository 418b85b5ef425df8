//! The currency as the selection of candidates uses it: it "reserves" bonds.

use crate::*;
use assay_primitives::Balance;
use core::marker::PhantomData;
use frame_support::traits::{
	fungible::hold::{Inspect as _, Mutate as _},
	tokens::{BalanceStatus, Fortitude, Precision, Restriction},
	Currency, ExistenceRequirement, ReservableCurrency, SignedImbalance, WithdrawReasons,
};
use polkadot_sdk::sp_runtime::{DispatchError, DispatchResult};

type Inner<T> = <T as Config>::Currency;
type PositiveImbalanceOf<T> =
	<Inner<T> as Currency<<T as polkadot_sdk::frame_system::Config>::AccountId>>::PositiveImbalance;
type NegativeImbalanceOf<T> =
	<Inner<T> as Currency<<T as polkadot_sdk::frame_system::Config>::AccountId>>::NegativeImbalance;

/// A currency whose reserves are holds of ours, and which lets go of them only when nothing can be slashed any more:
/// without it a candidate equivocates, leaves, and has its bond back before anybody can report it.
pub struct Bonded<T>(PhantomData<T>);

impl<T: Config> Currency<T::AccountId> for Bonded<T> {
	type Balance = Balance;
	type NegativeImbalance = NegativeImbalanceOf<T>;
	type PositiveImbalance = PositiveImbalanceOf<T>;

	fn total_balance(who: &T::AccountId) -> Balance {
		<Inner<T> as Currency<_>>::total_balance(who)
	}

	fn can_slash(who: &T::AccountId, value: Balance) -> bool {
		<Inner<T> as Currency<_>>::can_slash(who, value)
	}

	fn total_issuance() -> Balance {
		<Inner<T> as Currency<_>>::total_issuance()
	}

	fn minimum_balance() -> Balance {
		<Inner<T> as Currency<_>>::minimum_balance()
	}

	fn burn(amount: Balance) -> Self::PositiveImbalance {
		<Inner<T> as Currency<_>>::burn(amount)
	}

	fn issue(amount: Balance) -> Self::NegativeImbalance {
		<Inner<T> as Currency<_>>::issue(amount)
	}

	fn free_balance(who: &T::AccountId) -> Balance {
		<Inner<T> as Currency<_>>::free_balance(who)
	}

	fn ensure_can_withdraw(
		who: &T::AccountId,
		amount: Balance,
		reasons: WithdrawReasons,
		new_balance: Balance,
	) -> DispatchResult {
		<Inner<T> as Currency<_>>::ensure_can_withdraw(who, amount, reasons, new_balance)
	}

	fn transfer(
		source: &T::AccountId,
		dest: &T::AccountId,
		value: Balance,
		existence: ExistenceRequirement,
	) -> DispatchResult {
		<Inner<T> as Currency<_>>::transfer(source, dest, value, existence)
	}

	fn slash(who: &T::AccountId, value: Balance) -> (Self::NegativeImbalance, Balance) {
		<Inner<T> as Currency<_>>::slash(who, value)
	}

	fn deposit_into_existing(who: &T::AccountId, value: Balance) -> Result<Self::PositiveImbalance, DispatchError> {
		<Inner<T> as Currency<_>>::deposit_into_existing(who, value)
	}

	#[allow(clippy::disallowed_methods, reason = "passes the trait's own call on")]
	fn deposit_creating(who: &T::AccountId, value: Balance) -> Self::PositiveImbalance {
		<Inner<T> as Currency<_>>::deposit_creating(who, value)
	}

	fn withdraw(
		who: &T::AccountId,
		value: Balance,
		reasons: WithdrawReasons,
		liveness: ExistenceRequirement,
	) -> Result<Self::NegativeImbalance, DispatchError> {
		<Inner<T> as Currency<_>>::withdraw(who, value, reasons, liveness)
	}

	fn make_free_balance_be(who: &T::AccountId, balance: Balance) -> SignedImbalance<Balance, Self::PositiveImbalance> {
		<Inner<T> as Currency<_>>::make_free_balance_be(who, balance)
	}
}

impl<T: Config> ReservableCurrency<T::AccountId> for Bonded<T> {
	fn can_reserve(who: &T::AccountId, value: Balance) -> bool {
		Inner::<T>::can_hold(&HoldReason::Bond.into(), who, value)
	}

	/// Takes from the bond first where it must; what cannot be taken is returned.
	fn slash_reserved(who: &T::AccountId, value: Balance) -> (Self::NegativeImbalance, Balance) {
		let freed = Inner::<T>::release(&HoldReason::Bond.into(), who, value, Precision::BestEffort).unwrap_or(0);
		Pallet::<T>::cut_unbonding(who, Pallet::<T>::held(who));
		let (taken, missing) = <Inner<T> as Currency<_>>::slash(who, freed);
		(taken, value.saturating_sub(freed).saturating_add(missing))
	}

	fn reserved_balance(who: &T::AccountId) -> Balance {
		Pallet::<T>::held(who)
	}

	fn reserve(who: &T::AccountId, value: Balance) -> DispatchResult {
		Inner::<T>::hold(&HoldReason::Bond.into(), who, value)
	}

	/// Frees nothing yet: what is let go of can be withdrawn later.
	fn unreserve(who: &T::AccountId, value: Balance) -> Balance {
		value.saturating_sub(Pallet::<T>::unbond(who, value))
	}

	fn repatriate_reserved(
		slashed: &T::AccountId,
		beneficiary: &T::AccountId,
		value: Balance,
		status: BalanceStatus,
	) -> Result<Balance, DispatchError> {
		let mode = match status {
			BalanceStatus::Free => Restriction::Free,
			BalanceStatus::Reserved => Restriction::OnHold,
		};
		let (reason, precision) = (HoldReason::Bond.into(), Precision::BestEffort);
		let moved =
			Inner::<T>::transfer_on_hold(&reason, slashed, beneficiary, value, precision, mode, Fortitude::Force)?;
		Pallet::<T>::cut_unbonding(slashed, Pallet::<T>::held(slashed));
		Ok(value.saturating_sub(moved))
	}
}
