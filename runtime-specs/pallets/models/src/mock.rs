//! A runtime with the real balances pallet.
#![allow(
	missing_docs,
	clippy::unwrap_used,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::arithmetic_side_effects,
	clippy::panic
)]

use crate::{self as pallet_models, *};
use assay_math::commitment;
use assay_primitives::{
	AccountId, Balance, CheckpointId, CheckpointSpec, Economics, Hash, Licence, ModelId, ASY, CID_PREFIX,
	ECONOMIC_BOUNDS,
};
use frame_support::{
	assert_ok, derive_impl, parameter_types,
	traits::{
		fungible::{Inspect, InspectHold},
		ConstU128,
	},
	PalletId,
};
use polkadot_sdk::{
	pallet_balances,
	sp_io::TestExternalities,
	sp_runtime::{traits::IdentityLookup, BuildStorage},
};

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		Zoo: pallet_models,
	}
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = Block;
	type AccountId = AccountId;
	type Lookup = IdentityLookup<AccountId>;
	type AccountData = pallet_balances::AccountData<Balance>;
}

pub const ED: Balance = 1_000_000;

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = Balance;
	type ExistentialDeposit = ConstU128<ED>;
	type RuntimeHoldReason = RuntimeHoldReason;
}

parameter_types! {
	pub static Constants: Economics = ECONOMIC_BOUNDS.defaults();
	pub const Purse: PalletId = PalletId(*b"as/model");
}

impl Config for Test {
	type RuntimeHoldReason = RuntimeHoldReason;
	type Currency = Balances;
	type Economics = Constants;
	type PalletId = Purse;
	type WeightInfo = ();
}

pub const OWNER: AccountId = AccountId::new([1; 32]);
pub const OTHER: AccountId = AccountId::new([2; 32]);
pub const PAYER: AccountId = AccountId::new([3; 32]);
pub const POOR: AccountId = AccountId::new([4; 32]);
pub const SALT: [u8; 32] = [9; 32];
pub const PRICE: Balance = 10;
pub const FUNDS: Balance = 1_000 * ASY;

/// A fresh chain at block 1.
pub fn ext() -> TestExternalities {
	Constants::set(ECONOMIC_BOUNDS.defaults());
	let balances = vec![(OWNER, FUNDS), (OTHER, FUNDS), (PAYER, FUNDS), (POOR, ASY / 2)];
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

/// Runs a test on a fresh chain, then checks the state it leaves and that the account holds exactly what is owed.
pub fn run(test: impl FnOnce()) {
	ext().execute_with(|| {
		test();
		assert_ok!(Zoo::do_try_state());
		assert_eq!(
			Balances::balance(&Zoo::account()),
			ED + Claimables::<Test>::iter_values().sum::<Balance>()
		);
	});
}

pub fn signed(who: AccountId) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

pub fn pass(blocks: u64) {
	System::set_block_number(System::block_number() + blocks);
}

pub fn shares(parts: &[(AccountId, u32)]) -> Contributors<AccountId> {
	parts.to_vec().try_into().unwrap()
}

pub fn licence() -> Licence {
	Licence::Spdx(b"Apache-2.0".to_vec().try_into().unwrap())
}

/// A model of the account, shared half and half by `OWNER` and `OTHER`.
pub fn register(owner: AccountId) -> ModelId {
	let model = NextModel::<Test>::get();
	let halves = shares(&[(OWNER, 500_000), (OTHER, 500_000)]);
	assert_ok!(Zoo::register(
		signed(owner),
		b"net".to_vec().try_into().unwrap(),
		licence(),
		halves,
		PRICE
	));
	model
}

pub fn id(n: u8) -> CheckpointId {
	CheckpointId::repeat_byte(n)
}

pub fn spec(n: u8) -> CheckpointSpec {
	let mut cid = [n; 36];
	cid[..4].copy_from_slice(&CID_PREFIX);
	CheckpointSpec {
		id: id(n),
		cid,
		size_bytes: 5_000,
		architecture: b"small_cnn".to_vec().try_into().unwrap(),
		card_cid: cid,
		card_hash: Hash::repeat_byte(n),
		operating_point_ppm: 500_000,
		parent: None,
	}
}

pub fn sealed(n: u8, who: &AccountId) -> Hash {
	Hash::from(commitment::claim(&id(n).0, who.as_ref(), &SALT))
}

pub fn claim(n: u8, who: AccountId) -> Hash {
	let hash = sealed(n, &who);
	assert_ok!(Zoo::claim(signed(who), hash));
	hash
}

pub fn open(n: u8, who: AccountId, model: ModelId) -> frame_support::dispatch::DispatchResult {
	Zoo::open(signed(who), model, SALT, spec(n))
}

/// A checkpoint of a model of the account, claimed, aged and opened.
pub fn submitted(n: u8, who: AccountId) -> CheckpointId {
	let model = register(who.clone());
	claim(n, who.clone());
	pass(u64::from(CLAIM_MATURES));
	assert_ok!(open(n, who, model));
	id(n)
}

pub fn held(reason: HoldReason, who: &AccountId) -> Balance {
	Balances::balance_on_hold(&reason.into(), who)
}
