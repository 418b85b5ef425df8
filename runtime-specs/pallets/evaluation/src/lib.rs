#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

mod errors;
mod events;
mod impls;
pub mod migrations;
mod types;
pub mod weights;

// The attribute that makes tests of benchmarks prints their progress in seconds.
#[cfg(feature = "runtime-benchmarks")]
#[cfg_attr(
	test,
	allow(
		clippy::float_arithmetic,
		clippy::arithmetic_side_effects,
		clippy::unwrap_used,
		clippy::expect_used
	)
)]
mod benchmarking;
#[cfg(test)]
#[allow(
	clippy::unwrap_used,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::arithmetic_side_effects,
	clippy::panic
)]
mod mock;
#[cfg(test)]
#[allow(
	clippy::unwrap_used,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::arithmetic_side_effects,
	clippy::panic
)]
mod tests;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use polkadot_sdk::frame_support::pallet_macros::import_section;

// FRAME's own expansions expect; the code in this module only declares.
#[allow(clippy::expect_used)]
#[import_section(events::events)]
#[import_section(errors::errors)]
#[polkadot_sdk::frame_support::pallet]
pub mod pallet {
	use crate::{
		Benchmark, Credit, Limits, Member, Outcome, Round, Stage, SubsidyYear, Validator, WeightInfo, MAX_DRAWS,
	};
	use assay_primitives::{
		AccountId, Balance, BenchmarkId, BenchmarkSpec, BlockNumber, CheckpointId, Checkpoints, DatasetId,
		DatasetVersion, Datasets, DeclineReason, Economics, Hash, Pace, Relations, Reveal, RoundId, RoundState,
		MAX_METRICS,
	};
	use polkadot_sdk::{
		frame_support::{
			pallet_prelude::*,
			traits::fungible::{Inspect, Mutate, MutateHold},
			PalletId,
		},
		frame_system::pallet_prelude::*,
	};

	/// What the pallet needs from the runtime.
	#[pallet::config]
	pub trait Config: polkadot_sdk::frame_system::Config<AccountId = AccountId, Hash = Hash> {
		/// The token, and holds on it.
		type Currency: Inspect<AccountId, Balance = Balance>
			+ Mutate<AccountId>
			+ MutateHold<AccountId, Reason = Self::RuntimeHoldReason>;

		/// Every pallet's reasons for holds.
		type RuntimeHoldReason: From<HoldReason>;

		/// Economic constants, within their bounds. A change concerns rounds requested after it.
		type Economics: Get<Economics>;

		/// Data sets: terms, accreditation, key releases, the stewards' bonds.
		type Datasets: Datasets<AccountId>;

		/// Checkpoints: owner, size, lock, scores.
		type Checkpoints: Checkpoints<AccountId>;

		/// Who may act for whom, to keep a submitter's friends off its committee.
		type Relations: Relations<AccountId>;

		/// Who marks benchmarks as verified, and may retire any. Verified ones may draw subsidies.
		type BenchmarkOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Whether members and stewards are kept from their duties in this block. The clock of rounds stands still while
		/// they are. Asked once a block, at its beginning: what changes later in a block must not halt duties.
		type Halted: Get<bool>;

		/// Account credited with cuts, slashes and remainders.
		type TreasuryAccount: Get<AccountId>;

		/// Seed of the account that holds everything owed. A change strands what it holds.
		#[pallet::constant]
		type PalletId: Get<PalletId>;

		/// Most active validators: a draw reads all of them.
		#[pallet::constant]
		type MaxValidators: Get<u32>;

		/// Weights of the calls.
		type WeightInfo: WeightInfo;
	}

	/// Why the pallet holds tokens of an account.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// A validator's bond, unlocking parts included.
		Bond,
		/// The fee of an open round.
		RoundFee,
		/// The deposit of a benchmark.
		BenchmarkDeposit,
	}

	/// Version of the storage: 1 since [`OpenRounds`] is kept.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// Which table of periods the chain uses; set at genesis, never changed.
	#[pallet::storage]
	pub type CurrentPace<T> = StorageValue<_, Pace, ValueQuery>;

	/// Index of the next benchmark.
	#[pallet::storage]
	pub type NextBenchmark<T> = StorageValue<_, BenchmarkId, ValueQuery>;

	/// Benchmarks.
	#[pallet::storage]
	pub type Benchmarks<T> = StorageMap<_, Twox64Concat, BenchmarkId, Benchmark<AccountId>>;

	/// Bonded validators.
	#[pallet::storage]
	pub type Validators<T> = StorageMap<_, Blake2_128Concat, AccountId, Validator>;

	/// Validators that can be drawn, in ascending order.
	#[pallet::storage]
	pub type Active<T: Config> = StorageValue<_, BoundedVec<AccountId, T::MaxValidators>, ValueQuery>;

	/// Index of the next round.
	#[pallet::storage]
	pub type NextRound<T> = StorageValue<_, RoundId, ValueQuery>;

	/// Rounds, those that have ended included: their fee paid for the record.
	#[pallet::storage]
	pub type Rounds<T> = StorageMap<_, Twox64Concat, RoundId, Round<AccountId>>;

	/// Rounds that have not ended.
	#[pallet::storage]
	pub type OpenRounds<T> = StorageMap<_, Twox64Concat, RoundId, ()>;

	/// Blocks in which the clock of rounds stood still, since genesis.
	#[pallet::storage]
	pub type StoppedBlocks<T> = StorageValue<_, BlockNumber, ValueQuery>;

	/// Members of rounds.
	#[pallet::storage]
	pub type Members<T> = StorageDoubleMap<_, Twox64Concat, RoundId, Blake2_128Concat, AccountId, Member>;

	/// The open or settled round of a checkpoint on a benchmark: there is at most one.
	#[pallet::storage]
	pub type RoundOf<T> = StorageDoubleMap<_, Twox64Concat, BenchmarkId, Identity, CheckpointId, RoundId>;

	/// Rounds whose committees are drawn at the beginning of a block.
	#[pallet::storage]
	pub type DrawsAt<T> =
		StorageMap<_, Twox64Concat, BlockNumber, BoundedVec<RoundId, ConstU32<MAX_DRAWS>>, ValueQuery>;

	/// Results of checkpoints on benchmarks.
	#[pallet::storage]
	pub type Results<T> = StorageDoubleMap<_, Twox64Concat, BenchmarkId, Identity, CheckpointId, Outcome>;

	/// What accounts are owed, in planck. The pallet's account holds it.
	#[pallet::storage]
	pub type Claimables<T> = StorageMap<_, Blake2_128Concat, AccountId, Balance, ValueQuery>;

	/// Subsidies minted this year.
	#[pallet::storage]
	pub type Subsidies<T> = StorageValue<_, SubsidyYear, ValueQuery>;

	/// The pace of the chain.
	#[pallet::genesis_config]
	#[derive(polkadot_sdk::frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Which table of periods the chain uses.
		pub pace: Pace,
		/// Nothing.
		#[serde(skip)]
		pub _config: core::marker::PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			CurrentPace::<T>::put(self.pace);
			Pallet::<T>::endow();
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_initialize(_now: BlockNumberFor<T>) -> Weight {
			let standing_still = Self::keep_clock();
			let (draws, candidates) = Self::draw_due();
			T::WeightInfo::on_initialize(draws, candidates).saturating_add(standing_still)
		}

		fn integrity_test() {
			crate::impls::integrity_test::<T>();
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_now: BlockNumberFor<T>) -> Result<(), polkadot_sdk::sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Makes a benchmark. The deposit covers its bytes.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::create_benchmark())]
		pub fn create_benchmark(origin: OriginFor<T>, spec: BenchmarkSpec) -> DispatchResult {
			Self::do_create_benchmark(ensure_signed(origin)?, spec)
		}

		/// Marks a benchmark as verified, or takes that back.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::set_verified())]
		pub fn set_verified(origin: OriginFor<T>, benchmark: BenchmarkId, verified: bool) -> DispatchResult {
			T::BenchmarkOrigin::ensure_origin(origin)?;
			Self::do_set_verified(benchmark, verified)
		}

		/// Ends requests on a benchmark and gives its deposit back. For its owner and governance.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::retire_benchmark())]
		pub fn retire_benchmark(origin: OriginFor<T>, benchmark: BenchmarkId) -> DispatchResult {
			let caller = match T::BenchmarkOrigin::try_origin(origin) {
				Ok(_) => None,
				Err(origin) => Some(ensure_signed(origin)?),
			};
			Self::do_retire_benchmark(caller, benchmark)
		}

		/// Registers and activates a validator with a bond on hold.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::register_validator())]
		pub fn register_validator(
			origin: OriginFor<T>,
			limits: Limits,
			bls_key: [u8; 48],
			bls_proof: [u8; 96],
			#[pallet::compact] bond: Balance,
		) -> DispatchResult {
			Self::do_register_validator(ensure_signed(origin)?, limits, bls_key, bls_proof, bond)
		}

		/// Adds to the bond.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::bond_more())]
		pub fn bond_more(origin: OriginFor<T>, #[pallet::compact] amount: Balance) -> DispatchResult {
			Self::do_bond_more(ensure_signed(origin)?, amount)
		}

		/// Begins to take bond out: all of it, or down to the least bond. Withdrawable after the unbonding period,
		/// until then it can be slashed. Taking all of it out chills.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::unbond())]
		pub fn unbond(origin: OriginFor<T>, #[pallet::compact] amount: Balance) -> DispatchResult {
			Self::do_unbond(ensure_signed(origin)?, amount)
		}

		/// Frees what has unlocked. A validator with nothing left is removed.
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::withdraw_unbonded())]
		pub fn withdraw_unbonded(origin: OriginFor<T>) -> DispatchResult {
			Self::do_withdraw_unbonded(ensure_signed(origin)?)
		}

		/// Keeps the validator out of draws. Open rounds go on.
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::chill())]
		pub fn chill(origin: OriginFor<T>) -> DispatchResult {
			Self::do_chill(ensure_signed(origin)?)
		}

		/// Lets the validator be drawn, with these limits. An active one changes its limits.
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::activate())]
		pub fn activate(origin: OriginFor<T>, limits: Limits) -> DispatchResult {
			Self::do_activate(ensure_signed(origin)?, limits)
		}

		/// Requests the evaluation of the caller's checkpoint, for at most `max_fee` in all.
		#[pallet::call_index(9)]
		#[pallet::weight(T::WeightInfo::request_evaluation())]
		pub fn request_evaluation(
			origin: OriginFor<T>,
			benchmark: BenchmarkId,
			checkpoint: CheckpointId,
			#[pallet::compact] max_fee: Balance,
		) -> DispatchResult {
			Self::do_request_evaluation(ensure_signed(origin)?, benchmark, checkpoint, max_fee)
		}

		/// Takes part: the checkpoint was fetched, hashed and loaded. Shard keys are to be sealed to `key`. Free.
		#[pallet::call_index(10)]
		#[pallet::weight(T::WeightInfo::accept())]
		pub fn accept(origin: OriginFor<T>, round: RoundId, key: [u8; 32]) -> DispatchResultWithPostInfo {
			Self::do_accept(ensure_signed(origin)?, round, key)?;
			Ok(Pays::No.into())
		}

		/// Does not take part, and says why. Free.
		#[pallet::call_index(11)]
		#[pallet::weight(T::WeightInfo::decline())]
		pub fn decline(origin: OriginFor<T>, round: RoundId, reason: DeclineReason) -> DispatchResultWithPostInfo {
			Self::do_decline(ensure_signed(origin)?, round, reason)?;
			Ok(Pays::No.into())
		}

		/// Commits to what will be revealed. Free.
		#[pallet::call_index(12)]
		#[pallet::weight(T::WeightInfo::commit())]
		pub fn commit(origin: OriginFor<T>, round: RoundId, commitment: [u8; 32]) -> DispatchResultWithPostInfo {
			Self::do_commit(ensure_signed(origin)?, round, commitment)?;
			Ok(Pays::No.into())
		}

		/// Opens the caller's commitment. Free.
		#[pallet::call_index(13)]
		#[pallet::weight(T::WeightInfo::reveal())]
		pub fn reveal(origin: OriginFor<T>, round: RoundId, reveal: Reveal) -> DispatchResultWithPostInfo {
			Self::do_reveal(ensure_signed(origin)?, round, reveal)?;
			Ok(Pays::No.into())
		}

		/// Moves a round on whose window has passed. For anyone; free where it changes the round.
		#[pallet::call_index(14)]
		#[pallet::weight(T::WeightInfo::advance())]
		pub fn advance(origin: OriginFor<T>, round: RoundId) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let changed = Self::do_advance(round)?;
			Ok(if changed { Pays::No } else { Pays::Yes }.into())
		}

		/// Pays the beneficiary everything that it is owed. For anyone; nothing owed changes nothing.
		#[pallet::call_index(15)]
		#[pallet::weight(T::WeightInfo::claim_rewards())]
		pub fn claim_rewards(origin: OriginFor<T>, beneficiary: AccountId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_claim_rewards(beneficiary)
		}
	}
}
