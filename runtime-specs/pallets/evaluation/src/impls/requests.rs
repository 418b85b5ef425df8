//! Requests: what a round pins, what it costs, and which checkpoint it is about.

use crate::{
	Benchmark, Benchmarks, Config, Error, Event, HoldReason, NextRound, OpenRounds, Pallet, Round, RoundOf, Rounds,
	Tally, Terms, MAX_FIRST_DRAWS,
};
use assay_math::window;
use assay_primitives::{
	AccountId, Balance, BenchmarkId, BlockNumber, CheckpointId, CheckpointStatus, CheckpointTerms, Checkpoints,
	DatasetTerms, Datasets, Economics, RoundState,
};
use polkadot_sdk::{
	frame_support::{
		dispatch::DispatchResult,
		ensure,
		traits::{fungible::MutateHold, Get},
	},
	sp_runtime::DispatchError,
};

const MIB: u32 = 1 << 20;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_request_evaluation(
		requester: AccountId,
		benchmark: BenchmarkId,
		checkpoint: CheckpointId,
		max_fee: Balance,
	) -> DispatchResult {
		let entry = Self::open_benchmark(benchmark)?;
		let model = T::Checkpoints::terms(checkpoint).ok_or(Error::<T>::UnknownCheckpoint)?;
		ensure!(model.owner == requester, Error::<T>::NotCheckpointOwner);
		ensure!(
			model.status != CheckpointStatus::Deprecated,
			Error::<T>::CheckpointDeprecated
		);
		ensure!(
			!RoundOf::<T>::contains_key(benchmark, checkpoint),
			Error::<T>::AlreadyRequested
		);
		let terms = Self::pin(benchmark, &entry, checkpoint, &model)?;
		ensure!(
			terms.longest_round() < terms.windows.unbonding,
			Error::<T>::RoundTooLong
		);
		let (fee, price) = (terms.fee, terms.price);
		let total = terms.total();
		ensure!(total <= max_fee, Error::<T>::FeeAboveMax);
		T::Currency::hold(&HoldReason::RoundFee.into(), &requester, total)?;

		let now = Self::now();
		let mut round = Round {
			terms,
			state: RoundState::Requested,
			requested_at: now,
			armed_at: now,
			deadline: now,
			widened: false,
			keys_released: false,
			drawn: 0,
			accepted: 0,
			tally: Tally::default(),
		};
		let id = NextRound::<T>::mutate(|next| {
			let id = *next;
			*next = next.saturating_add(1);
			id
		});
		ensure!(Self::arm(id, &mut round, MAX_FIRST_DRAWS), Error::<T>::TooManyRequests);
		RoundOf::<T>::insert(benchmark, checkpoint, id);
		OpenRounds::<T>::insert(id, ());
		Benchmarks::<T>::mutate_extant(benchmark, |entry| entry.rounds = entry.rounds.saturating_add(1));
		Self::deposit_event(Event::EvaluationRequested {
			round: id,
			benchmark,
			checkpoint,
			requester,
			fee,
			price,
		});
		let (state, until) = (round.state, round.deadline);
		Self::deposit_event(Event::RoundAdvanced {
			round: id,
			state,
			until,
		});
		Rounds::<T>::insert(id, round);
		Ok(())
	}

	/// Everything about the round that is decided now.
	pub(crate) fn pin(
		benchmark: BenchmarkId,
		entry: &Benchmark<AccountId>,
		checkpoint: CheckpointId,
		model: &CheckpointTerms<AccountId>,
	) -> Result<Terms<AccountId>, DispatchError> {
		let spec = &entry.spec;
		let data = Self::usable_data(entry)?;
		let economics = T::Economics::get();
		Ok(Terms {
			benchmark,
			checkpoint,
			checkpoint_bytes: model.size_bytes,
			requester: model.owner.clone(),
			dataset: spec.dataset,
			version: spec.version,
			steward: data.steward,
			price: data.price,
			fee: compute_fee(&economics, model.size_bytes, data.samples),
			shards: data.shards,
			data_bytes: data.size_bytes,
			samples: data.samples,
			metrics: spec.metrics.clone(),
			main: spec.main,
			tolerance_ppm: spec.tolerance_ppm,
			threshold_ppm: spec.threshold_ppm,
			precision_ppm: spec.precision_ppm,
			seats: spec.seats,
			admission: data.admission,
			verified: entry.verified,
			economics,
			windows: Self::windows(),
		})
	}

	/// The terms of the benchmark's data, where new rounds may begin on it.
	pub(crate) fn usable_data(entry: &Benchmark<AccountId>) -> Result<DatasetTerms<AccountId>, DispatchError> {
		T::Datasets::terms(entry.spec.dataset, entry.spec.version)
			.filter(|terms| terms.usable)
			.ok_or(Error::<T>::DatasetUnusable.into())
	}
}

/// The fee for compute: a base, a part per MiB of checkpoint, a part per 1,000 samples.
pub(crate) fn compute_fee(economics: &Economics, checkpoint_bytes: u32, samples: u32) -> Balance {
	let for_size = economics.fee_per_mb.saturating_mul(mib(checkpoint_bytes).into());
	let for_samples = economics
		.fee_per_1000_samples
		.saturating_mul(samples.div_ceil(1_000).into());
	economics.base_fee.saturating_add(for_size).saturating_add(for_samples)
}

/// MiB, begun ones counted whole.
pub(crate) fn mib(bytes: u32) -> u32 {
	bytes.div_ceil(MIB)
}

impl<AccountId> Terms<AccountId> {
	/// What the requester has on hold while the round is open.
	pub fn total(&self) -> Balance {
		self.fee.saturating_add(self.price)
	}

	/// Length of the accept window: it grows with the checkpoint.
	pub fn accept_window(&self) -> BlockNumber {
		let windows = &self.windows;
		window::blocks(
			windows.accept,
			windows.accept_per_mb_ppm,
			self.checkpoint_bytes.into(),
			0,
			0,
		)
	}

	/// Length of the commit window: it grows with the ciphertext and the samples.
	pub fn commit_window(&self) -> BlockNumber {
		let windows = &self.windows;
		let per_1000 = windows.commit_per_1000_samples;
		window::blocks(
			windows.commit,
			windows.commit_per_mb_ppm,
			self.data_bytes,
			per_1000,
			self.samples,
		)
	}

	/// Every window of a round that is widened after its first reveals.
	pub fn longest_round(&self) -> BlockNumber {
		let windows = &self.windows;
		[
			windows.draw_delay,
			self.accept_window(),
			windows.release,
			self.commit_window(),
			windows.reveal,
		]
		.into_iter()
		.fold(0_u32, BlockNumber::saturating_add)
		.saturating_mul(2)
	}
}
