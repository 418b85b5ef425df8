//! The pallets whose weights can be measured in this runtime.

use polkadot_sdk::*;

frame_benchmarking::define_benchmarks!(
	[frame_system, frame_system_benchmarking::Pallet::<Runtime>]
	[pallet_balances, Balances]
	[pallet_timestamp, Timestamp]
);
