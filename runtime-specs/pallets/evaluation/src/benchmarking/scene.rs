//! Rounds and accounts as the benchmarks need them: in the state of interest, with the largest committee.

use crate::{
	Active, Benchmark, Benchmarks, Config, HoldReason, Limits, Member, Members, NextBenchmark, Pallet, Progress, Round,
	Rounds, Tally, Validator, Validators, MAX_MEMBERS,
};
use assay_primitives::{
	AccountId, Balance, BenchmarkSpec, Checkpoints, DatasetId, DatasetVersion, Datasets, Metric, Reveal, RoundId,
	RoundState, ShardSet, MAX_METRICS, MAX_SEATS, PPM,
};
use polkadot_sdk::{
	frame_benchmarking::account,
	frame_support::traits::{
		fungible::{Inspect, Mutate, MutateHold},
		Get,
	},
	frame_system,
	sp_core::H256,
	sp_runtime::traits::Saturating,
};
use scale_info::prelude::vec::Vec;

/// Samples of the scene's data set.
const SAMPLES: u32 = 1_000;
/// Size of the scene's checkpoint: 16 MiB.
const CHECKPOINT_BYTES: u32 = 16 << 20;
/// What every account of the scene has to spend, in existential deposits and in bonds.
const FORTUNE: u32 = 1_000_000;

/// An account with enough to spend.
pub fn rich<T: Config>(name: &'static str, index: u32) -> AccountId {
	let who: AccountId = account(name, index, 0);
	let economics = T::Economics::get();
	let needs = economics
		.min_bond
		.max(economics.item_deposit)
		.max(economics.base_fee)
		.saturating_mul(1_000);
	let least = T::Currency::minimum_balance().saturating_mul(FORTUNE.into());
	T::Currency::set_balance(&who, needs.saturating_add(least));
	Pallet::<T>::endow();
	who
}

/// The largest spec on a version.
pub fn spec(dataset: DatasetId, version: DatasetVersion) -> BenchmarkSpec {
	let metrics = [
		Metric::Auroc,
		Metric::Accuracy,
		Metric::BalancedAccuracy,
		Metric::Sensitivity,
		Metric::Specificity,
		Metric::AveragePrecision,
		Metric::CalibrationError,
	];
	BenchmarkSpec {
		name: [b'n'; 64].to_vec().try_into().unwrap_or_default(),
		dataset,
		version,
		metrics: metrics.to_vec().try_into().unwrap_or_default(),
		main: 0,
		tolerance_ppm: 10_000,
		threshold_ppm: 0,
		precision_ppm: 5_000,
		seats: MAX_SEATS,
	}
}

/// A benchmark on a version, with its deposit on hold.
pub fn benchmark<T: Config>(owner: &AccountId, dataset: DatasetId, version: DatasetVersion) -> u32 {
	let id = NextBenchmark::<T>::get();
	NextBenchmark::<T>::put(id.saturating_add(1));
	let deposit = T::Economics::get().item_deposit;
	let _ = T::Currency::hold(&HoldReason::BenchmarkDeposit.into(), owner, deposit);
	let spec = spec(dataset, version);
	Benchmarks::<T>::insert(
		id,
		Benchmark {
			owner: owner.clone(),
			deposit,
			spec,
			verified: true,
			retired: false,
			rounds: 0,
		},
	);
	id
}

/// An active validator with the least bond.
pub fn validator<T: Config>(index: u32) -> AccountId {
	let who = rich::<T>("validator", index);
	let bond = T::Economics::get().min_bond;
	let _ = T::Currency::hold(&HoldReason::Bond.into(), &who, bond);
	let entry = Validator {
		bond,
		unlocking: Default::default(),
		limits: limits(),
		bls_key: [1; 48],
		bls_proof: [1; 96],
		active: true,
		open_rounds: 0,
		misses: 0,
		absences: 0,
	};
	Validators::<T>::insert(&who, entry);
	Active::<T>::mutate(|active| {
		if let Err(place) = active.binary_search(&who) {
			let _ = active.try_insert(place, who.clone());
		}
	});
	who
}

/// Limits above every round of the scene.
pub fn limits() -> Limits {
	Limits {
		max_checkpoint_mb: 1_000,
		max_concurrent: 1_000,
	}
}

/// A requested round on a new data set and checkpoint, its fee on hold.
pub fn requested_round<T: Config>() -> RoundId {
	let requester = rich::<T>("requester", 0);
	let (dataset, version, _) = T::Datasets::set_up(SAMPLES, 64);
	let benchmark = benchmark::<T>(&requester, dataset, version);
	let checkpoint = T::Checkpoints::set_up(&requester, CHECKPOINT_BYTES);
	let id = crate::NextRound::<T>::get();
	let _ = Pallet::<T>::do_request_evaluation(requester, benchmark, checkpoint, Balance::MAX);
	id
}

/// A round in that state whose widened committee is as large as can be, every member having come as far as told.
pub fn full_round<T: Config>(
	state: RoundState,
	progress: impl Fn(&AccountId, &Round<AccountId>) -> Progress,
) -> RoundId {
	let id = requested_round::<T>();
	let members: Vec<AccountId> = (0..MAX_MEMBERS).map(validator::<T>).collect();
	Rounds::<T>::mutate_extant(id, |round| {
		round.state = state;
		round.widened = true;
		round.keys_released = true;
		round.deadline = Pallet::<T>::now().saturating_add(10);
		round.drawn = MAX_MEMBERS;
		round.accepted = MAX_MEMBERS;
		round.tally = Tally {
			drawn: MAX_MEMBERS,
			accepted: if state == RoundState::Accepting { 0 } else { MAX_MEMBERS },
			keyed: MAX_MEMBERS,
			committed: if state == RoundState::Revealing { MAX_MEMBERS } else { 0 },
			revealed: 0,
			declined: [0; 6],
		};
		for (index, who) in members.iter().enumerate() {
			let entry = Member {
				seats: 1,
				widened: index as u32 >= MAX_SEATS,
				progress: progress(who, round),
			};
			Members::<T>::insert(id, who, entry);
			Validators::<T>::mutate_extant(who, |entry| entry.open_rounds = 1);
			T::Datasets::set_up_keys(id, who);
		}
	});
	id
}

/// An account of a round that still has work to do, and the round.
pub fn one_of<T: Config>(id: RoundId) -> AccountId {
	Members::<T>::iter_prefix(id)
		.find(|(_, member)| member.progress.is_open())
		.map(|(who, _)| who)
		.unwrap_or_else(|| account("nobody", 0, 0))
}

/// A reveal with every score a member may send.
pub fn reveal(metrics: usize) -> Reveal {
	let scores: Vec<u32> = (0..metrics.min(MAX_METRICS as usize)).map(|_| PPM / 2).collect();
	Reveal {
		scores: scores.try_into().unwrap_or_default(),
		lower_ppm: 0,
		upper_ppm: PPM,
		prediction_root: H256::repeat_byte(1),
		env_digest: H256::repeat_byte(2),
		salt: [3; 32],
	}
}

/// A commitment to that reveal.
pub fn committed<T: Config>(id: RoundId, who: &AccountId, round: &Round<AccountId>) -> Progress {
	let commitment = Pallet::<T>::commitment(id, round, who, &reveal(round.terms.metrics.len()));
	Progress::Committed { commitment }
}

/// A round on the version in which `member` alone accepted and awaits keys.
pub fn releasing_round<T: Config>(
	dataset: DatasetId,
	version: DatasetVersion,
	shards: ShardSet,
	member: &AccountId,
) -> RoundId {
	let requester = rich::<T>("requester", 0);
	let benchmark = benchmark::<T>(&requester, dataset, version);
	let checkpoint = T::Checkpoints::set_up(&requester, CHECKPOINT_BYTES);
	let id = crate::NextRound::<T>::get();
	let _ = Pallet::<T>::do_request_evaluation(requester, benchmark, checkpoint, Balance::MAX);
	Rounds::<T>::mutate_extant(id, |round| {
		round.state = RoundState::Releasing;
		round.terms.shards = shards;
		round.drawn = 1;
		round.accepted = 1;
		round.tally = Tally {
			drawn: 1,
			accepted: 1,
			..Default::default()
		};
	});
	let progress = Progress::Accepted { key: [1; 32] };
	Members::<T>::insert(
		id,
		member,
		Member {
			seats: 1,
			widened: false,
			progress,
		},
	);
	id
}

/// Moves the clock past the deadline of a round, with a hash for each block on the way.
pub fn pass<T: Config>(id: RoundId) {
	let Some(round) = Rounds::<T>::get(id) else { return };
	for block in Pallet::<T>::now()..=round.deadline {
		frame_system::BlockHash::<T>::insert(
			frame_system::pallet_prelude::BlockNumberFor::<T>::from(block),
			H256::repeat_byte(7),
		);
	}
	let next = frame_system::pallet_prelude::BlockNumberFor::<T>::from(round.deadline).saturating_add(1_u32.into());
	frame_system::Pallet::<T>::set_block_number(next);
}
