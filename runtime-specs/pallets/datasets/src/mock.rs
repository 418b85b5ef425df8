//! A runtime with the real balances pallet and rounds that are whatever a test says.
#![allow(
	missing_docs,
	clippy::unwrap_used,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::arithmetic_side_effects,
	clippy::panic
)]

use crate::{self as pallet_datasets, *};
use assay_primitives::{
	Balance, ClassCount, DatasetId, DatasetVersion, Economics, Hash, Licence, Modality, Prices, ReleaseTerms, RoundId,
	SealedKeys, Shard, ShardSet, VersionSpec, ASY, CID_PREFIX, ECONOMIC_BOUNDS,
};
use frame_support::{assert_ok, derive_impl, dispatch::DispatchResult, parameter_types, traits::ConstU128};
use frame_system::EnsureRoot;
use polkadot_sdk::{
	pallet_balances,
	sp_io::TestExternalities,
	sp_runtime::{BuildStorage, DispatchError},
};
use std::collections::BTreeMap;

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		Data: pallet_datasets,
	}
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = Balance;
	type ExistentialDeposit = ConstU128<1_000_000>;
	type RuntimeHoldReason = RuntimeHoldReason;
}

parameter_types! {
	pub static Constants: Economics = ECONOMIC_BOUNDS.defaults();
	pub static Due: BTreeMap<(RoundId, u64), ReleaseTerms> = BTreeMap::new();
	pub static RoundsGoOn: bool = true;
}

/// Rounds that owe exactly what `Due` says, and go on while `RoundsGoOn`.
pub struct Rounds;

impl assay_primitives::KeyReleases<u64> for Rounds {
	fn due(round: RoundId, member: &u64) -> Result<ReleaseTerms, DispatchError> {
		Due::get()
			.get(&(round, *member))
			.copied()
			.ok_or(DispatchError::Other("not due"))
	}
	fn released(round: RoundId, member: &u64) -> DispatchResult {
		if !RoundsGoOn::get() {
			return Err(DispatchError::Other("stuck"));
		}
		Due::mutate(|due| due.remove(&(round, *member)));
		Ok(())
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up(dataset: DatasetId, version: DatasetVersion, shards: ShardSet, member: &u64) -> RoundId {
		owe(7, *member, dataset, version, shards);
		7
	}
}

impl Config for Test {
	type RuntimeHoldReason = RuntimeHoldReason;
	type Currency = Balances;
	type Economics = Constants;
	type KeyReleases = Rounds;
	type AccreditOrigin = EnsureRoot<u64>;
	type WeightInfo = ();
}

pub const STEWARD: u64 = 1;
pub const OTHER: u64 = 2;
pub const MEMBER: u64 = 3;
pub const POOR: u64 = 4;
pub const FUNDS: Balance = 1_000 * ASY;

/// A fresh chain at block 1.
pub fn ext() -> TestExternalities {
	Constants::set(ECONOMIC_BOUNDS.defaults());
	Due::set(BTreeMap::new());
	RoundsGoOn::set(true);
	let balances = vec![(STEWARD, FUNDS), (OTHER, FUNDS), (MEMBER, FUNDS), (POOR, ASY)];
	let genesis = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig {
			balances,
			..Default::default()
		},
		..Default::default()
	};
	let mut ext: TestExternalities = genesis.build_storage().unwrap().into();
	ext.execute_with(|| System::set_block_number(1));
	ext
}

/// Runs a test on a fresh chain and checks the state it leaves.
pub fn run(test: impl FnOnce()) {
	ext().execute_with(|| {
		test();
		assert_ok!(Data::do_try_state());
	});
}

pub fn description() -> Description {
	Description {
		name: b"cxr".to_vec().try_into().unwrap(),
		modality: Modality::Xray,
		task: b"pneumonia_vs_normal".to_vec().try_into().unwrap(),
		classes: vec![
			b"normal".to_vec().try_into().unwrap(),
			b"pneumonia".to_vec().try_into().unwrap(),
		]
		.try_into()
		.unwrap(),
		licence: Licence::Spdx(b"CC-BY-4.0".to_vec().try_into().unwrap()),
	}
}

pub const PRICES: Prices = Prices {
	evaluate: ASY,
	train: 2 * ASY,
	infer: 3 * ASY,
};

/// Three shards of 10, 20 and 30 samples in 11, 22 and 33 frames of 4 KiB.
pub fn spec() -> VersionSpec {
	let mut cid = [5; 36];
	cid[..4].copy_from_slice(&CID_PREFIX);
	let shard = |n: u32| Shard {
		ciphertext_root: Hash::repeat_byte(n as u8),
		key_commitment: Hash::repeat_byte(n as u8),
		frames: 11 * n,
		samples: 10 * n,
	};
	let counts = |samples, groups| ClassCount { samples, groups };
	VersionSpec {
		manifest: cid,
		public_split: cid,
		label_root: Hash::repeat_byte(9),
		frame_bytes: 4_096,
		public_counts: vec![counts(100, 50), counts(80, 40)].try_into().unwrap(),
		held_out_counts: vec![counts(40, 20), counts(20, 15)].try_into().unwrap(),
		held_out_groups: 30,
		shards: vec![shard(1), shard(2), shard(3)].try_into().unwrap(),
	}
}

pub fn sealed(count: usize) -> SealedKeys {
	vec![[8; 80]; count].try_into().unwrap()
}

/// Data set 0 of `STEWARD`.
pub fn register() -> DatasetId {
	let id = NextDataset::<Test>::get();
	assert_ok!(Data::do_register(STEWARD, description(), PRICES, None));
	id
}

/// Version 0 of data set 0.
pub fn publish() -> (DatasetId, DatasetVersion) {
	let id = register();
	assert_ok!(Data::do_publish_version(&STEWARD, id, spec()));
	(id, 0)
}

/// The round now waits for the keys of these shards for the member.
pub fn owe(round: RoundId, member: u64, dataset: DatasetId, version: DatasetVersion, shards: ShardSet) {
	Due::mutate(|due| {
		due.insert(
			(round, member),
			ReleaseTerms {
				dataset,
				version,
				shards,
			},
		)
	});
}

pub fn held(reason: HoldReason, who: u64) -> Balance {
	use frame_support::traits::fungible::InspectHold;
	Balances::balance_on_hold(&reason.into(), &who)
}
