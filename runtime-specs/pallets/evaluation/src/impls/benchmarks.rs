//! Benchmarks: what may be measured, and how closely.

use crate::{Benchmark, Benchmarks, Config, Error, Event, HoldReason, NextBenchmark, Pallet};
use assay_math::tolerance;
use assay_primitives::{
	AccountId, Balance, BenchmarkId, BenchmarkSpec, DatasetTerms, Datasets, Metric, MAX_SEATS, MIN_PRECISION_PPM,
	MIN_SEATS, PPM,
};
use codec::Encode;
use polkadot_sdk::{
	frame_support::{
		dispatch::DispatchResult,
		ensure,
		traits::{fungible::MutateHold, tokens::Precision, Get},
	},
	sp_runtime::DispatchError,
};

/// Coarsest rounding of revealed scores, in ppm.
const MAX_PRECISION_PPM: u32 = 100_000;
/// How many flipped samples a tolerance must forgive: hardware that differs in the last bit flips one or two.
const FORGIVEN_FLIPS: u32 = 2;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_create_benchmark(owner: AccountId, spec: BenchmarkSpec) -> DispatchResult {
		let dataset = T::Datasets::terms(spec.dataset, spec.version)
			.filter(|terms| terms.usable)
			.ok_or(Error::<T>::DatasetUnusable)?;
		Self::check_spec(&spec, &dataset)?;
		let deposit = Self::benchmark_deposit(&spec);
		T::Currency::hold(&HoldReason::BenchmarkDeposit.into(), &owner, deposit)?;
		let benchmark = NextBenchmark::<T>::mutate(|next| {
			let id = *next;
			*next = next.saturating_add(1);
			id
		});
		let (dataset, version) = (spec.dataset, spec.version);
		let entry = Benchmark {
			owner: owner.clone(),
			deposit,
			spec,
			verified: false,
			retired: false,
			rounds: 0,
		};
		Benchmarks::<T>::insert(benchmark, entry);
		Self::deposit_event(Event::BenchmarkCreated {
			benchmark,
			owner,
			dataset,
			version,
		});
		Ok(())
	}

	pub(crate) fn do_set_verified(benchmark: BenchmarkId, verified: bool) -> DispatchResult {
		Benchmarks::<T>::try_mutate(benchmark, |entry| {
			let entry = entry.as_mut().ok_or(Error::<T>::UnknownBenchmark)?;
			ensure!(!entry.retired, Error::<T>::BenchmarkIsRetired);
			entry.verified = verified;
			Self::deposit_event(Event::BenchmarkVerified { benchmark, verified });
			Ok(())
		})
	}

	/// Retires a benchmark for its owner, or for governance where there is no caller.
	pub(crate) fn do_retire_benchmark(caller: Option<AccountId>, benchmark: BenchmarkId) -> DispatchResult {
		let mut entry = Benchmarks::<T>::get(benchmark).ok_or(Error::<T>::UnknownBenchmark)?;
		ensure!(
			caller.is_none_or(|who| who == entry.owner),
			Error::<T>::NotBenchmarkOwner
		);
		ensure!(!entry.retired, Error::<T>::BenchmarkIsRetired);
		let deposit = entry.deposit;
		T::Currency::release(
			&HoldReason::BenchmarkDeposit.into(),
			&entry.owner,
			deposit,
			Precision::Exact,
		)?;
		if entry.rounds == 0 {
			Benchmarks::<T>::remove(benchmark);
		} else {
			entry.retired = true;
			entry.deposit = 0;
			Benchmarks::<T>::insert(benchmark, entry);
		}
		Self::deposit_event(Event::BenchmarkRetired { benchmark, deposit });
		Ok(())
	}

	/// A usable benchmark.
	pub(crate) fn open_benchmark(benchmark: BenchmarkId) -> Result<Benchmark<AccountId>, DispatchError> {
		let entry = Benchmarks::<T>::get(benchmark).ok_or(Error::<T>::UnknownBenchmark)?;
		ensure!(!entry.retired, Error::<T>::BenchmarkIsRetired);
		Ok(entry)
	}

	fn benchmark_deposit(spec: &BenchmarkSpec) -> Balance {
		let economics = T::Economics::get();
		economics
			.byte_deposit
			.saturating_mul(spec.encoded_size() as Balance)
			.saturating_add(economics.item_deposit)
	}

	fn check_spec(spec: &BenchmarkSpec, dataset: &DatasetTerms<AccountId>) -> DispatchResult {
		let main = *spec
			.metrics
			.get(usize::from(spec.main))
			.ok_or(Error::<T>::MainMetricMissing)?;
		ensure!(main != Metric::CalibrationError, Error::<T>::MainMetricUnranked);
		let repeated = spec
			.metrics
			.iter()
			.any(|metric| spec.metrics.iter().filter(|other| *other == metric).count() > 1);
		ensure!(!repeated, Error::<T>::MetricRepeated);
		ensure!(
			(MIN_SEATS..=MAX_SEATS).contains(&spec.seats),
			Error::<T>::SeatsOutOfRange
		);
		ensure!(
			(MIN_PRECISION_PPM..=MAX_PRECISION_PPM).contains(&spec.precision_ppm),
			Error::<T>::PrecisionOutOfRange
		);
		ensure!(
			(spec.precision_ppm..=PPM).contains(&spec.tolerance_ppm),
			Error::<T>::ToleranceOutOfRange
		);
		ensure!(
			spec.tolerance_ppm >= least_tolerance(main, dataset),
			Error::<T>::ToleranceBelowTwoSamples
		);
		ensure!(spec.threshold_ppm <= PPM, Error::<T>::ThresholdOutOfRange);
		Ok(())
	}
}

/// What two flipped samples move a count metric by at most, in ppm; zero for metrics of ranks.
fn least_tolerance(main: Metric, dataset: &DatasetTerms<AccountId>) -> u32 {
	let smallest_class = dataset
		.held_out_counts
		.iter()
		.map(|count| count.samples)
		.min()
		.unwrap_or(0);
	match main {
		Metric::Accuracy => tolerance::least_ppm(dataset.samples, FORGIVEN_FLIPS),
		Metric::BalancedAccuracy | Metric::Sensitivity | Metric::Specificity => {
			tolerance::least_ppm(smallest_class, FORGIVEN_FLIPS)
		}
		Metric::Auroc | Metric::AveragePrecision | Metric::CalibrationError => 0,
	}
}
