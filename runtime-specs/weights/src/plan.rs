//! At which sizes a benchmark is run.

use polkadot_sdk::frame_benchmarking::BenchmarkParameter;

/// Steps over the range of a component.
pub const STEPS: u32 = 5;

/// Sizes of a benchmark's components.
pub type Point = Vec<(BenchmarkParameter, u32)>;

/// Every point of a benchmark: each component in turn over its range, the others at their greatest.
pub fn points(components: &[(BenchmarkParameter, u32, u32)]) -> Vec<Point> {
	if components.is_empty() {
		return vec![vec![]];
	}
	let mut points = Vec::new();
	for (varied, low, high) in components {
		let span = u64::from(high - low);
		for step in 0..STEPS {
			let value = low + (span * u64::from(step) / u64::from(STEPS - 1)) as u32;
			let size =
				|(name, _, high): &(BenchmarkParameter, u32, u32)| (*name, if name == varied { value } else { *high });
			points.push(components.iter().map(size).collect());
		}
	}
	points.dedup();
	points
}
