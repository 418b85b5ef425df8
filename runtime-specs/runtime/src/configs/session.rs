//! Block production, finality, sessions and authorship.

use crate::*;
use alloc::vec::Vec;
use assay_primitives::{Pace, SLOT_MS};
use frame_support::{
	parameter_types,
	traits::{ConstBool, ConstU32, ConstU64, Get},
};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_runtime::{
	impl_opaque_keys,
	traits::{Convert, ConvertInto, OpaqueKeys},
};
use sp_staking::SessionIndex;

impl_opaque_keys! {
	/// Keys by which an authority authors and finalises blocks.
	pub struct SessionKeys {
		/// Authors blocks.
		pub aura: Aura,
		/// Finalises blocks.
		pub grandpa: Grandpa,
	}
}

/// Most authorities.
const MAX_AUTHORITIES: u32 = 100;
/// Sessions whose authorities can still be proven.
const HISTORY: SessionIndex = 168;

impl pallet_aura::Config for Runtime {
	type AllowMultipleBlocksPerSlot = ConstBool<false>;
	type AuthorityId = AuraId;
	type DisabledValidators = Session;
	type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
	type SlotDuration = ConstU64<SLOT_MS>;
}

impl pallet_grandpa::Config for Runtime {
	// Authorities are fixed: nothing could follow from a report.
	type EquivocationReportSystem = ();
	type KeyOwnerProof = sp_session::MembershipProof;
	type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
	type MaxNominators = ConstU32<0>;
	type MaxSetIdSessionEntries = ConstU64<{ HISTORY as u64 }>;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = ();
}

impl pallet_authorship::Config for Runtime {
	type EventHandler = ();
	type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Aura>;
}

/// Blocks in a session at each pace.
pub const fn session_length(pace: Pace) -> BlockNumber {
	match pace {
		Pace::Dev => 100,
		Pace::Local => 100,
		Pace::Live => 4 * configs::HOURS,
	}
}

/// Blocks in a session.
pub struct SessionLength;

impl Get<BlockNumber> for SessionLength {
	fn get() -> BlockNumber {
		session_length(pace())
	}
}

parameter_types! {
	pub const KeyDeposit: Balance = configs::deposit(1, 160);
}

impl pallet_session::Config for Runtime {
	type Currency = Balances;
	type DisablingStrategy = ();
	type KeyDeposit = KeyDeposit;
	type Keys = SessionKeys;
	type NextSessionRotation = pallet_session::PeriodicSessions<SessionLength, ConstU32<0>>;
	type RuntimeEvent = RuntimeEvent;
	type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
	type SessionManager = pallet_session::historical::NoteHistoricalRoot<Self, FixedAuthorities>;
	type ShouldEndSession = pallet_session::PeriodicSessions<SessionLength, ConstU32<0>>;
	type ValidatorId = AccountId;
	type ValidatorIdOf = ConvertInto;
	type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
}

/// An authority is identified by its account alone.
pub struct ByAccount;

impl Convert<AccountId, Option<()>> for ByAccount {
	fn convert(_: AccountId) -> Option<()> {
		Some(())
	}
}

impl pallet_session::historical::Config for Runtime {
	type FullIdentification = ();
	type FullIdentificationOf = ByAccount;
	type RuntimeEvent = RuntimeEvent;
}

/// Keeps the authorities of genesis; they may still change their keys.
pub struct FixedAuthorities;

impl pallet_session::SessionManager<AccountId> for FixedAuthorities {
	fn new_session(_: SessionIndex) -> Option<Vec<AccountId>> {
		None
	}

	fn new_session_genesis(_: SessionIndex) -> Option<Vec<AccountId>> {
		let mut accounts: Vec<_> = pallet_session::NextKeys::<Runtime>::iter_keys().collect();
		accounts.sort();
		Some(accounts)
	}

	fn start_session(_: SessionIndex) {}

	fn end_session(index: SessionIndex) {
		Historical::prune_up_to(index.saturating_sub(HISTORY));
	}
}

impl pallet_session::historical::SessionManager<AccountId, ()> for FixedAuthorities {
	fn new_session(_: SessionIndex) -> Option<Vec<(AccountId, ())>> {
		None
	}

	fn new_session_genesis(index: SessionIndex) -> Option<Vec<(AccountId, ())>> {
		let accounts = <Self as pallet_session::SessionManager<_>>::new_session_genesis(index)?;
		Some(accounts.into_iter().map(|who| (who, ())).collect())
	}

	fn start_session(index: SessionIndex) {
		<Self as pallet_session::SessionManager<_>>::start_session(index)
	}

	fn end_session(index: SessionIndex) {
		<Self as pallet_session::SessionManager<_>>::end_session(index)
	}
}
