//! Weights of `pallet_proxy`, written by `make weights`: a change by hand is lost, and refused by its test.
//!
//! Measured in the runtime's Wasm on 2026-11-21, AMD EPYC, 5 steps, 5 repeats.
//! Times are picoseconds without the database, whose accesses are counted. No proof sizes: a chain of its own
//! carries no proofs.
#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(unused_imports)]

use core::marker::PhantomData;
use polkadot_sdk::{
	frame_support::{traits::Get, weights::Weight},
	*,
};

/// As measured, in units of the runtime's database.
pub struct Measured<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_proxy::WeightInfo for Measured<T> {
	// `p` is in `[1, 31]`.
	fn proxy(p: u32) -> Weight {
		Weight::from_parts(13_115_192, 0)
			.saturating_add(Weight::from_parts(66_013, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
	}
	// `a` is in `[0, 31]`.
	// `p` is in `[1, 31]`.
	fn proxy_announced(a: u32, p: u32) -> Weight {
		Weight::from_parts(37_191_963, 0)
			.saturating_add(Weight::from_parts(357_036, 0).saturating_mul(a.into()))
			.saturating_add(Weight::from_parts(79_049, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	// `a` is in `[0, 31]`.
	// `p` is in `[1, 31]`.
	fn remove_announcement(a: u32, p: u32) -> Weight {
		Weight::from_parts(26_644_742, 0)
			.saturating_add(Weight::from_parts(336_554, 0).saturating_mul(a.into()))
			.saturating_add(Weight::from_parts(14_442, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	// `a` is in `[0, 31]`.
	// `p` is in `[1, 31]`.
	fn reject_announcement(a: u32, _p: u32) -> Weight {
		Weight::from_parts(26_122_702, 0)
			.saturating_add(Weight::from_parts(356_985, 0).saturating_mul(a.into()))
			.saturating_add(T::DbWeight::get().reads(2_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	// `a` is in `[0, 31]`.
	// `p` is in `[1, 31]`.
	fn announce(a: u32, p: u32) -> Weight {
		Weight::from_parts(34_769_713, 0)
			.saturating_add(Weight::from_parts(292_834, 0).saturating_mul(a.into()))
			.saturating_add(Weight::from_parts(40_875, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(2_u64))
	}
	// `p` is in `[1, 31]`.
	fn add_proxy(p: u32) -> Weight {
		Weight::from_parts(28_411_598, 0)
			.saturating_add(Weight::from_parts(99_852, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	// `p` is in `[1, 31]`.
	fn remove_proxy(p: u32) -> Weight {
		Weight::from_parts(28_020_934, 0)
			.saturating_add(Weight::from_parts(127_058, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	// `p` is in `[1, 31]`.
	fn remove_proxies(p: u32) -> Weight {
		Weight::from_parts(25_806_442, 0)
			.saturating_add(Weight::from_parts(2_666_014, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	// `p` is in `[1, 31]`.
	fn create_pure(p: u32) -> Weight {
		Weight::from_parts(33_125_531, 0)
			.saturating_add(Weight::from_parts(48_700, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	// `p` is in `[0, 30]`.
	fn kill_pure(p: u32) -> Weight {
		Weight::from_parts(30_196_556, 0)
			.saturating_add(Weight::from_parts(60_746, 0).saturating_mul(p.into()))
			.saturating_add(T::DbWeight::get().reads(1_u64))
			.saturating_add(T::DbWeight::get().writes(1_u64))
	}
	fn poke_deposit() -> Weight {
		Weight::from_parts(52_859_000, 0)
			.saturating_add(T::DbWeight::get().reads(3_u64))
			.saturating_add(T::DbWeight::get().writes(3_u64))
	}
}
