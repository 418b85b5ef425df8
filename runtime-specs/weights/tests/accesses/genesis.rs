//! The development chain's genesis, natively.

use assay_runtime::Runtime;
use assay_weights::tracked::{merge, Rows};
use polkadot_sdk::*;
use sp_genesis_builder::runtime_decl_for_genesis_builder::GenesisBuilder;
use sp_state_machine::BasicExternalities;

/// Its rows.
pub fn development() -> Rows {
	let mut ext = BasicExternalities::new_empty();
	ext.execute_with(|| {
		let read = |id: Option<&str>| -> serde_json::Value {
			let bytes = Runtime::get_preset(&id.map(Into::into)).expect("the preset exists");
			serde_json::from_slice(&bytes).expect("a preset is JSON")
		};
		let mut genesis = read(None);
		merge(&mut genesis, read(Some(sp_genesis_builder::DEV_RUNTIME_PRESET)));
		Runtime::build_state(serde_json::to_vec(&genesis).unwrap()).expect("the preset builds");
	});
	ext.into_storages().top
}
