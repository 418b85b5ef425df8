//! The chains that the node knows by name, made of the embedded runtime's genesis presets.

use polkadot_sdk::*;
use sc_service::{ChainType, GenericChainSpec, Properties};
use std::path::PathBuf;

/// A chain before its first block.
pub type ChainSpec = GenericChainSpec;

/// The chain of a name, or of a chain spec's file.
///
/// `live` is a template: `export-chain-spec` writes it, people add authorities (their keys, and their accounts as
/// invulnerables) and balances, and a node refuses it as it stands, because nobody could make a block.
pub fn load(id: &str, runtime: &[u8]) -> Result<Box<dyn sc_service::ChainSpec>, String> {
	Ok(Box::new(match id {
		"" | "dev" => named(
			runtime,
			"Assay Development",
			"assay_dev",
			ChainType::Development,
			"development",
		),
		"local" => named(runtime, "Assay Local", "assay_local", ChainType::Local, "local_testnet"),
		"live" => named(runtime, "Assay", "assay", ChainType::Live, "live"),
		path => ChainSpec::from_json_file(PathBuf::from(path))?,
	}))
}

fn named(runtime: &[u8], name: &str, id: &str, kind: ChainType, preset: &str) -> ChainSpec {
	let mut properties = Properties::new();
	properties.insert("ss58Format".into(), 42.into());
	properties.insert("tokenDecimals".into(), 12.into());
	properties.insert("tokenSymbol".into(), "ASY".into());
	ChainSpec::builder(runtime, None)
		.with_name(name)
		.with_id(id)
		.with_chain_type(kind)
		.with_genesis_config_preset_name(preset)
		.with_properties(properties)
		.build()
}
