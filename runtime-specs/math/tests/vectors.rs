//! Golden vectors written by the Python implementation: both sides agree byte for byte.
#![allow(
	clippy::unwrap_used,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::arithmetic_side_effects,
	clippy::panic,
	clippy::float_arithmetic
)]

use assay_math::{commitment, merkle};
use serde_json::Value;

fn section(name: &str) -> Vec<Value> {
	let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/vectors/crypto.json");
	let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
	let vectors: Value = serde_json::from_str(&text).unwrap();
	let cases = vectors[name]
		.as_array()
		.unwrap_or_else(|| panic!("no section {name}"))
		.clone();
	assert!(!cases.is_empty(), "section {name} is empty");
	cases
}

fn bytes(value: &Value) -> Vec<u8> {
	let hex = value.as_str().unwrap();
	assert!(hex.len().is_multiple_of(2), "{hex}");
	(0..hex.len())
		.step_by(2)
		.map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
		.collect()
}

fn hash(value: &Value) -> [u8; 32] {
	bytes(value).try_into().unwrap()
}

fn number(value: &Value) -> u32 {
	value.as_u64().unwrap().try_into().unwrap()
}

#[test]
fn merkle_should_equal_python_when_given_its_vectors() {
	for case in section("merkle") {
		let leaves: Vec<Vec<u8>> = case["leaves"].as_array().unwrap().iter().map(bytes).collect();
		let root = merkle::root(&leaves);
		assert_eq!(root, hash(&case["root"]), "{case}");
		let proofs = case["proofs"].as_array().unwrap();
		assert_eq!(proofs.len(), leaves.len());
		for (index, (expected, leaf)) in proofs.iter().zip(&leaves).enumerate() {
			let expected: Vec<[u8; 32]> = expected.as_array().unwrap().iter().map(hash).collect();
			assert_eq!(merkle::proof(&leaves, index), Some(expected.clone()));
			assert!(merkle::verify(
				&root,
				leaf,
				index as u64,
				leaves.len() as u64,
				&expected
			));
		}
	}
}

#[test]
fn shard_key_should_equal_python_when_given_its_vectors() {
	for case in section("shard_key") {
		assert_eq!(commitment::shard_key(&hash(&case["key"])), hash(&case["commitment"]));
	}
}

#[test]
fn claim_should_equal_python_when_given_its_vectors() {
	for case in section("claim") {
		let claim = commitment::claim(
			&hash(&case["checkpoint"]),
			&hash(&case["account"]),
			&hash(&case["salt"]),
		);
		assert_eq!(claim, hash(&case["hash"]));
	}
}

#[test]
fn label_should_equal_python_when_given_its_vectors() {
	for case in section("label") {
		let label = number(&case["label"]).try_into().unwrap();
		assert_eq!(
			commitment::label(&hash(&case["salt"]), number(&case["index"]), label),
			hash(&case["leaf"])
		);
	}
}

#[test]
fn scores_should_equal_python_when_given_its_vectors() {
	for case in section("scores") {
		let scores: Vec<u32> = case["scores"].as_array().unwrap().iter().map(number).collect();
		let committed = commitment::scores(
			&hash(&case["genesis"]),
			number(&case["round"]),
			&hash(&case["checkpoint"]),
			number(&case["dataset"]),
			number(&case["version"]),
			&hash(&case["env_digest"]),
			&scores,
			number(&case["lower"]),
			number(&case["upper"]),
			&hash(&case["prediction_root"]),
			&hash(&case["salt"]),
			&hash(&case["account"]),
		);
		assert_eq!(committed, hash(&case["hash"]));
	}
}
