//! Benchmarks of every call in its dearest case.

mod scene;

pub(crate) use scene::releasing_round;

use crate::{
	migrations::IndexOpenRounds, Call, Claimables, Config, DrawsAt, OpenRounds, Pallet, Progress, Rounds, Unlocking,
	Validators, MAX_DRAWS, MAX_UNLOCKING,
};
use assay_primitives::{AccountId, Admission, Balance, Checkpoints, Datasets, DeclineReason, RoundState};
use polkadot_sdk::{
	frame_benchmarking::v2::*,
	frame_support::traits::{fungible::Mutate, EnsureOrigin, Get, Hooks},
	frame_system::RawOrigin,
};
use scene::*;

#[benchmarks]
mod calls {
	use super::*;

	#[benchmark]
	fn on_initialize(d: Linear<0, { MAX_DRAWS }>, v: Linear<21, { T::MaxValidators::get() }>) {
		let ids: scale_info::prelude::vec::Vec<_> = (0..d).map(|_| requested_round::<T>()).collect();
		(0..v).for_each(|index| {
			validator::<T>(index);
		});
		for id in &ids {
			// Nobody is accredited; whether one is gets read all the same.
			Rounds::<T>::mutate_extant(id, |round| round.terms.admission = Admission::Bonded);
			pass::<T>(*id);
		}
		let now = Pallet::<T>::now();
		DrawsAt::<T>::insert(now, polkadot_sdk::sp_runtime::BoundedVec::truncate_from(ids.clone()));
		#[block]
		{
			Pallet::<T>::on_initialize(now.into());
		}
		let drawn = |id| Rounds::<T>::get(id).is_some_and(|round| round.state == RoundState::Accepting);
		assert!(ids.into_iter().all(drawn));
	}

	#[benchmark]
	fn create_benchmark() {
		let (dataset, version, _) = T::Datasets::set_up(1_000, 64);
		let owner = rich::<T>("owner", 0);
		let spec = spec(dataset, version);
		#[extrinsic_call]
		_(RawOrigin::Signed(owner), spec);
		assert!(crate::Benchmarks::<T>::contains_key(0));
	}

	#[benchmark]
	fn set_verified() -> Result<(), BenchmarkError> {
		let owner = rich::<T>("owner", 0);
		let id = benchmark::<T>(&owner, 0, 0);
		let origin = T::BenchmarkOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id, false);
		assert!(crate::Benchmarks::<T>::get(id).is_some_and(|entry| !entry.verified));
		Ok(())
	}

	#[benchmark]
	fn retire_benchmark() {
		let owner = rich::<T>("owner", 0);
		let id = benchmark::<T>(&owner, 0, 0);
		#[extrinsic_call]
		_(RawOrigin::Signed(owner), id);
		assert!(!crate::Benchmarks::<T>::contains_key(id));
	}

	#[benchmark]
	fn register_validator() {
		(1..T::MaxValidators::get()).for_each(|index| {
			validator::<T>(index);
		});
		let who = rich::<T>("newcomer", 0);
		#[extrinsic_call]
		_(
			RawOrigin::Signed(who.clone()),
			limits(),
			[1; 48],
			[1; 96],
			T::Economics::get().min_bond,
		);
		assert!(Validators::<T>::contains_key(who));
	}

	#[benchmark]
	fn bond_more() {
		let who = validator::<T>(0);
		let amount = T::Economics::get().min_bond;
		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), amount);
		assert!(Validators::<T>::get(who).is_some_and(|entry| entry.bond > amount));
	}

	#[benchmark]
	fn unbond() {
		(1..T::MaxValidators::get()).for_each(|index| {
			validator::<T>(index);
		});
		let who = validator::<T>(0);
		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), T::Economics::get().min_bond);
		assert!(Validators::<T>::get(who).is_some_and(|entry| !entry.active));
	}

	#[benchmark]
	fn withdraw_unbonded() {
		let who = validator::<T>(0);
		Validators::<T>::mutate_extant(&who, |entry| {
			let (each, dust) = assay_math::split::per_seat(entry.bond, MAX_UNLOCKING);
			for at in 0..MAX_UNLOCKING {
				let amount = if at == 0 { each.saturating_add(dust) } else { each };
				let _ = entry.unlocking.try_push(Unlocking { amount, at });
			}
			entry.bond = 0;
		});
		polkadot_sdk::frame_system::Pallet::<T>::set_block_number(MAX_UNLOCKING.into());
		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()));
		assert!(!Validators::<T>::contains_key(who));
	}

	#[benchmark]
	fn chill() {
		(1..T::MaxValidators::get()).for_each(|index| {
			validator::<T>(index);
		});
		let who = validator::<T>(0);
		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()));
		assert!(Validators::<T>::get(who).is_some_and(|entry| !entry.active));
	}

	#[benchmark]
	fn activate() {
		(1..T::MaxValidators::get()).for_each(|index| {
			validator::<T>(index);
		});
		let who = validator::<T>(0);
		Validators::<T>::mutate_extant(&who, |entry| entry.active = false);
		crate::Active::<T>::mutate(|active| active.retain(|other| *other != who));
		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), limits());
		assert!(Validators::<T>::get(who).is_some_and(|entry| entry.active));
	}

	#[benchmark]
	fn request_evaluation() {
		let owner = rich::<T>("requester", 0);
		let (dataset, version, _) = T::Datasets::set_up(1_000, 64);
		let id = benchmark::<T>(&owner, dataset, version);
		let checkpoint = T::Checkpoints::set_up(&owner, 16 << 20);
		#[extrinsic_call]
		_(RawOrigin::Signed(owner), id, checkpoint, Balance::MAX);
		assert!(Rounds::<T>::contains_key(0));
	}

	#[benchmark]
	fn accept() {
		let id = full_round::<T>(RoundState::Accepting, |_, _| Progress::Drawn);
		let who = one_of::<T>(id);
		Rounds::<T>::mutate_extant(id, |round| round.tally.accepted = round.tally.drawn.saturating_sub(1));
		#[extrinsic_call]
		_(RawOrigin::Signed(who), id, [1; 32]);
		assert!(Rounds::<T>::get(id).is_some_and(|round| round.state == RoundState::Releasing));
	}

	#[benchmark]
	fn decline() {
		let id = full_round::<T>(RoundState::Committing, |_, _| Progress::Keyed { key: [1; 32] });
		let who = one_of::<T>(id);
		let reason = DeclineReason::DataCorrupt;
		Rounds::<T>::mutate_extant(id, |round| {
			round.tally.decline(reason, round.tally.accepted.saturating_sub(1));
		});
		#[extrinsic_call]
		_(RawOrigin::Signed(who), id, reason);
		assert!(Rounds::<T>::get(id).is_some_and(|round| round.state.is_final()));
	}

	#[benchmark]
	fn commit() {
		let id = full_round::<T>(RoundState::Committing, |_, _| Progress::Keyed { key: [1; 32] });
		let who = one_of::<T>(id);
		Rounds::<T>::mutate_extant(id, |round| {
			round.tally.committed = round.tally.accepted.saturating_sub(1)
		});
		#[extrinsic_call]
		_(RawOrigin::Signed(who), id, [1; 32]);
		assert!(Rounds::<T>::get(id).is_some_and(|round| round.state == RoundState::Revealing));
	}

	#[benchmark]
	fn reveal() {
		let id = crate::NextRound::<T>::get();
		full_round::<T>(RoundState::Revealing, |who, round| committed::<T>(id, who, round));
		let metrics = Rounds::<T>::get(id).map_or(0, |round| round.terms.metrics.len());
		let members: scale_info::prelude::vec::Vec<AccountId> =
			crate::Members::<T>::iter_prefix(id).map(|(who, _)| who).collect();
		for who in members.iter().skip(1) {
			let _ = Pallet::<T>::do_reveal(who.clone(), id, scene::reveal(metrics));
		}
		let last = one_of::<T>(id);
		#[extrinsic_call]
		_(RawOrigin::Signed(last), id, scene::reveal(metrics));
		assert!(Rounds::<T>::get(id).is_some_and(|round| round.state == RoundState::Settled));
	}

	#[benchmark]
	fn advance() {
		let id = full_round::<T>(RoundState::Committing, |_, _| Progress::Keyed { key: [1; 32] });
		pass::<T>(id);
		#[extrinsic_call]
		_(RawOrigin::Signed(account("anyone", 0, 0)), id);
		assert!(Rounds::<T>::get(id).is_some_and(|round| round.state == RoundState::Inconclusive));
	}

	#[benchmark]
	fn claim_rewards() {
		let who = rich::<T>("owner", 0);
		let amount = T::Economics::get().min_bond;
		let _ = T::Currency::mint_into(&Pallet::<T>::account(), amount);
		Claimables::<T>::insert(&who, amount);
		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), who.clone());
		assert!(!Claimables::<T>::contains_key(who));
	}

	#[benchmark]
	fn index_round() {
		let id = full_round::<T>(RoundState::Accepting, |_, _| Progress::Drawn);
		OpenRounds::<T>::remove(id);
		#[block]
		{
			IndexOpenRounds::<T>::index(id);
		}
		assert!(OpenRounds::<T>::contains_key(id));
	}

	#[cfg(test)]
	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
