//! A runtime with the real balances and offences pallets; sessions, their proofs and the selection are played.
#![allow(
	missing_docs,
	clippy::unwrap_used,
	clippy::expect_used,
	clippy::indexing_slicing,
	clippy::arithmetic_side_effects,
	clippy::panic,
	clippy::disallowed_methods
)]

use crate::{self as pallet_equivocation, *};
use assay_primitives::{AccountId, Balance, ASY};
use codec::Encode;
use frame_support::{
	assert_ok, derive_impl, parameter_types,
	traits::{
		fungible::{Credit, Inspect},
		ConstU128, ConstU32, Imbalance, KeyOwnerProofSystem, OnUnbalanced, ReservableCurrency,
	},
};
use polkadot_sdk::{
	pallet_balances, pallet_offences,
	sp_consensus_aura::{sr25519::AuthorityId, Slot, AURA_ENGINE_ID},
	sp_core::{crypto::KeyTypeId, Pair},
	sp_io::TestExternalities,
	sp_keyring::Sr25519Keyring,
	sp_runtime::{
		generic,
		traits::{BlakeTwo256, Hash as _, IdentityLookup},
		BuildStorage, Digest, DigestItem,
	},
	sp_session::MembershipProof,
	sp_staking::SessionIndex,
};

type Block = frame_system::mocking::MockBlock<Test>;
pub type Header = generic::Header<u64, BlakeTwo256>;
pub type Key = Sr25519Keyring;

frame_support::construct_runtime!(
	pub enum Test {
		System: frame_system,
		Balances: pallet_balances,
		Offences: pallet_offences,
		Equivocation: pallet_equivocation,
	}
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type AccountData = pallet_balances::AccountData<Balance>;
	type AccountId = AccountId;
	type Block = Block;
	type Lookup = IdentityLookup<AccountId>;
}

pub const ED: Balance = 1_000_000;

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type Balance = Balance;
	type ExistentialDeposit = ConstU128<ED>;
	type RuntimeHoldReason = RuntimeHoldReason;
}

impl pallet_offences::Config for Test {
	type IdentificationTuple = OffenderOf<Test>;
	type OnOffenceHandler = Equivocation;
	type RuntimeEvent = RuntimeEvent;
}

pub const HISTORY: SessionIndex = 3;

parameter_types! {
	/// The running session.
	pub static Session: SessionIndex = 0;
	/// The open block's slot.
	pub static CurrentSlot: Slot = Slot::from(0);
	/// The authorities of every session, until they change.
	pub static Selected: Vec<AccountId> = Vec::new();
	/// Who was disabled, in which session.
	pub static Disabled: Vec<(SessionIndex, AccountId)> = Vec::new();
	/// Authorities of each session; zero where nobody knows.
	pub static Validators: u32 = 4;
	/// What was slashed.
	pub static Slashed: Balance = 0;
	pub const History: SessionIndex = HISTORY;
}

pub struct Selection;

impl Authorities<AccountId> for Selection {
	fn session() -> SessionIndex {
		Session::get()
	}

	fn count(_: SessionIndex) -> Option<u32> {
		Some(Validators::get()).filter(|count| *count > 0)
	}

	fn exclude(who: &AccountId) -> Exclusion {
		let mut selected = Selected::get();
		match selected.iter().position(|one| one == who) {
			None => Exclusion::Gone,
			Some(_) if selected.len() == 1 => Exclusion::Last,
			Some(index) => {
				selected.remove(index);
				Selected::set(selected);
				let standing = Equivocation::held(who);
				Bonded::<Test>::unreserve(who, standing);
				Exclusion::Excluded
			}
		}
	}

	fn disable(who: &AccountId) {
		Disabled::mutate(|disabled| disabled.push((Session::get(), who.clone())));
	}
}

/// Proves by name: the first node is the key, every authority's key is its account's.
pub struct Owners;

impl KeyOwnerProofSystem<(KeyTypeId, AuthorityId)> for Owners {
	type IdentificationTuple = (AccountId, ());
	type Proof = MembershipProof;

	fn prove((_, key): (KeyTypeId, AuthorityId)) -> Option<MembershipProof> {
		Some(MembershipProof {
			session: Session::get(),
			trie_nodes: vec![key.encode()],
			validator_count: Validators::get(),
		})
	}

	fn check_proof((_, key): (KeyTypeId, AuthorityId), proof: MembershipProof) -> Option<(AccountId, ())> {
		let proven = proof.trie_nodes == [key.encode()] && proof.validator_count == Validators::get();
		let who = Key::iter().find(|name| AuthorityId::from(name.public()) == key)?;
		(proven && who != OUTSIDER).then(|| (who.to_account_id(), ()))
	}
}

pub struct Burned;

impl OnUnbalanced<Credit<AccountId, Balances>> for Burned {
	fn on_nonzero_unbalanced(amount: Credit<AccountId, Balances>) {
		Slashed::mutate(|sum| *sum += amount.peek());
	}
}

impl Config for Test {
	type Authorities = Selection;
	type AuthorityId = AuthorityId;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Scene;
	type Currency = Balances;
	type CurrentSlot = CurrentSlot;
	type FullIdentification = ();
	type History = History;
	type KeyOwner = Owners;
	type KeyOwnerProof = MembershipProof;
	type MaxAuthorities = ConstU32<100>;
	type Offences = OncePerSession<Test, Offences>;
	type OnSlash = Burned;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WeightInfo = ();
}

#[cfg(feature = "runtime-benchmarks")]
pub struct Scene;

#[cfg(feature = "runtime-benchmarks")]
impl BenchmarkHelper<AuthorityId, MembershipProof> for Scene {
	fn offender(authorities: u32) -> (AuthorityId, MembershipProof) {
		Validators::set(authorities);
		let key = AuthorityId::from(Key::Alice.public());
		(key.clone(), Owners::prove((KeyTypeId(*b"aura"), key)).unwrap())
	}

	fn set_session(index: SessionIndex) {
		Session::set(index);
	}

	fn seal(_: &AuthorityId, message: &[u8]) -> Vec<u8> {
		Key::Alice.pair().sign(message).encode()
	}
}

pub const OFFENDER: Key = Key::Alice;
pub const OTHER: Key = Key::Bob;
pub const REPORTER: Key = Key::Charlie;
pub const OUTSIDER: Key = Key::Ferdie;
pub const BOND: Balance = 1_000 * ASY;
pub const FUNDS: Balance = 10_000 * ASY;
/// Slots in a session of the tests.
pub const SLOTS: u64 = 10;

/// A fresh chain at block 1, in the first session.
pub fn ext() -> TestExternalities {
	Session::set(0);
	CurrentSlot::set(Slot::from(0));
	Selected::set([OFFENDER, OTHER].map(|who| who.to_account_id()).to_vec());
	Disabled::set(Vec::new());
	Validators::set(4);
	Slashed::set(0);
	let balances = [OFFENDER, OTHER, REPORTER, OUTSIDER]
		.map(|who| (who.to_account_id(), FUNDS))
		.to_vec();
	let genesis = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig {
			balances,
			..Default::default()
		},
		..Default::default()
	};
	let mut ext: TestExternalities = genesis.build_storage().unwrap().into();
	ext.execute_with(|| {
		System::set_block_number(1);
		Equivocation::start_session(0);
	});
	ext
}

/// Runs a test on a fresh chain, then checks the state it leaves and that nothing was made or lost.
pub fn run<R>(test: impl FnOnce() -> R) -> R {
	ext().execute_with(|| {
		let issued = Balances::total_issuance();
		let result = test();
		assert_ok!(Equivocation::do_try_state());
		assert_eq!(Balances::total_issuance() + Slashed::get(), issued);
		result
	})
}

/// Moves on by so many sessions of [`SLOTS`].
pub fn pass(sessions: u32) {
	for _ in 0..sessions {
		Equivocation::end_session(Session::get());
		Session::set(Session::get() + 1);
		CurrentSlot::set(CurrentSlot::get() + SLOTS);
		Equivocation::start_session(Session::get());
	}
}

pub fn slots(slots: u64) {
	CurrentSlot::set(CurrentSlot::get() + slots);
}

pub fn signed(who: Key) -> RuntimeOrigin {
	RuntimeOrigin::signed(who.to_account_id())
}

pub fn key(who: Key) -> AuthorityId {
	who.public().into()
}

pub fn proof(who: Key) -> MembershipProof {
	Owners::prove((KeyTypeId(*b"aura"), key(who))).unwrap()
}

/// A header that claims the slot, without its seal; the extra number makes another block of it.
pub fn unsealed(slot: u64, extra: u64) -> Header {
	Header {
		parent_hash: Default::default(),
		number: 7,
		state_root: Default::default(),
		extrinsics_root: BlakeTwo256::hash_of(&extra),
		digest: Digest {
			logs: vec![DigestItem::PreRuntime(AURA_ENGINE_ID, Slot::from(slot).encode())],
		},
	}
}

pub fn seal(by: Key, mut header: Header) -> Header {
	let seal = by.pair().sign(header.hash().as_ref());
	header.digest.push(DigestItem::Seal(AURA_ENGINE_ID, seal.encode()));
	header
}

pub fn sealed(by: Key, slot: u64, extra: u64) -> Header {
	seal(by, unsealed(slot, extra))
}

pub fn report_both(first: Header, second: Header) -> frame_support::dispatch::DispatchResultWithPostInfo {
	Equivocation::report_aura(
		signed(REPORTER),
		key(OFFENDER),
		Box::new(first),
		Box::new(second),
		proof(OFFENDER),
	)
}

/// Reports that the key sealed two blocks in the slot, with a proof of the running session.
pub fn report(by: Key, slot: u64) -> frame_support::dispatch::DispatchResultWithPostInfo {
	let (first, second) = (Box::new(sealed(by, slot, 1)), Box::new(sealed(by, slot, 2)));
	Equivocation::report_aura(signed(REPORTER), key(by), first, second, proof(by))
}

/// A candidate's bond, as its selection reserves it.
pub fn bond(who: Key, amount: Balance) {
	assert_ok!(Bonded::<Test>::reserve(&who.to_account_id(), amount));
}

pub fn held(who: Key) -> Balance {
	Equivocation::held(&who.to_account_id())
}

pub fn free(who: Key) -> Balance {
	Balances::balance(&who.to_account_id())
}

pub fn chunks(who: Key) -> Vec<(Balance, SessionIndex)> {
	let chunks = Unbonding::<Test>::get(who.to_account_id());
	chunks.into_iter().map(|chunk| (chunk.amount, chunk.until)).collect()
}
