//! Measures the benchmarks in the runtime's Wasm and writes the files of weights.
#![allow(
	clippy::expect_used,
	clippy::indexing_slicing,
	reason = "a tool: what is out of order ends it"
)]

mod wasm;

use assay_weights::{
	file_of,
	formula::{Formula, Weight},
	plan::points,
	render::{baseline, file, Measured, Provenance},
};
use clap::Parser;
use codec::Encode;
use polkadot_sdk::frame_benchmarking::{
	BenchmarkBatch, BenchmarkList, BenchmarkMetadata, BenchmarkResult, BenchmarkSelector,
};
use std::{fs, path::PathBuf, process::ExitCode, time::Instant};
use wasm::Wasm;

/// Measures the benchmarks in the runtime's Wasm and writes the files of weights.
#[derive(Parser)]
struct Arguments {
	/// The runtime's Wasm, built with its benchmarks.
	wasm: PathBuf,
	/// Repeats at each point.
	#[arg(long, default_value_t = 10)]
	repeats: u32,
	/// Only this pallet; may be given more than once.
	#[arg(long)]
	pallet: Vec<String>,
	/// Day, for the head of the files.
	#[arg(long)]
	date: String,
}

fn text(bytes: &[u8]) -> String {
	String::from_utf8_lossy(bytes).into_owned()
}

fn processor() -> String {
	let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
	let name = info
		.lines()
		.find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
	name.unwrap_or("an unknown processor").into()
}

/// Runs a benchmark at every point: once to verify it, once to count its accesses, then for time.
fn measure(wasm: &Wasm, list: &BenchmarkList, benchmark: &BenchmarkMetadata, repeats: u32) -> Result<Weight, String> {
	let (mut counted, mut timed) = (Vec::<BenchmarkResult>::new(), Vec::new());
	for point in points(&benchmark.components) {
		let run = |verify: bool, repeats: u32| -> Result<Vec<BenchmarkResult>, String> {
			let (pallet, instance, name) = (&list.pallet, &list.instance, &benchmark.name);
			let given = (pallet, instance, name, &point, verify, repeats).encode();
			let batches: Result<Vec<BenchmarkBatch>, String> = wasm.call("Benchmark_dispatch_benchmark", &given)?;
			Ok(batches?.into_iter().flat_map(|batch| batch.results).collect())
		};
		run(true, 1)?;
		counted.extend(run(false, 1)?);
		timed.extend(run(false, repeats)?);
	}
	Ok(Weight {
		time: Formula::fit(&timed, BenchmarkSelector::ExtrinsicTime),
		reads: Formula::fit(&counted, BenchmarkSelector::Reads),
		writes: Formula::fit(&counted, BenchmarkSelector::Writes),
	})
}

fn measure_pallet(wasm: &Wasm, list: &BenchmarkList, repeats: u32) -> Result<Vec<Measured>, String> {
	let mut all = Vec::new();
	for benchmark in &list.benchmarks {
		let name = text(&benchmark.name);
		let weight = measure(wasm, list, benchmark, repeats)
			.map_err(|error| format!("{}::{name}: {error}", text(&list.pallet)))?;
		let component = |(name, low, high): &(_, u32, u32)| (format!("{name:?}"), *low, *high);
		all.push(Measured {
			name,
			components: benchmark.components.iter().map(component).collect(),
			weight,
		});
	}
	Ok(all)
}

fn main() -> ExitCode {
	let arguments = Arguments::parse();
	let wasm = match fs::read(&arguments.wasm) {
		Ok(code) => Wasm::new(code),
		Err(error) => {
			eprintln!("{}: {error}", arguments.wasm.display());
			return ExitCode::FAILURE;
		}
	};
	let from = Provenance {
		date: arguments.date,
		machine: processor(),
		repeats: arguments.repeats,
	};
	let mut failed = false;
	for list in wasm.benchmarks() {
		let pallet = text(&list.pallet);
		if !arguments.pallet.is_empty() && !arguments.pallet.contains(&pallet) {
			continue;
		}
		let begun = Instant::now();
		match measure_pallet(&wasm, &list, arguments.repeats) {
			Ok(measured) => {
				let path = file_of(&pallet);
				let verification = measured.iter().find(|measured| measured.name == "sr25519_verification");
				let text = match verification {
					Some(verification) => baseline(&verification.weight, &from),
					None => file(&pallet, &measured, &from),
				};
				fs::write(&path, text).expect("the file can be written");
				println!("{pallet}: {} in {:.0?}", measured.len(), begun.elapsed());
			}
			Err(error) => {
				println!("{error}");
				failed = true;
			}
		}
	}
	if failed {
		ExitCode::FAILURE
	} else {
		ExitCode::SUCCESS
	}
}
