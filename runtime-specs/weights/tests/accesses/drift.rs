//! The committed weights count what the benchmarks read and write. Each benchmark is run again at every point at which
//! `make weights` ran it, on a state that counts as `frame-benchmarking-cli` does, and through the same analysis.
//! Times are a machine's: they are printed, as shares of the verification of one sr25519 signature, and not compared.

use crate::genesis::development;
use assay_runtime::*;
use assay_weights::{
	baseline::SR25519_VERIFICATION,
	committed,
	formula::Formula,
	plan::points,
	tracked::{within, Rows, Tracked},
	BASELINE,
};
use frame_benchmarking::{
	runtime_decl_for_benchmark::BenchmarkV2, BenchmarkConfig, BenchmarkList, BenchmarkMetadata, BenchmarkResult,
	BenchmarkSelector,
};
use polkadot_sdk::*;
use std::{collections::BTreeSet, rc::Rc};

fn listed() -> Vec<BenchmarkList> {
	let (list, _) = within(&Tracked::default(), || Runtime::benchmark_metadata(false));
	list.into_iter()
		.filter(|list| list.pallet != BASELINE.as_bytes())
		.collect()
}

fn run(
	genesis: &Rc<Rows>,
	list: &BenchmarkList,
	benchmark: &BenchmarkMetadata,
) -> Result<Vec<BenchmarkResult>, String> {
	let mut results = Vec::new();
	for selected_components in points(&benchmark.components) {
		let config = BenchmarkConfig {
			pallet: list.pallet.clone(),
			instance: list.instance.clone(),
			benchmark: benchmark.name.clone(),
			selected_components,
			verify: false,
			internal_repeats: 1,
		};
		let state = Tracked::new(genesis.clone());
		for batch in within(&state, || Runtime::dispatch_benchmark(config))? {
			results.extend(batch.results);
		}
	}
	Ok(results)
}

/// FRAME's benchmarks that a native debug build cannot run as the Wasm does: they set up states that FRAME's own debug
/// assertions refuse, mock migrations otherwise, or ask a node for the version of a Wasm. `make weights` alone counts
/// what they read and write.
const UNCOUNTED: &[&str] = &[
	"frame_system::set_code",
	"frame_system::apply_authorized_upgrade",
	"pallet_conviction_voting::vote_new",
	"pallet_conviction_voting::vote_existing",
	"pallet_conviction_voting::remove_vote",
	"pallet_conviction_voting::remove_other_vote",
	"pallet_conviction_voting::delegate",
	"pallet_conviction_voting::undelegate",
	"pallet_conviction_voting::unlock",
	"pallet_migrations::exec_migration_advance",
	"pallet_migrations::exec_migration_complete",
	"pallet_migrations::exec_migration_fail",
	"pallet_referenda::place_decision_deposit_queued",
	"pallet_referenda::place_decision_deposit_not_queued",
	"pallet_referenda::one_fewer_deciding_failing",
	"pallet_referenda::one_fewer_deciding_passing",
	"pallet_referenda::nudge_referendum_requeued_insertion",
	"pallet_referenda::nudge_referendum_requeued_slide",
	"pallet_referenda::nudge_referendum_queued",
	"pallet_referenda::nudge_referendum_not_queued",
];

/// A pallet of FRAME whose benchmarks make thousands of session keys, which takes a debug build many minutes.
const SLOW: &str = "pallet_collator_selection";

/// What is wrong with the committed weights of a pallet.
fn drift(pallet: &str) -> Vec<String> {
	let genesis = Rc::new(development());
	let lists = listed();
	let list = lists
		.iter()
		.find(|list| list.pallet == pallet.as_bytes())
		.expect("the pallet has benchmarks");
	let committed = committed::read(pallet);
	let mut wrong = Vec::new();
	let mut seen = BTreeSet::new();
	for benchmark in &list.benchmarks {
		let name = String::from_utf8(benchmark.name.clone()).unwrap();
		seen.insert(name.clone());
		let Some(weight) = committed.get(&name) else {
			wrong.push(format!("{pallet}::{name} has no committed weight"));
			continue;
		};
		if UNCOUNTED.contains(&format!("{pallet}::{name}").as_str()) {
			continue;
		}
		match run(&genesis, list, benchmark) {
			Ok(results) => {
				for (what, selector, committed) in [
					("reads", BenchmarkSelector::Reads, &weight.reads),
					("writes", BenchmarkSelector::Writes, &weight.writes),
				] {
					let counted = Formula::fit(&results, selector);
					if counted != *committed {
						wrong.push(format!(
							"{pallet}::{name} {what} {counted}, and its weight says {committed}"
						));
					}
				}
			}
			Err(error) => wrong.push(format!("{pallet}::{name} does not run: {error}")),
		}
	}
	let unknown = committed.keys().filter(|name| !seen.contains(*name));
	wrong.extend(unknown.map(|name| format!("{pallet}::{name} has a weight and no benchmark")));
	wrong
}

macro_rules! gates {
	($($pallet:ident),* $(,)?) => {
		/// Pallets with a gate.
		const GATED: &[&str] = &[$(stringify!($pallet)),*];
		$(
			#[test]
			fn $pallet() {
				let drift = drift(stringify!($pallet));
				assert!(drift.is_empty(), "run `make weights`:\n{}", drift.join("\n"));
			}
		)*
	};
}

mod committed_weight_should_count_accesses_exactly_of {
	use super::*;

	gates!(
		frame_system,
		frame_system_extensions,
		pallet_balances,
		pallet_conviction_voting,
		pallet_datasets,
		pallet_equivocation,
		pallet_evaluation,
		pallet_migrations,
		pallet_models,
		pallet_multisig,
		pallet_parameters,
		pallet_preimage,
		pallet_proxy,
		pallet_referenda,
		pallet_scheduler,
		pallet_session,
		pallet_timestamp,
		pallet_transaction_payment,
		pallet_treasury,
		pallet_tx_pause,
		pallet_utility,
		pallet_vesting,
	);

	#[test]
	fn every_pallet_with_benchmarks() {
		let pallets: Vec<_> = listed()
			.into_iter()
			.map(|list| String::from_utf8(list.pallet).unwrap())
			.collect();
		let gated: Vec<_> = pallets.into_iter().filter(|pallet| pallet != SLOW).collect();
		assert_eq!(gated, GATED);
	}
}

#[test]
fn times_should_be_printed_against_a_signature() {
	let signature = SR25519_VERIFICATION;
	println!(
		"A verification takes {} ns in the Wasm. Times as multiples of it, at no components:",
		signature / 1_000
	);
	for list in listed() {
		let pallet = String::from_utf8(list.pallet).unwrap();
		for (name, weight) in committed::read(&pallet) {
			let share = weight.time.base as f64 / signature as f64;
			println!("{share:9.2}  {pallet}::{name}");
		}
	}
}
