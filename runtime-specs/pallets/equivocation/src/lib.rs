#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod bonded;
mod impls;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use bonded::Bonded;
pub use impls::OncePerSession;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use polkadot_sdk::{frame_support, frame_system};

/// An authority as the proof of its key names it.
pub type OffenderOf<T> = (
	<T as polkadot_sdk::frame_system::Config>::AccountId,
	<T as Config>::FullIdentification,
);

/// The equivocation pallet.
#[allow(
	clippy::expect_used,
	reason = "what the macros expand to; the module holds declarations only"
)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use assay_primitives::Balance;
	use frame_support::{
		dispatch::DispatchResultWithPostInfo,
		pallet_prelude::*,
		traits::{fungible, Currency, KeyOwnerProofSystem, OnUnbalanced},
	};
	use frame_system::pallet_prelude::*;
	use polkadot_sdk::{
		sp_consensus_aura::Slot,
		sp_core::crypto::KeyTypeId,
		sp_runtime::RuntimeAppPublic,
		sp_session::{GetSessionNumber, GetValidatorCount},
		sp_staking::{offence::ReportOffence, SessionIndex},
	};
	use scale_info::prelude::boxed::Box;

	/// The pallet.
	#[pallet::pallet]
	pub struct Pallet<T>(_);

	/// What the runtime gives the pallet.
	#[pallet::config]
	pub trait Config: polkadot_sdk::frame_system::Config {
		/// The runtime's hold reasons. Removing ours would strand every bond.
		type RuntimeHoldReason: From<HoldReason>;

		/// The currency of bonds, in planck. Replacing it strands what is on hold.
		type Currency: fungible::Inspect<Self::AccountId, Balance = Balance>
			+ fungible::hold::Inspect<Self::AccountId, Reason = Self::RuntimeHoldReason>
			+ fungible::hold::Mutate<Self::AccountId>
			+ fungible::hold::Balanced<Self::AccountId>
			+ Currency<Self::AccountId, Balance = Balance>;

		/// Takes what is slashed.
		type OnSlash: OnUnbalanced<fungible::Credit<Self::AccountId, Self::Currency>>;

		/// The key that seals blocks.
		type AuthorityId: Parameter + RuntimeAppPublic;

		/// What a session keeps of an authority beside its account.
		type FullIdentification: Parameter;

		/// Proof that a key was an authority's in a session.
		type KeyOwnerProof: Parameter + GetSessionNumber + GetValidatorCount;

		/// Checks the proof, and forgets sessions older than `History`.
		type KeyOwner: KeyOwnerProofSystem<
			(KeyTypeId, Self::AuthorityId),
			Proof = Self::KeyOwnerProof,
			IdentificationTuple = OffenderOf<Self>,
		>;

		/// Where offences are reported; calls back `on_offence`. Wrap it in [`OncePerSession`], here and for GRANDPA,
		/// or an offender fills the chain with reports of itself for nothing.
		type Offences: ReportOffence<Self::AccountId, OffenderOf<Self>, AuraOffence<OffenderOf<Self>>>;

		/// Who selects the authorities.
		type Authorities: Authorities<Self::AccountId>;

		/// The open block's slot.
		type CurrentSlot: Get<Slot>;

		/// Past sessions whose offences are taken. Bonds are held for as long: shortening it frees them early.
		type History: Get<SessionIndex>;

		/// Most authorities of a session.
		#[pallet::constant]
		type MaxAuthorities: Get<u32>;

		/// Weights of the calls. Too low ones let blocks overrun their time.
		type WeightInfo: WeightInfo;

		/// Makes a session of authorities and an offender among them.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: BenchmarkHelper<Self::AuthorityId, Self::KeyOwnerProof>;
	}

	/// Why the pallet holds money.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// A candidate's bond, until nothing it authored can be reported.
		Bond,
	}

	/// The slot in which each session began, for the sessions that can be reported.
	#[pallet::storage]
	pub type FirstSlots<T> = StorageMap<_, Twox64Concat, SessionIndex, Slot>;

	/// What authorities were slashed, for the sessions that can be reported.
	#[pallet::storage]
	pub type Slashes<T: Config> =
		StorageDoubleMap<_, Twox64Concat, SessionIndex, Twox64Concat, T::AccountId, Slash<Balance>>;

	/// Offenders who may be authorities still, with the last session in which they are; they author nothing.
	#[pallet::storage]
	pub type Outgoing<T: Config> =
		StorageValue<_, BoundedVec<(T::AccountId, SessionIndex), T::MaxAuthorities>, ValueQuery>;

	/// Bonds on their way out, oldest first.
	#[pallet::storage]
	pub type Unbonding<T: Config> =
		StorageMap<_, Blake2_128Concat, T::AccountId, BoundedVec<Chunk<Balance>, ConstU32<MAX_CHUNKS>>, ValueQuery>;

	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An authority equivocated.
		Punished {
			/// Who.
			offender: T::AccountId,
			/// In which session.
			session: SessionIndex,
			/// What it lost, in planck.
			slashed: Balance,
			/// What became of it.
			exclusion: Exclusion,
		},
		/// More authorities of the session equivocated, so that each loses more.
		SlashRaised {
			/// Who.
			offender: T::AccountId,
			/// In which session.
			session: SessionIndex,
			/// What it lost beside what it had lost, in planck.
			slashed: Balance,
		},
		/// A part of a bond is on its way out.
		Unbonded {
			/// Whose.
			who: T::AccountId,
			/// How much, in planck.
			amount: Balance,
			/// The last session in which it can be slashed.
			until: SessionIndex,
		},
		/// What was on its way out was paid out.
		Withdrawn {
			/// To whom.
			who: T::AccountId,
			/// How much, in planck.
			amount: Balance,
		},
	}

	/// Why a call was refused.
	#[pallet::error]
	pub enum Error<T> {
		/// A header is larger than any of this chain.
		HeaderTooLarge,
		/// Both headers are of the same block.
		SameBlock,
		/// A header claims no slot, or more than one.
		NoSlot,
		/// The headers are of different slots.
		SlotsDiffer,
		/// A header does not end with a seal.
		NoSeal,
		/// A seal is not by the key.
		SealForged,
		/// The session is too old to be reported, or has not begun.
		SessionOutOfReach,
		/// The slot does not lie in the session of the proof.
		SlotNotInSession,
		/// The key was not an authority's in the session of the proof.
		NotAnAuthority,
		/// The authority was punished for this session, or slot, already.
		AlreadyReported,
		/// Nothing of a bond can be withdrawn yet.
		NothingToWithdraw,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), polkadot_sdk::sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Report that one key sealed two blocks in one slot. Both headers as they were announced, seal last; the proof is
		/// of the session that the slot lies in. Costs nothing where the report holds.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::report_aura())]
		pub fn report_aura(
			origin: OriginFor<T>,
			offender: T::AuthorityId,
			first: Box<HeaderFor<T>>,
			second: Box<HeaderFor<T>>,
			key_owner_proof: T::KeyOwnerProof,
		) -> DispatchResultWithPostInfo {
			let reporter = ensure_signed(origin)?;
			Self::do_report_aura(reporter, offender, *first, *second, key_owner_proof)?;
			Ok(Pays::No.into())
		}

		/// Pay out what is left of a bond that can no longer be slashed.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::withdraw_unbonded())]
		pub fn withdraw_unbonded(origin: OriginFor<T>) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_withdraw_unbonded(who)
		}
	}
}
