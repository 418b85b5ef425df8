//! Random inputs, and those that were worth keeping.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::panic)]

use assay_fuzz::run;
use proptest::{prelude::*, test_runner::FileFailurePersistence};
use std::{fs, path::Path};

fn kept(folder: &str) -> Vec<Vec<u8>> {
	let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
	let mut files: Vec<_> = fs::read_dir(&folder)
		.unwrap()
		.map(|entry| entry.unwrap().path())
		.collect();
	files.sort();
	files.retain(|file| file.extension().is_none());
	files.iter().map(|file| fs::read(file).unwrap()).collect()
}

#[test]
fn kept_inputs_should_break_nothing() {
	let (corpus, regressions) = (kept("corpus/runtime"), kept("regressions"));
	assert!(!corpus.is_empty() && !regressions.is_empty());
	let (mut calls, mut succeeded) = (0, 0);
	for input in corpus.iter().chain(&regressions) {
		let tally = run(input);
		calls += tally.calls;
		succeeded += tally.succeeded;
	}
	println!("{calls} free calls, of which {succeeded} succeeded");
	assert!(succeeded > 0);
}

proptest! {
	#![proptest_config(ProptestConfig {
		cases: 24,
		max_shrink_iters: 100,
		failure_persistence: Some(Box::new(FileFailurePersistence::Direct("regressions/random.txt"))),
		..ProptestConfig::default()
	})]

	#[test]
	fn random_sequences_should_break_nothing(bytes in prop::collection::vec(any::<u8>(), 1..900)) {
		run(&bytes);
	}
}
