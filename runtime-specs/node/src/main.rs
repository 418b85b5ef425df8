//! `assay-node`: see the library.

use polkadot_sdk::sc_cli;

/// The runtime of the chain specs `dev`, `local` and `live`. Any other chain brings its own.
const RUNTIME: &[u8] = include_bytes!("../../artifacts/runtime.compact.compressed.wasm");

#[allow(clippy::result_large_err)] // the SDK's own
fn main() -> sc_cli::Result<()> {
	assay_node::run(RUNTIME)
}
