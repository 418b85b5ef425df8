//! Evaluation.

use assay_primitives::Pace;

/// The pace written at genesis.
pub fn pace() -> Pace {
	Pace::Dev
}
