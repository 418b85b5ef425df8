#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod impls;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
mod types;
mod validity;
pub mod weights;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use polkadot_sdk::{frame_support, frame_system};

/// The models pallet.
#[allow(
	clippy::expect_used,
	reason = "what the macros expand to; the module holds declarations only"
)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use assay_primitives::{
		Balance, CheckpointId, CheckpointSpec, CheckpointStatus, Economics, Hash, Licence, ModelId, Name,
	};
	use frame_support::{pallet_prelude::*, traits::fungible, PalletId};
	use frame_system::pallet_prelude::*;

	/// The pallet.
	#[pallet::pallet]
	pub struct Pallet<T>(_);

	/// What the runtime gives the pallet. Accounts are 32 bytes, which a claim binds.
	#[pallet::config]
	pub trait Config: polkadot_sdk::frame_system::Config<AccountId: Into<[u8; 32]>> {
		/// The runtime's hold reasons. Removing ours would strand every deposit.
		type RuntimeHoldReason: From<HoldReason>;

		/// The currency of deposits and fees, in planck. Replacing it strands what is on hold and owed.
		type Currency: fungible::Inspect<Self::AccountId, Balance = Balance>
			+ fungible::Mutate<Self::AccountId>
			+ fungible::hold::Inspect<Self::AccountId, Reason = Self::RuntimeHoldReason>
			+ fungible::hold::Mutate<Self::AccountId>;

		/// Deposits, in planck, already within their bounds. A change concerns later holds only.
		type Economics: Get<Economics>;

		/// Names the account that holds the claimables. Changing it leaves what is owed on the old account.
		#[pallet::constant]
		type PalletId: Get<PalletId>;

		/// Weights of the calls. Too low ones let blocks overrun their time.
		type WeightInfo: WeightInfo;
	}

	/// Why the pallet holds money.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// For stored bytes: models and checkpoints.
		Deposit,
		/// For a sealed claim, until it is opened or dropped.
		Claim,
	}

	/// Id of the next model; models are never removed.
	#[pallet::storage]
	pub type NextModel<T> = StorageValue<_, ModelId, ValueQuery>;

	/// Models and their terms.
	#[pallet::storage]
	pub type Models<T: Config> = StorageMap<_, Twox64Concat, ModelId, Model<T::AccountId>>;

	/// Sealed claims by claimant and hash: a copied hash is another entry.
	#[pallet::storage]
	pub type Claims<T: Config> = StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Blake2_128Concat, Hash, Claim>;

	/// Opened checkpoints by id; never removed, so that an id is submitted once.
	#[pallet::storage]
	pub type Checkpoints<T: Config> = StorageMap<_, Blake2_128Concat, CheckpointId, Checkpoint<T::AccountId>>;

	/// Usage fees owed, in planck. The pallet's account holds them all.
	#[pallet::storage]
	pub type Claimables<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Balance, ValueQuery>;

	/// Gives the pallet's account the existential deposit, so that it holds whatever is owed beside it.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		#[serde(skip)]
		/// Nothing to configure.
		pub marker: PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			Pallet::<T>::endow();
		}
	}

	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A model was registered.
		Registered {
			/// The model.
			model: ModelId,
			/// Its owner.
			owner: T::AccountId,
		},
		/// A checkpoint id was claimed under seal.
		Claimed {
			/// Who claimed.
			claimant: T::AccountId,
			/// The claim.
			hash: Hash,
		},
		/// A claim was opened and its checkpoint submitted.
		Opened {
			/// The checkpoint.
			checkpoint: CheckpointId,
			/// The model it is a version of.
			model: ModelId,
			/// Its owner.
			owner: T::AccountId,
		},
		/// An earlier claim took the checkpoint's id.
		CheckpointTakenOver {
			/// The checkpoint.
			checkpoint: CheckpointId,
			/// Its owner until now.
			from: T::AccountId,
			/// Its owner from now on.
			to: T::AccountId,
		},
		/// Later uses have this price.
		TermsSet {
			/// The model.
			model: ModelId,
			/// Price of one use, in planck.
			usage_price: Balance,
		},
		/// Uses were paid for.
		UsagePaid {
			/// The checkpoint.
			checkpoint: CheckpointId,
			/// Who paid.
			payer: T::AccountId,
			/// How many uses.
			uses: u32,
			/// The whole fee, in planck.
			fee: Balance,
		},
		/// Usage fees were paid out.
		FeesClaimed {
			/// To whom.
			beneficiary: T::AccountId,
			/// How much, in planck.
			amount: Balance,
		},
		/// The checkpoint's status changed.
		StatusChanged {
			/// The checkpoint.
			checkpoint: CheckpointId,
			/// Its status from now on.
			status: CheckpointStatus,
		},
		/// A committee was drawn: no claim takes the checkpoint's id any more.
		Locked {
			/// The checkpoint.
			checkpoint: CheckpointId,
		},
		/// A claim that was not opened in time was removed.
		ClaimDropped {
			/// Who had claimed.
			claimant: T::AccountId,
			/// The claim.
			hash: Hash,
		},
	}

	/// Why a call was refused.
	#[pallet::error]
	pub enum Error<T> {
		/// There is no such model.
		UnknownModel,
		/// There is no such checkpoint.
		UnknownCheckpoint,
		/// There is no such claim of this account.
		UnknownClaim,
		/// Only the owner may do this.
		NotOwner,
		/// The id space is used up.
		TooMany,
		/// The name is empty or not UTF-8.
		NameUnfit,
		/// Not an SPDX licence identifier.
		LicenceUnfit,
		/// No contributors, one twice, a share of zero, or shares that do not add up to a million.
		SharesUnfit,
		/// The account has this claim already.
		AlreadyClaimed,
		/// The claim is not old enough to be opened.
		ClaimTooFresh,
		/// The claim is too old to be opened.
		ClaimExpired,
		/// The claim can still be opened.
		ClaimNotExpired,
		/// The id was submitted already, with a claim that stands.
		AlreadySubmitted,
		/// Not a CIDv1 with raw codec and sha2-256.
		NotACid,
		/// The checkpoint has no bytes.
		EmptyCheckpoint,
		/// An architecture is named by lower-case letters, digits and underscores.
		ArchitectureUnfit,
		/// The operating point is above one million ppm.
		OperatingPointUnfit,
		/// The parent is not a checkpoint on this chain, or the checkpoint itself.
		UnknownParent,
		/// The checkpoint is not available.
		NotAvailable,
		/// No uses to pay for.
		NoUses,
		/// The price of a use is above what the payer accepts.
		PriceAboveLimit,
		/// The fee does not fit into a balance.
		FeeTooLarge,
		/// The checkpoint is deprecated already.
		AlreadyDeprecated,
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
		/// Register a model with the caller as its owner. The contributors' shares, in ppm, add up to a million.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::register(contributors.len() as u32))]
		pub fn register(
			origin: OriginFor<T>,
			name: Name,
			licence: Licence,
			contributors: Contributors<T::AccountId>,
			usage_price: Balance,
		) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			Self::do_register(owner, name, licence, contributors, usage_price)
		}

		/// Claim a checkpoint id under seal. Holds the claim's deposit.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::claim())]
		pub fn claim(origin: OriginFor<T>, hash: Hash) -> DispatchResult {
			let claimant = ensure_signed(origin)?;
			Self::do_claim(claimant, hash)
		}

		/// Open a claim and submit its checkpoint as a version of the model.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::open())]
		pub fn open(origin: OriginFor<T>, model: ModelId, salt: [u8; 32], spec: CheckpointSpec) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			Self::do_open(owner, model, salt, spec)
		}

		/// Set the price of later uses.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::set_terms())]
		pub fn set_terms(origin: OriginFor<T>, model: ModelId, usage_price: Balance) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			Self::do_set_terms(&owner, model, usage_price)
		}

		/// Pay for uses of an available checkpoint, each at most at the price given.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::pay_usage())]
		pub fn pay_usage(
			origin: OriginFor<T>,
			checkpoint: CheckpointId,
			uses: u32,
			max_price_each: Balance,
		) -> DispatchResult {
			let payer = ensure_signed(origin)?;
			Self::do_pay_usage(payer, checkpoint, uses, max_price_each)
		}

		/// Pay out the usage fees owed to the beneficiary; nothing happens where none are.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::claim_fees())]
		pub fn claim_fees(origin: OriginFor<T>, beneficiary: T::AccountId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_claim_fees(beneficiary)
		}

		/// Withdraw a checkpoint for good.
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::deprecate())]
		pub fn deprecate(origin: OriginFor<T>, checkpoint: CheckpointId) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			Self::do_deprecate(&owner, checkpoint)
		}

		/// Remove a claim that was not opened in time; its deposit goes back to the claimant.
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::drop_claim())]
		pub fn drop_claim(origin: OriginFor<T>, claimant: T::AccountId, hash: Hash) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_drop_claim(claimant, hash)
		}
	}
}
