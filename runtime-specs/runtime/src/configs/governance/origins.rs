//! Origins of the referenda tracks below root.

pub use pallet::*;

use crate::{OriginCaller, RuntimeOrigin};
use polkadot_sdk::{
	frame_support::traits::{EnsureOrigin, OriginTrait},
	*,
};

// The macro's own code expects.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use frame_support::pallet_prelude::*;

	/// Nothing to configure.
	#[pallet::config]
	pub trait Config: polkadot_sdk::frame_system::Config {}

	/// Declares the origins; holds nothing.
	#[pallet::pallet]
	pub struct Pallet<T>(_);

	/// In whose name a referendum's call is dispatched.
	#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
	#[pallet::origin]
	pub enum Origin {
		/// Sets the economic constants within their bounds.
		Parameters,
		/// Spends from the treasury up to a limit.
		Treasurer,
		/// Marks benchmarks verified, accredits validators and reinstates data sets.
		Benchmarks,
		/// Pauses the calls of an allowlist and cancels referenda.
		Emergency,
	}
}

macro_rules! ensure_origin {
	($name:ident, $variant:ident, $doc:literal) => {
		#[doc = $doc]
		pub struct $name;

		impl EnsureOrigin<RuntimeOrigin> for $name {
			type Success = ();

			fn try_origin(origin: RuntimeOrigin) -> Result<(), RuntimeOrigin> {
				if matches!(origin.caller(), OriginCaller::Origins(Origin::$variant)) {
					Ok(())
				} else {
					Err(origin)
				}
			}

			#[cfg(feature = "runtime-benchmarks")]
			fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
				Ok(Origin::$variant.into())
			}
		}
	};
}

ensure_origin!(EnsureParameters, Parameters, "The `parameters` track.");
ensure_origin!(EnsureTreasurer, Treasurer, "The `treasury` track.");
ensure_origin!(EnsureBenchmarks, Benchmarks, "The `benchmarks` track.");
ensure_origin!(EnsureEmergency, Emergency, "The `emergency` track.");
