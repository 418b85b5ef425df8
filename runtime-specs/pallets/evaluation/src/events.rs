//! The pallet's events.

use polkadot_sdk::frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod events {
	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	#[allow(missing_docs)]
	pub enum Event<T: Config> {
		/// A benchmark was made.
		BenchmarkCreated {
			benchmark: BenchmarkId,
			owner: AccountId,
			dataset: DatasetId,
			version: DatasetVersion,
		},
		/// Governance verified a benchmark, or took that back.
		BenchmarkVerified { benchmark: BenchmarkId, verified: bool },
		/// A benchmark takes no more requests; its deposit went back.
		BenchmarkRetired { benchmark: BenchmarkId, deposit: Balance },
		/// A validator registered.
		ValidatorRegistered {
			validator: AccountId,
			bond: Balance,
			limits: Limits,
		},
		/// A validator bonded more.
		Bonded { validator: AccountId, amount: Balance },
		/// A validator began to take bond out.
		Unbonded {
			validator: AccountId,
			amount: Balance,
			withdrawable_at: BlockNumber,
		},
		/// A validator took bond out.
		Withdrawn { validator: AccountId, amount: Balance },
		/// A validator with no bond left was removed.
		ValidatorRemoved { validator: AccountId },
		/// A validator can no longer be drawn: by its own will, or for misses in a row.
		Chilled { validator: AccountId, by_misses: bool },
		/// A validator can be drawn.
		Activated { validator: AccountId, limits: Limits },
		/// A validator missed a duty. Absence from a draw costs nothing.
		Missed {
			round: RoundId,
			validator: AccountId,
			stage: Stage,
			slashed: Balance,
		},
		/// An evaluation was requested; its fee is on hold.
		EvaluationRequested {
			round: RoundId,
			benchmark: BenchmarkId,
			checkpoint: CheckpointId,
			requester: AccountId,
			fee: Balance,
			price: Balance,
		},
		/// A round changed its state. `until` is the last block of the state's window, if duties are not halted until then.
		RoundAdvanced {
			round: RoundId,
			state: RoundState,
			until: BlockNumber,
		},
		/// The draw could not take place in its block; it will in a later one.
		DrawRearmed { round: RoundId, until: BlockNumber },
		/// The committee is to be widened by a further draw.
		CommitteeWidened { round: RoundId, until: BlockNumber },
		/// A member was drawn.
		MemberDrawn {
			round: RoundId,
			member: AccountId,
			seats: u32,
		},
		/// A member accepted; shard keys are to be sealed to `key`.
		Accepted {
			round: RoundId,
			member: AccountId,
			key: [u8; 32],
		},
		/// A member declined.
		Declined {
			round: RoundId,
			member: AccountId,
			reason: DeclineReason,
		},
		/// A member committed.
		Committed {
			round: RoundId,
			member: AccountId,
			commitment: [u8; 32],
		},
		/// A member revealed.
		Revealed {
			round: RoundId,
			member: AccountId,
			scores: BoundedVec<u32, ConstU32<MAX_METRICS>>,
		},
		/// A verdict stands.
		Settled {
			round: RoundId,
			benchmark: BenchmarkId,
			checkpoint: CheckpointId,
			scores: BoundedVec<u32, ConstU32<MAX_METRICS>>,
			lower_ppm: u32,
			upper_ppm: u32,
			seats_agreed: u32,
			seats_accepted: u32,
			available: bool,
		},
		/// An account is owed more.
		Credited {
			round: RoundId,
			who: AccountId,
			amount: Balance,
			reason: Credit,
		},
		/// What was left of the fee went back.
		Refunded {
			round: RoundId,
			who: AccountId,
			amount: Balance,
		},
		/// An account was paid everything that it was owed.
		RewardsClaimed { beneficiary: AccountId, amount: Balance },
		/// Duties are halted in this block, and the clock of rounds stood still: every window ends a block later than was
		/// said before. `stopped` blocks are so in all.
		ClockStopped { stopped: BlockNumber },
	}
}
