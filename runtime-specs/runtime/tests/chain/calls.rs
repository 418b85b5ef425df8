//! Every call of the runtime, made from nothing, so that tests can be exhaustive.

use assay_runtime::*;
use codec::Decode;
use frame_support::traits::GetCallMetadata;
use polkadot_sdk::*;

/// One example of every call, with its name as `Pallet::call`. All arguments decode from zeros.
pub fn every_call() -> Vec<(String, RuntimeCall)> {
	let mut calls = Vec::new();
	for (pallet, call) in (0..=u8::MAX).flat_map(|pallet| (0..=u8::MAX).map(move |call| (pallet, call))) {
		let mut bytes = vec![0; 4_096];
		bytes[0] = pallet;
		bytes[1] = call;
		if let Ok(call) = RuntimeCall::decode(&mut bytes.as_slice()) {
			let metadata = call.get_call_metadata();
			calls.push((format!("{}::{}", metadata.pallet_name, metadata.function_name), call));
		}
	}
	let declared: usize = RuntimeCall::get_module_names()
		.iter()
		.map(|pallet| RuntimeCall::get_call_names(pallet).len())
		.sum();
	assert_eq!(calls.len(), declared, "every declared call is among the examples");
	calls
}

/// Names of the calls that satisfy the predicate.
pub fn names(wanted: impl Fn(&RuntimeCall) -> bool) -> Vec<String> {
	every_call()
		.into_iter()
		.filter(|(_, call)| wanted(call))
		.map(|(name, _)| name)
		.collect()
}
