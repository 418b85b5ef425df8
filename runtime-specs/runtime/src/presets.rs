//! Genesis presets.

use crate::{configs::authorities::desired_candidates, *};
use alloc::{vec, vec::Vec};
use assay_primitives::{Pace, ASY};
use frame_support::{build_struct_json_patch, traits::fungible::Inspect};
use serde_json::Value;
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// Preset of a network of people: its authorities and balances are to be added.
pub const LIVE_RUNTIME_PRESET: &str = "live";

/// What each well-known account of a test network begins with.
const ENDOWMENT: Balance = 10_000_000 * ASY;

/// An authority by its account, with the keys that belong to the same name.
fn authority(name: Sr25519Keyring, grandpa: Ed25519Keyring) -> (AccountId, AccountId, SessionKeys) {
	let keys = SessionKeys {
		aura: name.public().into(),
		grandpa: grandpa.public().into(),
	};
	(name.to_account_id(), name.to_account_id(), keys)
}

fn genesis(
	pace: Pace,
	authorities: Vec<(AccountId, AccountId, SessionKeys)>,
	endowed: Vec<(AccountId, Balance)>,
) -> Value {
	let mut balances = endowed;
	balances.push((
		Treasury::account_id(),
		<Balances as Inspect<AccountId>>::minimum_balance(),
	));
	let invulnerables = authorities.iter().map(|(who, ..)| who.clone()).collect();
	build_struct_json_patch!(RuntimeGenesisConfig {
		balances: BalancesConfig { balances },
		collator_selection: CollatorSelectionConfig {
			invulnerables,
			candidacy_bond: CANDIDACY_BOND,
			desired_candidates: desired_candidates(pace),
		},
		evaluation: EvaluationConfig { pace },
		session: SessionConfig { keys: authorities },
	})
}

fn well_known() -> Vec<(AccountId, Balance)> {
	Sr25519Keyring::iter()
		.map(|name| (name.to_account_id(), ENDOWMENT))
		.collect()
}

fn development() -> Value {
	genesis(
		Pace::Dev,
		vec![authority(Sr25519Keyring::Alice, Ed25519Keyring::Alice)],
		well_known(),
	)
}

fn local_testnet() -> Value {
	let authorities = vec![
		authority(Sr25519Keyring::Alice, Ed25519Keyring::Alice),
		authority(Sr25519Keyring::Bob, Ed25519Keyring::Bob),
		authority(Sr25519Keyring::Charlie, Ed25519Keyring::Charlie),
		authority(Sr25519Keyring::Dave, Ed25519Keyring::Dave),
	];
	genesis(Pace::Local, authorities, well_known())
}

/// The preset of this name, as a patch on the default genesis.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
	let patch = match id.as_str() {
		DEV_RUNTIME_PRESET => development(),
		LOCAL_TESTNET_RUNTIME_PRESET => local_testnet(),
		LIVE_RUNTIME_PRESET => genesis(Pace::Live, vec![], vec![]),
		_ => return None,
	};
	serde_json::to_vec(&patch).ok()
}

/// Names of the presets.
pub fn preset_names() -> Vec<PresetId> {
	vec![
		DEV_RUNTIME_PRESET.into(),
		LOCAL_TESTNET_RUNTIME_PRESET.into(),
		LIVE_RUNTIME_PRESET.into(),
	]
}
