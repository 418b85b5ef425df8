//! The runtime's Wasm under the node's executor.

use assay_weights::tracked::{extensions, merge, Tracked};
use codec::{Decode, Encode};
use polkadot_sdk::*;
use sc_executor::WasmExecutor;
use sp_core::traits::{CallContext, ReadRuntimeVersionExt, RuntimeCode, WrappedRuntimeCode};
use sp_runtime::traits::BlakeTwo256;
use sp_state_machine::{OverlayedChanges, StateMachine};
use std::rc::Rc;

type HostFunctions = (
	sp_io::SubstrateHostFunctions,
	frame_benchmarking::benchmarking::HostFunctions,
);

/// The Wasm and the development chain's genesis state.
pub struct Wasm {
	executor: WasmExecutor<HostFunctions>,
	code: Vec<u8>,
	state: Tracked,
}

impl Wasm {
	/// Builds the state of that Wasm.
	pub fn new(code: Vec<u8>) -> Self {
		let executor = WasmExecutor::builder().build();
		let empty = Self {
			executor,
			code,
			state: Tracked::default(),
		};
		let mut genesis: serde_json::Value = empty.preset(None);
		merge(&mut genesis, empty.preset(Some(sp_genesis_builder::DEV_RUNTIME_PRESET)));
		let config = serde_json::to_vec(&genesis).expect("JSON encodes").encode();
		let mut overlay = OverlayedChanges::default();
		let answer = empty
			.execute("GenesisBuilder_build_state", &config, &mut overlay)
			.expect("the preset builds");
		Result::<(), String>::decode(&mut &answer[..])
			.expect("an answer")
			.expect("the preset builds");
		let changes = overlay
			.drain_storage_changes(&empty.state, Default::default())
			.expect("nothing is open");
		let rows = changes.main_storage_changes.into_iter();
		let rows = rows.filter_map(|(key, value)| Some((key, value?))).collect();
		Self {
			state: Tracked::new(Rc::new(rows)),
			..empty
		}
	}

	fn preset(&self, id: Option<&str>) -> serde_json::Value {
		let answer: Option<Vec<u8>> = self
			.call("GenesisBuilder_get_preset", &id.encode())
			.expect("presets are told");
		serde_json::from_slice(&answer.expect("the preset exists")).expect("a preset is JSON")
	}

	/// Every pallet's benchmarks.
	pub fn benchmarks(&self) -> Vec<frame_benchmarking::BenchmarkList> {
		type Answer = (
			Vec<frame_benchmarking::BenchmarkList>,
			Vec<frame_support::traits::StorageInfo>,
		);
		let told: Result<Answer, _> = self.call("Benchmark_benchmark_metadata", &false.encode());
		told.expect("the Wasm is built with `runtime-benchmarks`").0
	}

	/// Calls the runtime; what it changes is lost, unless it commits it itself.
	pub fn call<R: Decode>(&self, method: &str, given: &[u8]) -> Result<R, String> {
		let answer = self.execute(method, given, &mut OverlayedChanges::default())?;
		R::decode(&mut &answer[..]).map_err(|error| format!("{method} answers something else: {error}"))
	}

	fn execute(
		&self,
		method: &str,
		given: &[u8],
		overlay: &mut OverlayedChanges<BlakeTwo256>,
	) -> Result<Vec<u8>, String> {
		let code = WrappedRuntimeCode(self.code.as_slice().into());
		let code = RuntimeCode {
			code_fetcher: &code,
			heap_pages: None,
			hash: vec![0],
		};
		let mut extensions = extensions();
		extensions.register(ReadRuntimeVersionExt::new(self.executor.clone()));
		let (state, executor, offchain) = (&self.state, &self.executor, CallContext::Offchain);
		let mut machine = StateMachine::new(
			state,
			overlay,
			executor,
			method,
			given,
			&mut extensions,
			&code,
			offchain,
		);
		let answer = machine.execute();
		answer.map_err(|error| error.to_string())
	}
}
