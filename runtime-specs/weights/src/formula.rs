//! Numbers that grow with the sizes of components.

use polkadot_sdk::frame_benchmarking::{Analysis, BenchmarkResult, BenchmarkSelector};
use std::{collections::BTreeMap, fmt};

/// A number that grows with components.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Formula {
	/// At no components.
	pub base: u128,
	/// For each component, by its name; none is zero.
	pub slopes: BTreeMap<String, u128>,
}

impl Formula {
	/// The fit, by FRAME's own analysis (least squares without the outer quartiles), of what was measured.
	pub fn fit(results: &Vec<BenchmarkResult>, selector: BenchmarkSelector) -> Self {
		let analysis = Analysis::min_squares_iqr(results, selector).expect("every benchmark has results");
		let slopes = analysis.names.into_iter().zip(analysis.slopes);
		Self {
			base: analysis.base,
			slopes: slopes.filter(|(_, slope)| *slope > 0).collect(),
		}
	}
}

impl fmt::Display for Formula {
	fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
		write!(f, "{}", self.base)?;
		self.slopes
			.iter()
			.try_for_each(|(name, slope)| write!(f, " + {slope} {name}"))
	}
}

/// What one function of weights adds up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Weight {
	/// Picoseconds without the database.
	pub time: Formula,
	/// Database reads.
	pub reads: Formula,
	/// Database writes.
	pub writes: Formula,
}
