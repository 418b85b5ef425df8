//! Weights of the calls.
//!
//! [`ConservativeWeight`] is a table written by hand, not measured: it serves the tests, and the runtime until its
//! generated weights take its place.

use core::marker::PhantomData;
use polkadot_sdk::{
	frame_support::{pallet_prelude::Weight, traits::Get},
	frame_system,
};

/// Weights of the calls.
pub trait WeightInfo {
	/// Weight of `report_aura` with headers of the greatest size, a proof of the running session with the most
	/// authorities, and what the offence entails.
	fn report_aura() -> Weight;
	/// Weight of `withdraw_unbonded` with the most parts.
	fn withdraw_unbonded() -> Weight;
}

/// The conservative table, in units of the runtime's database.
pub struct ConservativeWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for ConservativeWeight<T> {
	fn report_aura() -> Weight {
		Weight::from_parts(5_000_000_000, 262_144).saturating_add(T::DbWeight::get().reads_writes(130, 20))
	}

	fn withdraw_unbonded() -> Weight {
		Weight::from_parts(200_000_000, 65_536).saturating_add(T::DbWeight::get().reads_writes(4, 4))
	}
}
