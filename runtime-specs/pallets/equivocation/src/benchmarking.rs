//! Benchmarks of every call, at the greatest sizes.
#![allow(
	missing_docs,
	clippy::unwrap_used,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::arithmetic_side_effects,
	clippy::panic,
	clippy::float_arithmetic,
	clippy::disallowed_methods
)]

use crate::*;
use assay_primitives::{Balance, ASY};
use codec::Encode;
use frame_support::traits::{Currency, Get, ReservableCurrency};
use frame_system::{pallet_prelude::HeaderFor, RawOrigin};
use polkadot_sdk::{
	frame_benchmarking::v2::*,
	sp_consensus_aura::AURA_ENGINE_ID,
	sp_runtime::{traits::Header as _, Digest, DigestItem, Perbill},
	sp_staking::SessionIndex,
};
use scale_info::prelude::{boxed::Box, vec, vec::Vec};

const BOND: Balance = 10_000 * ASY;

/// Makes a session of authorities and an offender among them.
pub trait BenchmarkHelper<AuthorityId, Proof> {
	/// A running session with so many authorities, one of whose keys can sign, with the proof that it is one of theirs.
	fn offender(authorities: u32) -> (AuthorityId, Proof);
	/// Makes this the running session.
	fn set_session(index: SessionIndex);
	/// The key's signature.
	fn seal(key: &AuthorityId, message: &[u8]) -> Vec<u8>;
}

/// A header of the greatest size in the open block's slot.
fn header<T: Config>(key: &T::AuthorityId, extra: u8) -> Box<HeaderFor<T>> {
	let slot = DigestItem::PreRuntime(AURA_ENGINE_ID, T::CurrentSlot::get().encode());
	let filler = DigestItem::Other(vec![extra; MAX_HEADER_BYTES - 512]);
	let digest = Digest {
		logs: vec![slot, filler],
	};
	let zero = Default::default();
	let mut header = HeaderFor::<T>::new(1_u32.into(), zero, zero, zero, digest);
	let seal = T::BenchmarkHelper::seal(key, header.hash().as_ref());
	header.digest_mut().push(DigestItem::Seal(AURA_ENGINE_ID, seal));
	Box::new(header)
}

/// Others who equivocated in the session, as many as do not lose everything yet: one more, and all of them do.
fn earlier<T: Config>(session: SessionIndex) -> u32 {
	let others = T::MaxAuthorities::get() / 3;
	for index in 0..others {
		let who: T::AccountId = account("earlier", index, 0);
		T::Currency::make_free_balance_be(&who, BOND * 2);
		Bonded::<T>::reserve(&who, BOND).unwrap();
		Pallet::<T>::unbond(&who, BOND);
		let fraction = slash_fraction(others, T::MaxAuthorities::get());
		Slashes::<T>::insert(session, who, Slash { fraction, base: BOND });
	}
	others
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn report_aura() {
		let reporter: T::AccountId = whitelisted_caller();
		let (key, proof) = T::BenchmarkHelper::offender(T::MaxAuthorities::get());
		let session = T::Authorities::session();
		FirstSlots::<T>::insert(session, T::CurrentSlot::get());
		let (first, second) = (header::<T>(&key, 1), header::<T>(&key, 2));
		let others = earlier::<T>(session);

		#[extrinsic_call]
		_(RawOrigin::Signed(reporter), key, first, second, proof);

		let slashes = Slashes::<T>::iter_prefix_values(session);
		assert!(slashes
			.map(|slash| slash.fraction)
			.all(|fraction| fraction == Perbill::one()));
		assert_eq!(Slashes::<T>::iter_prefix(session).count() as u32, others + 1);
	}

	#[benchmark]
	fn withdraw_unbonded() {
		let who: T::AccountId = whitelisted_caller();
		T::Currency::make_free_balance_be(&who, BOND * 2);
		Bonded::<T>::reserve(&who, BOND).unwrap();
		let part = BOND / Balance::from(MAX_CHUNKS);
		let old = (0..MAX_CHUNKS)
			.map(|until| Chunk { amount: part, until })
			.collect::<Vec<_>>();
		Unbonding::<T>::insert(&who, frame_support::BoundedVec::truncate_from(old));
		T::BenchmarkHelper::set_session(MAX_CHUNKS);

		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()));

		assert!(!Unbonding::<T>::contains_key(&who));
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::ext(), crate::mock::Test);
}
