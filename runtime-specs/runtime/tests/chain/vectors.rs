//! What both sides of the chain must read alike: encoded values, and the indices of calls, in files that Python's
//! tests read too. `ASSAY_WRITE_VECTORS=1` writes them.

use crate::{actors::*, calls::every_call};
use assay_primitives::*;
use assay_runtime::*;
use codec::Encode;
use polkadot_sdk::*;
use serde_json::{json, Map, Value};
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie};
use std::{fs, path::PathBuf};

fn file(name: &str) -> PathBuf {
	PathBuf::from(env!("CARGO_MANIFEST_DIR"))
		.join("../../tests/fixtures/vectors")
		.join(name)
}

/// Compares with the file, or writes it where asked to.
pub fn hold(name: &str, value: &Value) {
	let text = format!("{value:#}\n");
	if std::env::var_os("ASSAY_WRITE_VECTORS").is_some() {
		fs::write(file(name), &text).unwrap();
	}
	let kept = fs::read_to_string(file(name)).expect("the vectors are there");
	assert!(
		kept == text,
		"{name} differs: run with ASSAY_WRITE_VECTORS=1 where the change is meant"
	);
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
	bytes
		.as_ref()
		.iter()
		.fold("0x".into(), |text, byte| format!("{text}{byte:02x}"))
}

fn ss58(who: Sr25519Keyring) -> String {
	sp_core::crypto::Ss58Codec::to_ss58check_with_version(&who.to_account_id(), SS58_PREFIX.into())
}

/// A value of a runtime API's type: its name there, its bytes, and what Python must make of them.
fn api(name: &str, value: impl Encode, decoded: Value) -> Value {
	json!({ "type": format!("EvaluationApi::{name}"), "scale": hex(value.encode()), "value": decoded })
}

fn why(state: RoundState, waits_for: WaitsFor<AccountId>) -> Why<AccountId> {
	Why {
		state,
		waits_for,
		until: 1_234,
		widened: true,
		draw_is_biasable_by_authors: true,
	}
}

fn decoded_why(state: Value, waits_for: Value) -> Value {
	json!({ "state": state, "waits_for": waits_for, "until": 1_234, "widened": true, "draw_is_biasable_by_authors": true })
}

fn whys() -> Vec<Value> {
	let members = vec![Alice.to_account_id(), Bob.to_account_id()];
	let names = json!([ss58(Alice), ss58(Bob)]);
	let steward = WaitsFor::Steward {
		steward: Charlie.to_account_id(),
		members: members.clone(),
	};
	let declined = FailReason::Declined(DeclineReason::HashMismatch);
	[
		(
			RoundState::Requested,
			json!("Requested"),
			WaitsFor::Blocks,
			json!("Blocks"),
		),
		(
			RoundState::Accepting,
			json!("Accepting"),
			WaitsFor::Members(members),
			json!({ "Members": names }),
		),
		(
			RoundState::Releasing,
			json!("Releasing"),
			steward,
			json!({ "Steward": { "steward": ss58(Charlie), "members": names } }),
		),
		(
			RoundState::Committing,
			json!("Committing"),
			WaitsFor::Anyone,
			json!("Anyone"),
		),
		(
			RoundState::Failed(declined),
			json!({ "Failed": { "Declined": "HashMismatch" } }),
			WaitsFor::Nobody,
			json!("Nobody"),
		),
		(
			RoundState::Failed(FailReason::KeysWithheld),
			json!({ "Failed": "KeysWithheld" }),
			WaitsFor::Nobody,
			json!("Nobody"),
		),
		(RoundState::Settled, json!("Settled"), WaitsFor::Nobody, json!("Nobody")),
	]
	.into_iter()
	.map(|(state, state_json, waits_for, waits_json)| {
		api("Why", why(state, waits_for), decoded_why(state_json, waits_json))
	})
	.collect()
}

fn leaderboard_entry() -> Value {
	let entry = LeaderboardEntry {
		checkpoint: checkpoint(7),
		model: 3,
		owner: Alice.to_account_id(),
		round: 9,
		scores: vec![905_000, 850_000].try_into().unwrap(),
		lower_ppm: 880_000,
		upper_ppm: 930_000,
		samples: 624,
		seats_agreed: 5,
		seats_accepted: 6,
		settled_at: 77,
	};
	let decoded = json!({
		"checkpoint": hex(checkpoint(7)), "model": 3, "owner": ss58(Alice), "round": 9, "scores": [905_000, 850_000],
		"lower_ppm": 880_000, "upper_ppm": 930_000, "samples": 624, "seats_agreed": 5, "seats_accepted": 6, "settled_at": 77,
	});
	api("LeaderboardEntry", entry, decoded)
}

fn fee_quote() -> Value {
	let quote = FeeQuote {
		compute: 11 * ASY,
		treasury_cut: ASY,
		steward: 3 * ASY,
		total: 14 * ASY,
		per_seat: 3 * ASY,
		subsidy: 0,
	};
	let decoded = json!({
		"compute": 11_000_000_000_000_u64, "treasury_cut": 1_000_000_000_000_u64, "steward": 3_000_000_000_000_u64,
		"total": 14_000_000_000_000_u64, "per_seat": 3_000_000_000_000_u64, "subsidy": 0,
	});
	api("FeeQuote", quote, decoded)
}

/// Calls, whole, as they stand in an extrinsic.
fn calls() -> Map<String, Value> {
	let who = Alice.to_account_id();
	let named: [(&str, RuntimeCall); 10] = [
		("Datasets::register", register_dataset()),
		("Datasets::publish_version", publish(0)),
		("Datasets::release_key", release(2, who.clone())),
		("Models::register", register_model(&who, &Bob.to_account_id())),
		("Models::claim", claim(&who, 1)),
		("Models::open", open(0, 1)),
		("Evaluation::create_benchmark", create_benchmark(0)),
		("Evaluation::register_validator", register_validator(100 * ASY)),
		("Evaluation::request_evaluation", request(1)),
		("Evaluation::reveal", reveal(2, 905_000)),
	];
	named
		.into_iter()
		.map(|(name, call)| (name.into(), hex(call.encode()).into()))
		.collect()
}

#[test]
fn values_should_encode_as_python_reads_them() {
	let apis: Vec<Value> = whys().into_iter().chain([leaderboard_entry(), fee_quote()]).collect();
	hold("scale.json", &json!({ "apis": apis, "calls": calls() }));
}

#[test]
fn calls_should_keep_their_indices() {
	let indices: Map<String, Value> = every_call()
		.into_iter()
		.map(|(name, call)| (name, json!(call.encode()[..2])))
		.collect();
	hold("calls.json", &Value::Object(indices));
}
