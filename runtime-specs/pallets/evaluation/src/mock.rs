//! A runtime with real balances, and neighbours whose answers tests set.

use crate as pallet_evaluation;
use assay_primitives::{
	AccountId, Balance, BlockNumber, CheckpointId, CheckpointStatus, CheckpointTerms, Checkpoints, DatasetId,
	DatasetTerms, DatasetVersion, Datasets, Economics, Hash, Relations, RoundId, Use, ASY, ECONOMIC_BOUNDS, MILLI_ASY,
};
use polkadot_sdk::{
	frame_support::{
		construct_runtime, derive_impl, ord_parameter_types, parameter_types,
		traits::{fungible::Mutate, tokens::Preservation, ConstU128, ConstU32, Hooks},
		PalletId,
	},
	frame_system::{self, mocking::MockBlockU32, EnsureSignedBy},
	pallet_balances,
	sp_io::{hashing::blake2_256, TestExternalities},
	sp_runtime::{traits::IdentityLookup, BuildStorage},
};
use std::{
	cell::{Cell, RefCell},
	collections::{BTreeMap, BTreeSet},
};

pub const TREASURY: AccountId = AccountId::new([201; 32]);
pub const COUNCIL: AccountId = AccountId::new([202; 32]);
/// What every account of the tests has at genesis.
pub const FORTUNE: Balance = 100_000 * ASY;

construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		Evaluation: pallet_evaluation,
	}
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type Block = MockBlockU32<Test>;
	type AccountId = AccountId;
	type Lookup = IdentityLookup<AccountId>;
	type AccountData = pallet_balances::AccountData<Balance>;
	type BlockHashCount = ConstU32<250>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type Balance = Balance;
	type ExistentialDeposit = ConstU128<MILLI_ASY>;
	type AccountStore = System;
	type RuntimeHoldReason = RuntimeHoldReason;
}

parameter_types! {
	pub const EvaluationPalletId: PalletId = PalletId(*b"assay/ev");
	pub const Treasury: AccountId = TREASURY;
	pub static Constants: Economics = ECONOMIC_BOUNDS.defaults();
	/// Whether duties are halted from the next block on.
	pub static Halted: bool = false;
}

ord_parameter_types! {
	pub const Council: AccountId = COUNCIL;
}

impl pallet_evaluation::Config for Test {
	type Currency = Balances;
	type RuntimeHoldReason = RuntimeHoldReason;
	type Economics = Constants;
	type Datasets = Data;
	type Checkpoints = Models;
	type Relations = Friends;
	type BenchmarkOrigin = EnsureSignedBy<Council, AccountId>;
	type Halted = Halted;
	type TreasuryAccount = Treasury;
	type PalletId = EvaluationPalletId;
	type MaxValidators = ConstU32<64>;
	type WeightInfo = ();
}

/// What the data sets' pallet would hold.
#[derive(Default)]
pub struct DataState {
	pub terms: BTreeMap<(DatasetId, DatasetVersion), DatasetTerms<AccountId>>,
	pub accredited: BTreeSet<AccountId>,
	pub bond: Balance,
	pub keys: BTreeSet<(RoundId, AccountId)>,
	pub uses: u32,
	pub faults: u32,
}

/// What the models' pallet would hold.
#[derive(Default)]
pub struct ModelState {
	pub terms: BTreeMap<CheckpointId, CheckpointTerms<AccountId>>,
	pub locked: BTreeSet<CheckpointId>,
	pub scores: Vec<(CheckpointId, bool)>,
}

thread_local! {
	pub static DATA: RefCell<DataState> = RefCell::default();
	pub static MODELS: RefCell<ModelState> = RefCell::default();
	/// Whether the next block that is sealed gets another hash.
	pub static TAMPERED: Cell<bool> = const { Cell::new(false) };
	pub static FRIENDS: RefCell<BTreeSet<(AccountId, AccountId)>> = const { RefCell::new(BTreeSet::new()) };
}

/// Data sets whose terms, accreditations and bond are in [`DATA`]; the steward's bond is its free balance.
pub struct Data;

impl Datasets<AccountId> for Data {
	fn terms(dataset: DatasetId, version: DatasetVersion) -> Option<DatasetTerms<AccountId>> {
		DATA.with_borrow(|data| data.terms.get(&(dataset, version)).cloned())
	}
	fn is_accredited(_: DatasetId, who: &AccountId) -> bool {
		DATA.with_borrow(|data| data.accredited.contains(who))
	}
	fn note_use(_: DatasetId, kind: Use) {
		assert_eq!(kind, Use::Evaluate);
		DATA.with_borrow_mut(|data| data.uses += 1);
	}
	fn note_fault(_: DatasetId) {
		DATA.with_borrow_mut(|data| data.faults += 1);
	}
	fn charge_steward(dataset: DatasetId, amount: Balance, to: &AccountId) -> Balance {
		let steward = Self::terms(dataset, 0).unwrap().steward;
		let amount = DATA.with_borrow_mut(|data| {
			let amount = amount.min(data.bond);
			data.bond -= amount;
			amount
		});
		Balances::transfer(&steward, to, amount, Preservation::Preserve).unwrap()
	}
	fn has_keys(round: RoundId, member: &AccountId) -> bool {
		DATA.with_borrow(|data| data.keys.contains(&(round, member.clone())))
	}
	fn forget_keys(round: RoundId, member: &AccountId) {
		DATA.with_borrow_mut(|data| data.keys.remove(&(round, member.clone())));
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up(samples: u32, shards: u32) -> (DatasetId, DatasetVersion, AccountId) {
		let terms = data_terms(samples, shards);
		let steward = terms.steward.clone();
		Balances::set_balance(&steward, FORTUNE);
		DATA.with_borrow_mut(|data| {
			data.terms.insert((0, 0), terms);
			data.bond = 1_000 * ASY;
		});
		(0, 0, steward)
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up_keys(round: RoundId, member: &AccountId) {
		DATA.with_borrow_mut(|data| data.keys.insert((round, member.clone())));
	}
}

/// Checkpoints whose terms are in [`MODELS`].
pub struct Models;

impl Checkpoints<AccountId> for Models {
	fn terms(id: CheckpointId) -> Option<CheckpointTerms<AccountId>> {
		MODELS.with_borrow(|models| models.terms.get(&id).cloned())
	}
	fn lock(id: CheckpointId) {
		MODELS.with_borrow_mut(|models| models.locked.insert(id));
	}
	fn note_score(id: CheckpointId, available: bool) {
		MODELS.with_borrow_mut(|models| models.scores.push((id, available)));
	}
	#[cfg(feature = "runtime-benchmarks")]
	fn set_up(owner: &AccountId, size_bytes: u32) -> CheckpointId {
		let index = MODELS.with_borrow(|models| models.terms.len());
		let id = Hash::from_low_u64_be(index as u64);
		submit(id, owner, size_bytes);
		id
	}
}

/// Accounts related as [`FRIENDS`] says.
pub struct Friends;

impl Relations<AccountId> for Friends {
	fn related(a: &AccountId, b: &AccountId) -> bool {
		let pair = |a: &AccountId, b: &AccountId| FRIENDS.with_borrow(|all| all.contains(&(a.clone(), b.clone())));
		a == b || pair(a, b) || pair(b, a)
	}
}

/// Terms of a version by [`STEWARD`](crate::tests::stage::STEWARD), with as many samples in each of two classes.
pub fn data_terms(samples: u32, shards: u32) -> DatasetTerms<AccountId> {
	use assay_primitives::{Admission, ClassCount};
	let count = ClassCount {
		samples: samples / 2,
		groups: samples / 2,
	};
	DatasetTerms {
		steward: crate::tests::stage::STEWARD,
		price: 5 * ASY,
		admission: Admission::Bonded,
		held_out_counts: vec![count, count].try_into().unwrap(),
		samples,
		size_bytes: 64 << 20,
		shards: u64::MAX >> (64 - shards),
		usable: true,
	}
}

/// Makes a submitted checkpoint.
pub fn submit(id: CheckpointId, owner: &AccountId, size_bytes: u32) {
	let terms = CheckpointTerms {
		model: 7,
		owner: owner.clone(),
		size_bytes,
		status: CheckpointStatus::Submitted,
	};
	MODELS.with_borrow_mut(|models| models.terms.insert(id, terms));
}

/// Lets blocks pass until that one is being made, with the hash of each.
pub fn run_to(block: BlockNumber) {
	while System::block_number() < block {
		let sealed = System::block_number();
		let maker = [u8::from(TAMPERED.take())];
		let hash = Hash::from(blake2_256(&[b"block", &maker[..], &sealed.to_le_bytes()[..]].concat()));
		frame_system::BlockHash::<Test>::insert(sealed, hash);
		if sealed > 250 {
			frame_system::BlockHash::<Test>::remove(sealed - 250);
		}
		System::set_block_number(sealed + 1);
		Evaluation::on_initialize(sealed + 1);
	}
}

/// The state at block 1: accounts 0 to 255 are rich.
pub fn new_test_ext() -> TestExternalities {
	DATA.take();
	MODELS.take();
	FRIENDS.take();
	Constants::set(ECONOMIC_BOUNDS.defaults());
	Halted::set(false);
	let rich = (0..=255_u8).map(|n| (AccountId::new([n; 32]), FORTUNE)).collect();
	let storage = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig {
			balances: rich,
			..Default::default()
		},
		..Default::default()
	};
	let mut ext: TestExternalities = storage.build_storage().unwrap().into();
	ext.execute_with(|| run_to(1));
	ext
}

/// Runs a test, then checks what must hold of the storage, and that no token came or went but by subsidies.
pub fn scenario(test: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		let before = Balances::total_issuance() - crate::Subsidies::<Test>::get().minted;
		test();
		Evaluation::do_try_state().unwrap();
		assert_eq!(
			Balances::total_issuance() - crate::Subsidies::<Test>::get().minted,
			before
		);
	});
}
