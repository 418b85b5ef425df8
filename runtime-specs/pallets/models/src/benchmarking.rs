//! Benchmarks of every call, at the greatest sizes, and states for the benchmarks of other pallets.
#![allow(
	missing_docs,
	clippy::unwrap_used,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::arithmetic_side_effects,
	clippy::panic,
	clippy::float_arithmetic
)]

use crate::*;
use assay_math::commitment;
use assay_primitives::{
	Architecture, Balance, CheckpointId, CheckpointSpec, CheckpointStatus, Checkpoints as _, Hash, Licence, ModelId,
	Name, ASY, CID_PREFIX, MAX_CONTRIBUTORS, PPM,
};
use frame_support::traits::fungible::Mutate as _;
use frame_system::RawOrigin;
use polkadot_sdk::{
	frame_benchmarking::v2::*,
	sp_runtime::traits::{BlakeTwo256, Hash as _},
};
use scale_info::prelude::{vec, vec::Vec};

/// Enough for every deposit within the bounds.
const FUNDS: Balance = 10_000_000 * ASY;
const SALT: [u8; 32] = [3; 32];

fn name() -> Name {
	vec![b'n'; 64].try_into().unwrap()
}

fn licence() -> Licence {
	Licence::Spdx(vec![b'l'; 32].try_into().unwrap())
}

fn contributors<T: Config>(count: u32) -> Contributors<T::AccountId> {
	let share = PPM / count;
	let first = PPM - share * (count - 1);
	let each = |index| (account("contributor", index, 0), if index == 0 { first } else { share });
	(0..count).map(each).collect::<Vec<_>>().try_into().unwrap()
}

fn spec(id: CheckpointId, size_bytes: u32, parent: Option<CheckpointId>) -> CheckpointSpec {
	let mut cid = [7; 36];
	cid[..4].copy_from_slice(&CID_PREFIX);
	let architecture: Architecture = vec![b'a'; 32].try_into().unwrap();
	let (card_hash, operating_point_ppm) = (Hash::zero(), PPM / 2);
	CheckpointSpec {
		id,
		cid,
		size_bytes,
		architecture,
		card_cid: cid,
		card_hash,
		operating_point_ppm,
		parent,
	}
}

fn rich<T: Config>() -> T::AccountId {
	let who = whitelisted_caller();
	T::Currency::set_balance(&who, FUNDS);
	who
}

fn registered<T: Config>(owner: &T::AccountId) -> ModelId {
	let model = NextModel::<T>::get();
	Pallet::<T>::do_register(
		owner.clone(),
		name(),
		licence(),
		contributors::<T>(MAX_CONTRIBUTORS),
		ASY,
	)
	.unwrap();
	model
}

/// A model of the owner, which is given what the deposits take, and a submitted checkpoint of it.
pub(crate) fn set_up<T: Config>(owner: &T::AccountId, size_bytes: u32) -> CheckpointId {
	T::Currency::mint_into(owner, FUNDS).unwrap();
	let model = registered::<T>(owner);
	let id = BlakeTwo256::hash_of(&("checkpoint", model));
	Pallet::<T>::submit(owner.clone(), model, Pallet::<T>::now(), spec(id, size_bytes, None)).unwrap();
	id
}

fn available<T: Config>(owner: &T::AccountId) -> CheckpointId {
	let id = set_up::<T>(owner, 1);
	Pallet::<T>::note_score(id, true);
	id
}

fn pass<T: Config>(blocks: u32) {
	let now = frame_system::Pallet::<T>::block_number();
	frame_system::Pallet::<T>::set_block_number(now + blocks.into());
}

fn assert_last<T: Config>(event: Event<T>) {
	let event: <T as frame_system::Config>::RuntimeEvent = event.into();
	frame_system::Pallet::<T>::assert_last_event(event);
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn register(c: Linear<1, MAX_CONTRIBUTORS>) {
		let owner = rich::<T>();

		#[extrinsic_call]
		_(
			RawOrigin::Signed(owner.clone()),
			name(),
			licence(),
			contributors::<T>(c),
			ASY,
		);

		assert_last::<T>(Event::Registered { model: 0, owner });
	}

	#[benchmark]
	fn claim() {
		let claimant = rich::<T>();

		#[extrinsic_call]
		_(RawOrigin::Signed(claimant.clone()), Hash::zero());

		assert_last::<T>(Event::Claimed {
			claimant,
			hash: Hash::zero(),
		});
	}

	/// Takes an id over from another owner.
	#[benchmark]
	fn open() {
		let owner = rich::<T>();
		let model = registered::<T>(&owner);
		let other: T::AccountId = account("other", 0, 0);
		let parent = set_up::<T>(&other, 1);
		let id = CheckpointId::repeat_byte(1);
		let hash = Hash::from(commitment::claim(&id.0, &owner.clone().into(), &SALT));
		Pallet::<T>::do_claim(owner.clone(), hash).unwrap();
		pass::<T>(CLAIM_MATURES);
		let theirs = Checkpoints::<T>::get(parent).unwrap().model;
		Pallet::<T>::submit(other, theirs, Pallet::<T>::now(), spec(id, 1, None)).unwrap();

		#[extrinsic_call]
		_(
			RawOrigin::Signed(owner.clone()),
			model,
			SALT,
			spec(id, u32::MAX, Some(parent)),
		);

		assert_last::<T>(Event::Opened {
			checkpoint: id,
			model,
			owner,
		});
	}

	#[benchmark]
	fn set_terms() {
		let owner = rich::<T>();
		let model = registered::<T>(&owner);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), model, 7);

		assert_last::<T>(Event::TermsSet { model, usage_price: 7 });
	}

	#[benchmark]
	fn pay_usage() {
		let payer = rich::<T>();
		let checkpoint = available::<T>(&account("owner", 0, 0));

		#[extrinsic_call]
		_(RawOrigin::Signed(payer.clone()), checkpoint, 3, ASY);

		assert_last::<T>(Event::UsagePaid {
			checkpoint,
			payer,
			uses: 3,
			fee: 3 * ASY,
		});
	}

	#[benchmark]
	fn claim_fees() {
		let payer = rich::<T>();
		let checkpoint = available::<T>(&account("owner", 0, 0));
		Pallet::<T>::do_pay_usage(payer.clone(), checkpoint, 1_000, ASY).unwrap();
		let beneficiary: T::AccountId = account("contributor", 0, 0);
		let amount = Claimables::<T>::get(&beneficiary);

		#[extrinsic_call]
		_(RawOrigin::Signed(payer), beneficiary.clone());

		assert_last::<T>(Event::FeesClaimed { beneficiary, amount });
	}

	#[benchmark]
	fn deprecate() {
		let owner = rich::<T>();
		let checkpoint = available::<T>(&owner);

		#[extrinsic_call]
		_(RawOrigin::Signed(owner), checkpoint);

		assert_last::<T>(Event::StatusChanged {
			checkpoint,
			status: CheckpointStatus::Deprecated,
		});
	}

	#[benchmark]
	fn drop_claim() {
		let claimant = rich::<T>();
		Pallet::<T>::do_claim(claimant.clone(), Hash::zero()).unwrap();
		pass::<T>(CLAIM_EXPIRES);
		let anyone = account("anyone", 0, 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(anyone), claimant.clone(), Hash::zero());

		assert_last::<T>(Event::ClaimDropped {
			claimant,
			hash: Hash::zero(),
		});
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::ext(), crate::mock::Test);
}
