//! The pallet's errors.

use polkadot_sdk::frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod errors {
	/// Why a call was refused.
	#[pallet::error]
	pub enum Error<T> {
		/// No such benchmark.
		UnknownBenchmark,
		/// The benchmark takes no more requests.
		BenchmarkIsRetired,
		/// Only the benchmark's owner or governance may do this.
		NotBenchmarkOwner,
		/// The main metric is none of the listed ones.
		MainMetricMissing,
		/// Lower is better for the calibration error: it cannot be the main metric.
		MainMetricUnranked,
		/// A metric is listed twice.
		MetricRepeated,
		/// A committee has from 3 to 21 seats.
		SeatsOutOfRange,
		/// The precision lies from 5,000 to 100,000 ppm.
		PrecisionOutOfRange,
		/// The tolerance is finer than the precision, or above a whole.
		ToleranceOutOfRange,
		/// Two flipped samples move the main metric by more than the tolerance.
		ToleranceBelowTwoSamples,
		/// The threshold lies above a whole.
		ThresholdOutOfRange,
		/// The version is unknown, retired or suspended.
		DatasetUnusable,
		/// Already a validator.
		AlreadyRegistered,
		/// Not a validator.
		NotValidator,
		/// The bond would be below the least one.
		BondBelowMinimum,
		/// The limits allow no round.
		LimitsTooLow,
		/// No more validators can be active.
		TooManyValidators,
		/// Too many parts of the bond are on their way out.
		TooManyUnlocking,
		/// The bond is smaller than that.
		NotEnoughBond,
		/// Nothing can be withdrawn yet.
		NothingUnlocked,
		/// The last of a bond stays while its validator has rounds to finish.
		RoundsOpen,
		/// The amount is zero.
		AmountZero,
		/// The validator is not active.
		NotActive,
		/// No such checkpoint.
		UnknownCheckpoint,
		/// Only the checkpoint's owner may request its evaluation.
		NotCheckpointOwner,
		/// The checkpoint is withdrawn.
		CheckpointDeprecated,
		/// The checkpoint has an open or settled round on this benchmark.
		AlreadyRequested,
		/// The fee is above what the caller allows.
		FeeAboveMax,
		/// The round could outlast the unbonding period.
		RoundTooLong,
		/// The blocks to come have no room for another draw.
		TooManyRequests,
		/// No such round.
		UnknownRound,
		/// Not a member of the round, or not one that can do this now.
		NotDrawn,
		/// The round is not in the state for this.
		WrongState,
		/// The window has passed.
		WindowClosed,
		/// The key is all zeroes.
		KeyZero,
		/// Nothing can be sealed to the key: it is a point of small order.
		KeyWeak,
		/// The reason does not fit the state.
		ReasonOutOfPlace,
		/// The opening does not match the commitment.
		CommitmentMismatch,
		/// The benchmark has another number of metrics.
		ScoreCountMismatch,
		/// A score is above a whole, or not rounded to the precision.
		ScoreUnrounded,
		/// The interval does not contain the main score.
		IntervalMismatch,
		/// The account holds no such amount that could be moved, or the other cannot receive it.
		PaymentRefused,
	}
}
